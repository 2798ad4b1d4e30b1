import type { Runtime, Signal } from '../runtime.ts';

/**
 * The first SIGINT or SIGTERM ends the waiting; a second one ends the process. Unless a command takes over the signals.
 */
export function openSignals(): Pick<Runtime, 'interrupted' | 'takeSignals'> {
  const controller = new AbortController();
  let taken = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const interrupt = (): void => {
      if (taken) return;
      process.off(signal, interrupt);
      controller.abort(new Error(`interrupted by ${signal}`));
    };
    process.on(signal, interrupt);
  }
  return {
    interrupted: controller.signal,
    takeSignals: (take) => {
      taken = true;
      for (const signal of ALL_SIGNALS) process.on(signal, take);
      return () => {
        taken = false;
        for (const signal of ALL_SIGNALS) process.off(signal, take);
      };
    },
  };
}

const ALL_SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH'];
