import type { BackendKind, Lookup } from '../backend.ts';
import { KINDS } from '../kinds.ts';
import { shellWord } from '../../format/shell-command.ts';
import { isObject, parseJSON } from '../../codec/json.ts';

/** The kind of server that responded instead of the requested API. */
export type Responder =
  | 'html'
  | 'jaeger'
  | 'tempo'
  | 'zipkin'
  | 'grafana'
  | 'kubernetes'
  | 'prometheus'
  | 'elasticsearch'
  | 'unknown';

/** A response that does not fit the requested API: it is not served here, or another server responded. */
export interface UnexpectedResponse {
  readonly status: 'unexpected';
  readonly code: number;
  readonly responder: Responder;
  /** It has said nothing at all. */
  readonly isEmpty: boolean;
}

/** Judges by the body: Jaeger's JSON comes as text/plain, and its UI responds to every path with 200. */
export function unexpectedResponse(code: number, text: string): UnexpectedResponse {
  return { status: 'unexpected', code, responder: responderOf(text), isEmpty: text.trim() === '' };
}

function responderOf(text: string): Responder {
  if (/^\s*</.test(text)) return 'html';
  const body = parseJSON(text);
  if (Array.isArray(body)) return 'zipkin';
  if (!isObject(body)) return 'unknown';
  if (body['kind'] === 'Status' && 'apiVersion' in body) return 'kubernetes';
  if ('batches' in body || 'trace' in body || ('traces' in body && 'metrics' in body)) return 'tempo';
  if (typeof body['status'] === 'string' && ('errorType' in body || 'data' in body)) return 'prometheus';
  if ('result' in body || ('data' in body && 'errors' in body)) return 'jaeger';
  if (typeof body['messageId'] === 'string' || typeof body['traceID'] === 'string') return 'grafana';
  if ('tagline' in body || (isObject(body['error']) && 'root_cause' in body['error'])) return 'elasticsearch';
  return 'unknown';
}

/** Name of the server that responds in this way. */
export const RESPONDER_NAMES: Readonly<Record<Exclude<Responder, 'html' | 'unknown'>, string>> = {
  jaeger: 'Jaeger',
  tempo: 'Grafana Tempo',
  zipkin: 'Zipkin',
  grafana: 'Grafana',
  kubernetes: 'a Kubernetes API server',
  prometheus: 'Prometheus',
  elasticsearch: 'Elasticsearch',
};

type Failure = Extract<Lookup, { readonly status: 'failed' }>;

/** The failure of a backend that was named by its kind, where the API of that kind was not found. */
export function notOfKind(kind: BackendKind, url: string, { code, responder }: UnexpectedResponse): Failure {
  const { name, port, prefixes } = KINDS[kind];
  const paths = prefixes.map((prefix) => `${url}${prefix}`).join(' or ');
  const below = paths === '' ? '' : `${name} may be served below a path: try ${paths}`;
  const byPort = `its port for queries is ${port}`;
  if (responder === 'html') {
    const message = `${url} returned a web page instead of ${name}'s query API`;
    return { status: 'failed', reason: 'BackendAnsweredHTML', message, hint: below === '' ? byPort : below };
  }
  const reason = `BackendIsNot${REASON_NAMES[kind]}`;
  if (responder === 'unknown') {
    const message = `${url} does not respond as ${name}'s query API does (status ${code})`;
    return { status: 'failed', reason, message, hint: below === '' ? byPort : `${below}; ${byPort}` };
  }
  const message = `${url} responds as ${RESPONDER_NAMES[responder]} does, not as ${name}`;
  if (isKind(responder))
    return { status: 'failed', reason, message, hint: `give --backend ${shellWord(`${responder}=${url}`)}` };
  const hint =
    kind === 'jaeger' ? "give the address of Jaeger's UI; its port is 16686" : `give the address of ${name}; ${byPort}`;
  return { status: 'failed', reason, message, hint };
}

const isKind = (responder: Responder): responder is Responder & BackendKind => responder in KINDS;

const REASON_NAMES: Readonly<Record<BackendKind, string>> = {
  jaeger: 'Jaeger',
  tempo: 'Tempo',
  zipkin: 'Zipkin',
  victoriatraces: 'VictoriaTraces',
  grafana: 'Grafana',
  local: 'Serve',
};
