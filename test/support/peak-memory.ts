import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import type { ChildProcess } from 'node:child_process';

/** The most memory that a process has held until it ended, in MiB, as Linux says (VmHWM). */
export function peakMemory(child: ChildProcess): () => number {
  let peak = 0;
  const look = (): void => {
    try {
      const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      peak = Math.max(peak, Number(kilobytes ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  };
  const timer = setInterval(look, 20);
  child.once('exit', () => clearInterval(timer));
  return () => peak;
}
