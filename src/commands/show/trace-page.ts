import { UsageError } from '../../errors.ts';
import { parseTraceID, type TraceID } from '../../trace/ids.ts';

/** A trace, and the backend that shows it, as `--backend` takes it. */
export interface TracePage {
  readonly traceID: TraceID;
  readonly backend: string;
}

/**
 * Reads the address of a trace as the UIs of Jaeger, Zipkin and Grafana have it, with or without a prefix, or as the
 * query APIs have it. Throws a UsageError for every other address.
 */
export function parseTracePage(address: string): TracePage {
  if (URL.canParse(address)) {
    const url = new URL(address);
    const page = ofGrafana(url) ?? ofPath(url, address);
    if (page !== undefined) return page;
  }
  throw new UsageError('InvalidArguments', 'this is not the address of a trace', {
    hint: 'supported are http://HOST:16686/trace/TRACE_ID (Jaeger), http://HOST:9411/zipkin/traces/TRACE_ID and the address of a trace in Grafana Explore; to show any other trace, give its ID and --backend',
  });
}

/** The path of a trace, and what is before it as a backend. The kind is left to be found out where two have the same path. */
const PATHS: readonly (readonly [path: RegExp, backend: (base: string) => string])[] = [
  [/^(.*)\/zipkin\/traces\/([^/]+)\/?$/, (base) => `zipkin=${base}/zipkin`],
  [/^(.*)\/api\/v2\/trace\/([^/]+)$/, (base) => `zipkin=${base}`],
  [/^(.*)\/select\/(?:jaeger|tempo)\/api\/(?:v[23]\/)?traces\/([^/]+)$/, (base) => `victoriatraces=${base}`],
  [/^(.*)\/api\/v2\/traces\/([^/]+)$/, (base) => `tempo=${base}`],
  [/^(.*)\/api\/v3\/traces\/([^/]+)$/, (base) => `jaeger=${base}`],
  [/^(.*)\/api\/traces\/([^/]+)$/, (base) => base],
  [/^(.*)\/trace\/([^/]+)\/?$/, (base) => base],
];

/** The address as it was typed: a password in it is refused later, in the words for `--backend`. */
function ofPath(url: URL, address: string): TracePage | undefined {
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(address)?.[0] ?? url.origin;
  for (const [path, backend] of PATHS) {
    const [, base, id = ''] = path.exec(url.pathname) ?? [];
    if (base === undefined) continue;
    const traceID = parseTraceID(id);
    return traceID === undefined ? undefined : { traceID, backend: backend(`${origin}${base}`) };
  }
  return undefined;
}

/** Explore keeps its panes as JSON in the address: `panes` since Grafana 10, `left` before; Traces Drilldown has names. */
function ofGrafana(url: URL): TracePage | undefined {
  const [, base] = /^(.*?)\/(?:a\/grafana-exploretraces-app(?:\/[^/]+)?|explore)\/?$/.exec(url.pathname) ?? [];
  if (base === undefined) return undefined;
  const grafana = `${url.origin}${base}`;
  const traceID = parseTraceID(url.searchParams.get('traceId') ?? '');
  const named = url.searchParams.get('var-ds') ?? undefined;
  if (traceID !== undefined) return { traceID, backend: backendOf(grafana, named) };
  for (const parameter of ['panes', 'left', 'right']) {
    const found = inPane(jsonOf(url.searchParams.get(parameter) ?? ''), undefined, 0);
    if (found !== undefined) return { traceID: found.traceID, backend: backendOf(grafana, found.uid) };
  }
  return undefined;
}

/** A name in place of a UID, as in old addresses, cannot be looked up. */
function backendOf(grafana: string, uid: string | undefined): string {
  const known = uid !== undefined && /^[\w-]{1,64}$/.test(uid);
  return `grafana=${grafana}${known ? `/api/datasources/proxy/uid/${uid}` : ''}`;
}

const DEEPEST = 6;

/** The first query that is a trace ID, and the data source closest to it. */
function inPane(
  value: unknown,
  uid: string | undefined,
  depth: number,
): { readonly traceID: TraceID; readonly uid: string | undefined } | undefined {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined;
  const { datasource, query } = value as { readonly datasource?: unknown; readonly query?: unknown };
  const own = uidOf(datasource) ?? uid;
  const traceID = typeof query === 'string' ? parseTraceID(query.trim()) : undefined;
  if (traceID !== undefined) return { traceID, uid: own };
  for (const inner of Object.values(value)) {
    const found = inPane(inner, own, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function uidOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  const uid = typeof source === 'object' && source !== null && 'uid' in source ? source.uid : undefined;
  return typeof uid === 'string' ? uid : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
