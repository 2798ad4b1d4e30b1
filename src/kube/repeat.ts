import type { Exchange } from './exchange.ts';

/** client-go's (rest/request.go, `maxRetries`): a request is sent so many times more at most. */
export const MOST_REPEATS = 10;

/**
 * When a request is to be sent again, in milliseconds after its answer; undefined when it is not. The rule is client-go's
 * (rest/with_retry.go): the server is busy or broken (429, 5xx) and says in whole seconds when to come back.
 */
export function repeatAfterMillis({ status, headers }: Exchange): number | undefined {
  if (status !== 429 && (status ?? 0) < 500) return undefined;
  const seconds = headers['retry-after'];
  return seconds !== undefined && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
