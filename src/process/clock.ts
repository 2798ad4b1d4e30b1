import type { Platform } from '../platform.ts';
import type { Clock } from '../runtime.ts';
import type { EpochNanos } from '../trace/time.ts';
import { openWaitedTime, type WaitedTime } from './waited-time.ts';

/** Wall time as it was when the process started, plus a timer that never runs backwards. */
export function openClock(platform: Platform): Clock {
  let offset: bigint | undefined;
  let waited: WaitedTime | undefined;
  return {
    now() {
      // Only now, because `performance` is loaded when it is first used.
      offset ??= BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)) - process.hrtime.bigint();
      return (process.hrtime.bigint() + offset) as EpochNanos;
    },
    sleep,
    waited: () => (waited ??= openWaitedTime(platform))(),
  };
}

/** The longest that setTimeout can wait, 24.8 days; it takes anything longer for 1 ms. */
const MAX_TIMER_MILLIS = 2 ** 31 - 1;

function sleep(millis: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      },
      Math.min(millis, MAX_TIMER_MILLIS),
    );
    signal?.addEventListener('abort', abort, { once: true });
  });
}
