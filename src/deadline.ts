import type { Clock } from './runtime.ts';

/**
 * Runs `work` with a signal that aborts when `signal` does, or after `millis`. The work has to end soon after that: its
 * result is the result here. `late` aborts only after `millis`. Infinity is no deadline.
 *
 *     work     |-------- … -----------| result
 *     timer    |------------| late aborts, and so does the work's signal
 */
export async function withDeadline<Result>(
  clock: Clock,
  millis: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, late: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const done = new AbortController();
  if (millis !== Infinity) {
    clock.sleep(millis, done.signal).then(
      () => late.abort(),
      () => undefined,
    );
  }
  try {
    return await work(AbortSignal.any([signal, late.signal]), late.signal);
  } finally {
    done.abort();
  }
}

/**
 * Resolves with the result of `work`, or with undefined after `millis` or when `signal` aborts: for work that cannot be
 * aborted, or that goes on.
 */
export async function untilDeadline<Result>(
  clock: Clock,
  millis: number,
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result | undefined> {
  const done = new AbortController();
  const ends = signal === undefined ? done.signal : AbortSignal.any([done.signal, signal]);
  const deadline = clock.sleep(millis, ends).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([work, deadline]);
  } finally {
    done.abort();
  }
}
