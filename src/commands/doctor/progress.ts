import { measureWhenNeeded } from '../../render/terminal/measured-width.ts';
import type { Runtime } from '../../runtime.ts';
import { statusLine } from '../../tracing/status-line.ts';

/** Shows on a terminal what is under way. Nothing of it in a pipe. */
export interface Progress {
  /** Names a task until it ends. */
  during<Result>(what: string, task: Promise<Result>): Promise<Result>;
  /** Removes the line: the result takes its place. */
  end(): void;
}

const TICK_MILLIS = 500;

/** `checking: trace backend, permissions (4 s)` */
export function startProgress({ err, errTerminal, clock }: Pick<Runtime, 'err' | 'errTerminal' | 'clock'>): Progress {
  if (!errTerminal.isTTY) return { during: (_, task) => task, end: () => undefined };
  const line = statusLine(err, errTerminal, measureWhenNeeded());
  const over = new AbortController();
  const startedAt = clock.now();
  const underWay = new Map<symbol, string>();
  const show = (): void => {
    if (over.signal.aborted || underWay.size === 0) return;
    const seconds = Number((clock.now() - startedAt) / 1_000_000_000n);
    line.show(`checking (${seconds} s): ${[...new Set(underWay.values())].join(', ')}`);
  };
  const tick = async (): Promise<void> => {
    while (!over.signal.aborted) {
      show();
      await clock.sleep(TICK_MILLIS, over.signal).catch(() => undefined);
    }
  };
  void tick();
  return {
    during: async (what, task) => {
      const key = Symbol(what);
      underWay.set(key, what);
      show();
      try {
        return await task;
      } finally {
        underWay.delete(key);
        show();
      }
    },
    end: () => {
      over.abort();
      line.clear();
    },
  };
}
