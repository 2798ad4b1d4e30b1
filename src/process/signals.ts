import { isWindows, type Platform } from '../platform.ts';
import type { Runtime, Signal } from '../runtime.ts';

/** Where signals come from: the process. */
export interface SignalSource {
  on(signal: Signal, take: (signal: Signal) => void): unknown;
  off(signal: Signal, take: (signal: Signal) => void): unknown;
}

/**
 * The first signal to end ends the waiting; a second one ends the process. Unless a command takes over the signals.
 */
export function openSignals(platform: Platform, source: SignalSource): Pick<Runtime, 'interrupted' | 'takeSignals'> {
  const controller = new AbortController();
  let taken = false;
  for (const signal of endingSignals(platform)) {
    const interrupt = (): void => {
      if (taken) return;
      source.off(signal, interrupt);
      controller.abort(new Error(`interrupted by ${signal}`));
    };
    source.on(signal, interrupt);
  }
  return {
    interrupted: controller.signal,
    takeSignals: (take) => {
      taken = true;
      for (const signal of allSignals(platform)) source.on(signal, take);
      return () => {
        taken = false;
        for (const signal of allSignals(platform)) source.off(signal, take);
      };
    },
  };
}

/**
 * Node.js makes these three of a console's Ctrl-C, Ctrl-Break and closed window
 * (https://nodejs.org/api/process.html#signal-events). After the last one Windows ends the process within seconds.
 */
const ON_WINDOWS: readonly Signal[] = ['SIGINT', 'SIGBREAK', 'SIGHUP'];

const endingSignals = (platform: Platform): readonly Signal[] =>
  isWindows(platform) ? [...ON_WINDOWS, 'SIGTERM'] : ['SIGINT', 'SIGTERM'];

const allSignals = (platform: Platform): readonly Signal[] =>
  isWindows(platform) ? endingSignals(platform) : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH'];
