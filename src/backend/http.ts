import { newSpanID, newTraceID, type RandomBytes } from '../trace/ids.ts';
import type { Lookup } from './backend.ts';
import { connectionProblem } from './connection-problem.ts';
import { retryAfterMillis } from './retry-after.ts';

export interface HTTPOptions {
  readonly fetch: typeof globalThis.fetch;
  readonly random: RandomBytes;
  /** In bytes; 256 MiB by default. */
  readonly largestBody?: number;
}

/** An answer whose body is to be judged, or a look-up that has already ended. */
export type Answer =
  | { readonly status: 'answered'; readonly code: number; readonly text: string }
  | Extract<Lookup, { readonly status: 'unavailable' | 'failed' }>;

/** A larger body is not read to its end; 100,000 spans are about 100 MiB. */
const LARGEST_BODY = 256 * 1024 * 1024;

/**
 * Asks a backend. Whatever is wrong with connection or status is told here, the same for every kind of backend. Never
 * rejects; when `signal` aborts, the answer is "unavailable".
 */
export async function get(url: string, options: HTTPOptions, signal: AbortSignal): Promise<Answer> {
  try {
    const response = await options.fetch(url, {
      signal,
      // Whoever redirects is asked nothing more: what we send was meant for this address.
      redirect: 'manual',
      headers: { accept: 'application/json', traceparent: traceparentOfItsOwn(options.random) },
    });
    const refusal = refusalOf(response, url);
    if (refusal !== undefined) {
      await response.body?.cancel();
      return refusal;
    }
    const { largestBody = LARGEST_BODY } = options;
    const text = await boundedText(response, largestBody);
    if (text !== undefined) return { status: 'answered', code: response.status, text };
    const message = `${originOf(url)} answered more than ${largestBody} bytes`;
    return { status: 'failed', reason: 'BackendAnswerTooLarge', message };
  } catch (error) {
    return connectionProblem(originOf(url), error, signal);
  }
}

/**
 * Looking must not change what is looked at: Jaeger traces its own API and would join our trace, a poll through the API
 * server's proxy makes spans there. A trace context of its own that is not sampled (flags 00) prevents both.
 */
function traceparentOfItsOwn(random: RandomBytes): string {
  return `00-${newTraceID(random)}-${newSpanID(random)}-00`;
}

function refusalOf(response: Response, url: string): Answer | undefined {
  const { status } = response;
  const origin = originOf(url);
  const said = `${origin} answered ${status}${response.statusText === '' ? '' : ` ${response.statusText}`}`;
  if (status === 401 || status === 403) {
    const reason = status === 401 ? 'BackendUnauthorized' : 'BackendForbidden';
    return { status: 'failed', reason, message: said, hint: 'the trace backend wants other credentials' };
  }
  if (status >= 300 && status < 400) return redirected(response.headers.get('location'), url);
  if (status === 408 || status === 429 || status >= 500) {
    const retryAfter = retryAfterMillis(response.headers);
    return {
      status: 'unavailable',
      message: said,
      ...(retryAfter === undefined ? {} : { retryAfterMillis: retryAfter }),
    };
  }
  return undefined;
}

function redirected(location: string | null, url: string): Answer {
  const target = location === null || !URL.canParse(location, url) ? undefined : new URL(location, url);
  // A log-in page's address may carry secrets in its query.
  const where = target === undefined ? 'elsewhere' : `to ${target.origin}${target.pathname}`;
  return {
    status: 'failed',
    reason: 'BackendRedirects',
    message: `${originOf(url)} redirects ${where}, which is not followed`,
    hint: 'give the address that answers by itself; a redirect to a log-in page means that the backend wants credentials',
  };
}

const originOf = (url: string): string => new URL(url).origin;

/** Undefined when the body is larger than allowed. */
async function boundedText(response: Response, largest: number): Promise<string | undefined> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (size > largest) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}
