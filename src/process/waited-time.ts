import type { Platform } from '../platform.ts';

/** How much of a process's time its main thread has waited for something to happen, in nanoseconds. */
export type WaitedTime = () => number;

/**
 * Linux knows it exactly: the time in which the thread neither ran nor waited for a CPU (/proc/self/schedstat, which is
 * the main thread's). Elsewhere it is the idle time of the event loop, which includes waiting for a CPU after an event.
 *
 *     thread    |=run=|--ready, no CPU--|=run=|.....waits for an event.....|-ready-|=run=|
 *     client     xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx                             xxxxxxxxxxxxx
 *     waited                                    wwwwwwwwwwwwwwwwwwwwwwwwwww
 */
export function openWaitedTime({ os }: Platform): WaitedTime {
  const scheduled = os === 'linux' ? openSchedulerTime() : undefined;
  if (scheduled === undefined) return () => performance.nodeTiming.idleTime * 1e6;
  return () => consistent(() => Number(process.hrtime.bigint()), scheduled);
}

/** Readings with a longer time between them are not of one moment: the thread has lost its CPU between them. */
const AT_ONCE = 50_000;

/** The difference of a clock and a counter, both read at the same time, or nearly so after a few attempts. */
export function consistent(clock: () => number, counter: () => number): number {
  let before = clock();
  for (let attempt = 1; ; attempt++) {
    const counted = counter();
    const behind = clock();
    if (behind - before <= AT_ONCE || attempt === 5) return behind - counted;
    before = behind;
  }
}

/** Time that the main thread was running or ready to run; undefined where the kernel does not count it. */
function openSchedulerTime(): WaitedTime | undefined {
  const { openSync, readSync } = process.getBuiltinModule('node:fs');
  const buffer = Buffer.alloc(64);
  try {
    const file = openSync('/proc/self/schedstat', 'r');
    const read = (): number => {
      // The kernel counts the current time slice only when the process's time is requested.
      process.cpuUsage();
      const length = readSync(file, buffer, 0, buffer.length, 0);
      const [running, ready] = buffer.toString('latin1', 0, length).split(' ');
      return Number(running) + Number(ready);
    };
    return read() > 0 ? read : undefined;
  } catch {
    return undefined;
  }
}
