import type { Lookup } from './backend.ts';
import { isObject, parseJSON } from './wire/json.ts';

/** What answered instead of the API that was asked for. */
export type Speaker = 'html' | 'tempo' | 'zipkin' | 'kubernetes' | 'prometheus' | 'unknown';

/** An answer that the API in question does not give: it is not served here, or by somebody else. */
export interface Foreign {
  readonly status: 'foreign';
  readonly code: number;
  readonly speaker: Speaker;
}

/** Judges by the body: Jaeger's JSON comes as text/plain, and its UI answers every path with 200. */
export function foreign(code: number, text: string): Foreign {
  return { status: 'foreign', code, speaker: speakerOf(text) };
}

function speakerOf(text: string): Speaker {
  if (/^\s*</.test(text)) return 'html';
  const body = parseJSON(text);
  if (Array.isArray(body)) return 'zipkin';
  if (!isObject(body)) return 'unknown';
  if (body['kind'] === 'Status' && 'apiVersion' in body) return 'kubernetes';
  if ('batches' in body || 'trace' in body || ('traces' in body && 'metrics' in body)) return 'tempo';
  if (typeof body['status'] === 'string' && ('errorType' in body || 'data' in body)) return 'prometheus';
  return 'unknown';
}

const NAMES: Readonly<Record<Exclude<Speaker, 'html' | 'unknown'>, string>> = {
  tempo: 'Grafana Tempo',
  zipkin: 'Zipkin',
  kubernetes: 'a Kubernetes API server',
  prometheus: 'Prometheus',
};

/** The failure of a backend that none of Jaeger's APIs was found at. */
export function notJaeger(url: string, { code, speaker }: Foreign): Extract<Lookup, { readonly status: 'failed' }> {
  const where = `Jaeger may be served below a path: try ${url}/jaeger or ${url}/jaeger/ui`;
  if (speaker === 'html') {
    const message = `${url} answered with a web page instead of Jaeger's query API`;
    return { status: 'failed', reason: 'BackendAnsweredHTML', message, hint: where };
  }
  const reason = 'BackendIsNotJaeger';
  if (speaker === 'unknown') {
    const message = `${url} does not answer as Jaeger's query API does (status ${code})`;
    return { status: 'failed', reason, message, hint: `${where}; its port for queries is 16686` };
  }
  const hint = "give the address of Jaeger's UI; its port is 16686";
  return { status: 'failed', reason, message: `${url} answers as ${NAMES[speaker]} does, not as Jaeger`, hint };
}
