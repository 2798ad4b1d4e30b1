import type { Clock } from '../../runtime.ts';
import type { Exchange } from './exchange.ts';

/** client-go's (rest/request.go, `maxRetries`): a request is sent again at most this many times. */
const MAX_REPEATS = 10;

/** How a busy server is waited for. */
export interface Waiting {
  readonly clock: Clock;
  /** Ends the waiting: the last response then counts. */
  readonly signal: AbortSignal;
  /** Whether the response is a reason to send the request again at once, whatever pause the server requests. */
  readonly isAgainAtOnce?: (exchange: Exchange) => Promise<boolean>;
  /** The server requested a pause, which begins now. */
  readonly onPause?: (exchange: Exchange, pauseMillis: number) => void;
  /** The request is sent again: this response does not count. */
  readonly onRepeat?: (exchange: Exchange) => void;
}

/** Sends a request, and sends it again as long as a busy server requests that. Rejects only when `sendOnce` does. */
export async function sendUntilServed(sendOnce: () => Promise<Exchange>, waiting: Waiting): Promise<Exchange> {
  const { clock, signal, isAgainAtOnce, onPause, onRepeat } = waiting;
  for (let repeats = 0; ; repeats++) {
    const exchange = await sendOnce();
    if ((await isAgainAtOnce?.(exchange)) !== true) {
      const pause = repeats < MAX_REPEATS ? repeatAfterMillis(exchange) : undefined;
      if (pause === undefined || signal.aborted) return exchange;
      onPause?.(exchange, pause);
      await clock.sleep(pause, signal).catch(() => undefined);
      if (signal.aborted) return exchange;
    }
    onRepeat?.(exchange);
  }
}

/**
 * Pause before a request is sent again, in milliseconds after its response; undefined if it is not sent again. The rule
 * is client-go's (rest/with_retry.go): the server is busy or broken (429, 5xx) and says in whole seconds when to come
 * back; a date does not count.
 */
function repeatAfterMillis({ status, headers }: Exchange): number | undefined {
  if (status !== 429 && (status ?? 0) < 500) return undefined;
  const seconds = headers['retry-after'];
  // strconv.Atoi; a time that is over is now.
  return seconds !== undefined && /^[-+]?\d{1,9}$/.test(seconds) ? Math.max(0, Number(seconds) * 1000) : undefined;
}
