import type { Span } from '../../trace/span.ts';
import { isReported, type PlacedSpan } from '../../trace/trace.ts';
import { httpMethod, httpPath, httpStatus, textAttribute } from '../attributes.ts';
import type { Label } from '../rows/row-node.ts';
import { pathWordings } from '../wording/path.ts';
import { apiserverWork } from './apiserver-label.ts';
import { etcdCall, etcdOperation } from './etcd-label.ts';

/** Inferred spans and phases bring their shorter wording along. */
export const SHORT_LABEL_ATTRIBUTE = 'kubectl-trace.short-label';

/** Name of a span on the screen. The original name stays in it, or is in the JSON. */
export function labelOf(placed: PlacedSpan): Label {
  const { span, parent } = placed;
  const { service } = span.resource;
  const own = meaning(placed);
  const entersProcess = service !== '' && (parent === undefined || parent.span.resource.service !== service);
  if (!entersProcess || !isReported(placed.source)) return own;
  if (placed.inferred) {
    return [
      `${service}  ${span.name} (inferred: the only one that fits in time)`,
      `${service} ${span.name} (inferred)`,
    ];
  }
  return [`${service}  ${own[0]}`, ...own.map((text) => `${service} ${text}`)];
}

/**
 * The shortest of a span's wordings. It is computed for every span when rows are merged and time is grouped by name, so
 * that nothing longer is built for it.
 */
export function briefLabelOf(placed: PlacedSpan): string {
  const { span, parent } = placed;
  const { service } = span.resource;
  if (!isReported(placed.source) || shortLabelOf(placed) !== undefined) return meaning(placed).at(-1) as string;
  const own = briefMeaning(placed);
  if (service === '' || parent?.span.resource.service === service) return own;
  return placed.inferred ? `${service} ${span.name} (inferred)` : `${service} ${own}`;
}

/** The shortest wording drops paths and addresses. */
function briefMeaning(placed: PlacedSpan): string {
  const { span } = placed;
  if (span.name.startsWith('etcdserverpb.')) return etcdCall(span).at(-1) as string;
  if (span.kind === 'client' && textAttribute(span.attributes, 'url.full', 'http.url') !== undefined) return span.name;
  if (span.kind === 'server' && httpPath(span) !== undefined) {
    const method = httpMethod(span);
    if (method !== undefined) return method;
  }
  return (span.kind === 'client' || span.kind === 'server' ? nameOf(span) : meaning(placed)).at(-1) as string;
}

function meaning(placed: PlacedSpan): Label {
  const { span } = placed;
  const short = shortLabelOf(placed);
  // An inferred row has a separate sign: where there is no room, its words may go.
  if (short !== undefined) return [span.name, short, short.replace(/ \([^()]*\)$/, '')];
  if (span.name.startsWith('etcdserverpb.')) return etcdCall(span);
  if (span.kind === 'server') return serverRequest(span);
  if (span.kind === 'client') return clientRequest(span);
  switch (span.resource.service) {
    case 'apiserver':
      return apiserverWork(span) ?? [span.name];
    case 'etcd':
      return etcdOperation(span);
    case 'kubectl-trace':
      return [span.name, span.name.replace(/^kubectl trace /, '')];
    default:
      return nameOf(span);
  }
}

/** No process may name its rows so. */
const shortLabelOf = ({ source, span }: PlacedSpan): string | undefined =>
  source === 'span' ? undefined : textAttribute(span.attributes, SHORT_LABEL_ATTRIBUTE);

/** For a method with its service, `driver.DriverService/FindNearest`, the end says most. */
function nameOf({ name }: Span): Label {
  if (!name.includes('/')) return [name];
  const method = /^[\w.-]+(\/\w+)$/.exec(name)?.[1];
  return method === undefined ? [name] : [name, `…${method}`];
}

/** `GET /api/v1/nodes/absent 404`: a status only where it reports a failure. */
function serverRequest(span: Span): Label {
  const path = httpPath(span);
  const method = httpMethod(span);
  if (path === undefined || method === undefined) return nameOf(span);
  const [first, ...shorter] = pathWordings(path);
  return [wording(span, method, first), ...shorter.map((text) => wording(span, method, text)), method];
}

/** Our own requests all go to the API server that the kubeconfig names; of others the host says most. */
function clientRequest(span: Span): Label {
  const url = textAttribute(span.attributes, 'url.full', 'http.url')?.split(/[?#]/)[0];
  if (url === undefined) return nameOf(span);
  const [, host = '', path = ''] = /^[^/]*\/\/([^/]*)(.*)$/.exec(url) ?? [];
  const [longest, ...shorter] = pathWordings(path);
  const own = span.resource.service === 'kubectl-trace';
  const [first, ...others] = own
    ? ([longest, ...shorter] as const)
    : ([url, host + path, `…${longest}`, ...shorter] as const);
  return [wording(span, span.name, first), ...others.map((text) => wording(span, span.name, text)), span.name];
}

function wording(span: Span, method: string, path: string): string {
  const status = httpStatus(span) ?? 0;
  return status >= 400 ? `${method} ${path} ${status}` : `${method} ${path}`;
}
