import { newSpanID, newTraceID, type RandomBytes } from '../../trace/ids.ts';
import type { Lookup } from '../backend.ts';
import { MAX_BODY_BYTES, ResponseTooLarge } from '../../response-bounds.ts';
import { backendWords, withoutCredentials } from './backend-message.ts';
import { boundedBody } from './bounded-body.ts';
import { connectionProblem, plainToTLS } from './connection-problem.ts';
import { retryAfterMillis } from './retry-after.ts';
import { programName } from '../../format/program-name.ts';

export interface HTTPOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly random: RandomBytes;
  /** In bytes; 192 MiB by default. */
  readonly largestBody?: number;
  /** Headers that the backend requires, by lower-case name: credentials, a tenant. Sent to its own address only. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A response whose body has to be judged, or a look-up that has already ended. */
export type BackendResponse = ReceivedResponse | Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

export interface ReceivedResponse {
  readonly status: 'responded';
  readonly code: number;
  /** `application/json`, lower case and without parameters; empty without one. */
  readonly type: string;
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
}

/** Bytes read of a refusal: enough to see the reason. */
const MAX_REFUSAL_BYTES = 16 * 1024;

/**
 * Sends a request to a backend. Faults of connection and status are reported here, the same for every kind of backend.
 * Never rejects; when `signal` aborts, the result is "unavailable".
 */
export async function get(
  url: string,
  options: HTTPOptions,
  signal: AbortSignal,
  accept = 'application/json',
): Promise<BackendResponse> {
  const { largestBody = MAX_BODY_BYTES, headers = {} } = options;
  let begun = false;
  try {
    const response = await options.fetch(url, {
      signal,
      // A redirect is not followed: our headers were meant for this address.
      redirect: 'manual',
      headers: {
        ...headers,
        accept,
        // fetch does not say how many bytes a body took before it was expanded.
        'accept-encoding': 'identity',
        traceparent: traceparentOfItsOwn(options.random),
      },
    });
    begun = true;
    const refusal = await refusalOf(response, url, headers);
    if (refusal !== undefined) return refusal;
    const received = receivedResponse(response, await boundedBody(response, largestBody));
    return received.code === 400 ? (plainToTLS(url, received.text) ?? received) : received;
  } catch (error) {
    if (error instanceof ResponseTooLarge) {
      const message = `the response of ${originOf(url)} is larger than the bound of ${error.bound}`;
      return { status: 'failed', reason: 'BackendAnswerTooLarge', message };
    }
    return connectionProblem({ url, error, begun, signal });
  }
}

function receivedResponse(response: Response, body: Buffer): ReceivedResponse {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase();
  let text: string | undefined;
  return {
    status: 'responded',
    code: response.status,
    type,
    body,
    get text() {
      return (text ??= body.toString('utf8'));
    },
  };
}

/**
 * Looking must not change what is looked at: Jaeger traces its own API and would join our trace, a poll through the API
 * server's proxy makes spans there. A separate trace context that is not sampled (flags 00) prevents both.
 */
function traceparentOfItsOwn(random: RandomBytes): string {
  return `00-${newTraceID(random)}-${newSpanID(random)}-00`;
}

async function refusalOf(
  response: Response,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<BackendResponse | undefined> {
  const { status } = response;
  const summary = `${originOf(url)} answered ${status}${response.statusText === '' ? '' : ` ${response.statusText}`}`;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    return redirected(response.headers.get('location'), url);
  }
  const isRefusal = status === 401 || status === 403;
  if (!isRefusal && status !== 408 && status !== 429 && status < 500) return undefined;
  const body = await beginningOf(response);
  const words = withoutCredentials(backendWords(body), headers);
  const said = words === '' || words === response.statusText ? summary : `${summary}: ${words}`;
  if (isRefusal) return unauthorized(status, { summary, said, body }, headers);
  const retryAfter = retryAfterMillis(response.headers);
  return {
    status: 'unavailable',
    message: said,
    hint: status === 429 ? busy() : BROKEN,
    ...(retryAfter === undefined ? {} : { retryAfterMillis: retryAfter }),
  };
}

const busy = (): string => `the backend limits how often it is queried: look again later with ${programName()} show`;
const BROKEN = 'the address is reached: the log of the backend, or of a proxy in front of it, says more';

/** The part of a body that arrives in time, 16 KiB at most: without it the status says enough. */
async function beginningOf(response: Response): Promise<string> {
  try {
    return await readBeginning(response);
  } catch {
    return '';
  }
}

/** Tempo says "no org id", Jaeger "missing tenant header" or "unknown tenant". */
const WANTS_TENANT = /\bno org id\b|\btenant\b/i;

function unauthorized(
  status: 401 | 403,
  { summary, said, body }: { readonly summary: string; readonly said: string; readonly body: string },
  headers: Readonly<Record<string, string>>,
): BackendResponse {
  if (WANTS_TENANT.test(body)) {
    const message = `${summary}: it has several tenants`;
    return { status: 'failed', reason: 'BackendWantsTenant', message, hint: 'give yours with --backend-tenant NAME' };
  }
  const reason = status === 401 ? 'BackendUnauthorized' : 'BackendForbidden';
  const hint =
    'authorization' in headers
      ? 'the trace backend wants other credentials than those of --backend-token-file, --backend-username or --backend-header'
      : 'the trace backend wants credentials: --backend-token-file, --backend-username with --backend-password, or --backend-header';
  return { status: 'failed', reason, message: said, hint };
}

function redirected(location: string | null, url: string): BackendResponse {
  const target = location === null || !URL.canParse(location, url) ? undefined : new URL(location, url);
  // A log-in page's address may carry secrets in its query.
  const where = target === undefined ? 'elsewhere' : `to ${target.origin}${target.pathname}`;
  return {
    status: 'failed',
    reason: 'BackendRedirects',
    message: `${originOf(url)} redirects ${where}, which is not followed`,
    hint: 'give the address that responds without a redirect; a redirect to a log-in page means that the backend requires credentials',
  };
}

const originOf = (url: string): string => new URL(url).origin;

/** As much of the body as says why; the rest is not waited for. */
async function readBeginning({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (body === null) return '';
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (size >= MAX_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_REFUSAL_BYTES);
}
