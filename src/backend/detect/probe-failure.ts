import type { Lookup } from '../backend.ts';
import { unexpectedResponse, RESPONDER_NAMES } from '../http/unexpected-response.ts';
import { get, type BackendResponse, type ReceivedResponse, type HTTPOptions } from '../http/client.ts';
import { BACKEND_KINDS, KINDS } from '../kinds.ts';

type Failure = Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/** The failure of a probe that found no trace backend: which server responded, if known, and which address to give. */
export async function explain(
  url: string,
  responses: readonly BackendResponse[],
  options: HTTPOptions,
  signal: AbortSignal,
): Promise<Failure> {
  const refusal = responses.find((response) => response.status === 'failed');
  const said = responses.filter((response) => response.status === 'responded');
  if (said.length === 0 && refusal !== undefined) return refusal;
  const [ingest, loki] = await Promise.all([
    get(`${url}/v1/traces`, options, signal),
    get(`${url}/loki/api/v1/status/buildinfo`, options, signal),
  ]);
  if (isResponse(ingest, 405, /POST/)) return takesSpansIn(url, 'OpenTelemetry (OTLP over HTTP)');
  if (said.some((response) => isResponse(response, 400, /unexpected end of JSON input/))) {
    return takesSpansIn(url, 'Zipkin', ISTIO);
  }
  if (isResponse(loki, 200, /"version"/)) {
    return other(
      url,
      'Grafana Loki does, which keeps logs',
      'Tempo keeps traces; its port is 3200, 3100 in old charts',
    );
  }
  const unauthorized = responses.find(
    (response) => response.status === 'failed' && /^Backend(Un|For|Wants)/.test(response.reason),
  );
  if (unauthorized?.status === 'failed') return unauthorized;
  const responders = said.map(({ code, text }) => unexpectedResponse(code, text).responder);
  const known = responders.find((responder) => responder !== 'html' && responder !== 'unknown');
  if (known !== undefined) return other(url, `${RESPONDER_NAMES[known]} does`, WANTED);
  const page = said.find((_answer, index) => responders[index] === 'html');
  if (page !== undefined) {
    const message = `${url} returned a web page${titleOf(page)}, and no trace backend was found there`;
    return {
      status: 'failed',
      reason: 'BackendAnsweredHTML',
      message,
      hint: `a backend may be served below a path: give its address with it. ${WANTED}`,
    };
  }
  if (refusal !== undefined) return refusal;
  const message = `${url} responds (status ${said[0]?.code ?? 'unknown'}), but not as any known trace backend`;
  return { status: 'failed', reason: 'BackendUnknown', message, hint: WANTED };
}

/** The ports of the query APIs. */
const WANTED = `give the address of the query API, by default ${BACKEND_KINDS.filter(
  (kind) => kind !== 'grafana' && kind !== 'local',
)
  .map((kind) => `${KINDS[kind].name} :${KINDS[kind].port}`)
  .join(', ')}; or Grafana's`;

const ISTIO = "Istio's service zipkin is Jaeger's intake: its query API is the service tracing, port 80, path /jaeger";

function takesSpansIn(url: string, format: string, more?: string): Failure {
  const message = `${url} receives spans in the format of ${format} and serves no queries`;
  const hint = more === undefined ? WANTED : `${WANTED}. ${more}`;
  return { status: 'failed', reason: 'BackendTakesSpansIn', message, hint };
}

function other(url: string, speaks: string, hint: string): Failure {
  return {
    status: 'failed',
    reason: 'BackendUnknown',
    message: `${url} responds as ${speaks}: no trace backend`,
    hint,
  };
}

const isResponse = (response: BackendResponse, code: number, text: RegExp): boolean =>
  response.status === 'responded' && response.code === code && text.test(response.text);

/** ` "Sign in"` */
function titleOf({ text }: ReceivedResponse): string {
  const title = /<title[^>]*>([^<]{1,80})</i.exec(text)?.[1]?.trim() ?? '';
  return title === '' ? '' : ` ${JSON.stringify(title)}`;
}
