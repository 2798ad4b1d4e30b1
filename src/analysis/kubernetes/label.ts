import type { PlacedSpan } from '../../trace/trace.ts';
import { httpMethod, httpPath, numberAttribute, textAttribute } from '../attributes.ts';
import type { Label } from '../waterfall.ts';
import { etcdCall, etcdOperation } from './etcd-label.ts';

/** What a span is called on the screen. The original name stays in it, or stands in the JSON. */
export function labelOf(placed: PlacedSpan): Label {
  const { span, parent } = placed;
  const { service } = span.resource;
  const own = meaning(placed);
  const entersProcess = service !== '' && (parent === undefined || parent.span.resource.service !== service);
  if (!entersProcess || placed.source !== 'span') return own;
  return own.map((text) => `${service}  ${text}`) as [string, ...string[]];
}

function meaning(placed: PlacedSpan): Label {
  const { span } = placed;
  if (placed.source === 'client' || placed.source === 'gap') return [span.name, ...shortForms(placed)];
  if (span.name.startsWith('etcdserverpb.')) return etcdCall(span);
  switch (span.resource.service) {
    case 'apiserver':
      return apiserver(placed);
    case 'etcd':
      return etcdOperation(span);
    default:
      return [span.name];
  }
}

/** Inferred spans and phases bring their shorter wordings along. */
export const SHORT_LABEL_ATTRIBUTE = 'kubectl-trace.short-label';

function shortForms({ span }: PlacedSpan): string[] {
  const short = textAttribute(span.attributes, SHORT_LABEL_ATTRIBUTE);
  return short === undefined ? [] : [short];
}

function apiserver({ span }: PlacedSpan): Label {
  const { attributes, name } = span;
  if (span.kind === 'server') {
    const method = httpMethod(span) ?? name.split(' ')[0] ?? '';
    const path = httpPath(span);
    if (path === undefined) return [name];
    return [
      `${method} ${path}`,
      `${method} …/${path.split('/').slice(-2).join('/')}`,
      `${method} …/${path.split('/').at(-1)}`,
    ];
  }
  const webhook = textAttribute(attributes, 'webhook');
  switch (name) {
    case 'Get':
    case 'List':
    case 'WatchList':
    case 'Create':
    case 'Update':
    case 'Patch':
    case 'Delete':
      return [`${name} ${what(placedResource(attributes))}`.trimEnd(), name];
    case 'SerializeObject':
      return [`SerializeObject ${mediaType(attributes)}`.trimEnd(), name];
    case 'Call mutating webhook':
      return webhook === undefined ? [name] : [`${webhook}, mutating`, webhook];
    case 'Call validating webhook':
      return webhook === undefined ? [name] : [`${webhook}, validating`, webhook];
    default:
  }
  if (/ etcd3$/.test(name)) {
    const key = textAttribute(attributes, 'key');
    return key === undefined ? [name] : [`${name} ${key}`, name];
  }
  if (span.kind === 'client' && name.startsWith('HTTP ')) {
    const url = textAttribute(attributes, 'url.full', 'http.url');
    if (url === undefined) return [name];
    const last = url.split('?')[0]?.split('/').at(-1);
    return [`${name} ${url}`, `${name} …/${last}`, name];
  }
  return [name];
}

const placedResource = (attributes: Parameters<typeof textAttribute>[0]): readonly (string | undefined)[] => [
  textAttribute(attributes, 'resource'),
  textAttribute(attributes, 'subresource'),
];

function what([resource, subresource]: readonly (string | undefined)[]): string {
  if (resource === undefined) return '';
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

function mediaType(attributes: Parameters<typeof textAttribute>[0]): string {
  const type = textAttribute(attributes, 'mediaType');
  const name = type?.split(/[;+]/)[0]?.split('/').at(-1);
  const size = numberAttribute(attributes, 'size');
  return [name === 'json' ? 'JSON' : name, size === undefined ? undefined : `${size} B`].filter(Boolean).join(' ');
}
