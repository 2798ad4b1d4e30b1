/** Inputs for the pause before the next poll; all times in milliseconds. */
export interface PauseFacts {
  /** Undefined before the second poll. */
  readonly previous: number | undefined;
  /** Something of a request has been found, so that the rest may come at any moment. */
  readonly arriving: boolean;
  readonly unavailable: boolean;
  /** The pause that the backend requests. */
  readonly retryAfter: number | undefined;
  /** Since the first poll. */
  readonly waited: number;
}

const FIRST = 100;
/** While spans are arriving: the tree is on the screen soon after the last of them is in the backend. */
const BRISK = 250;
const SLOW = 1000;
/** Servers export every 5 s (OpenTelemetry's BatchSpanProcessor): until then the first spans may come at any moment. */
const EXPORT_WINDOW = 6000;

/** How long to wait before the next poll, in milliseconds; the deadline is the caller's. */
export function pauseBeforePoll({ previous, arriving, unavailable, retryAfter, waited }: PauseFacts): number {
  const most = unavailable ? SLOW : arriving || waited < EXPORT_WINDOW ? BRISK : SLOW;
  const pause = previous === undefined ? FIRST : Math.min(most, previous * (unavailable ? 2 : 1.5));
  return Math.max(pause, retryAfter ?? 0);
}
