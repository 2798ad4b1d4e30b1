import type { LookupProgress } from '../backend/lookup.ts';
import { escapeText } from '../render/escape.ts';
import { truncate, plainWidth } from '../render/width.ts';
import type { Runtime } from '../runtime.ts';

/** Nothing is said of what takes less than this. */
const QUIET_MILLIS = 1000;

/** A line on the terminal that says what is being waited for, rewritten in place; nothing of it in a pipe. */
export function showProgress(runtime: Runtime): { show(progress: LookupProgress): void; clear(): void } {
  const { err, errTerminal } = runtime;
  let shown = false;
  return {
    show(progress) {
      if (!errTerminal.isTTY || progress.waitedMillis < QUIET_MILLIS) return;
      shown = true;
      const line = truncate(escapeText(words(progress)), (errTerminal.columns ?? 80) - 1, '…', plainWidth);
      err.write(`\r\u001b[K${line}`);
    },
    clear() {
      if (shown) err.write('\r\u001b[K');
    },
  };
}

function words({ spans, services, waitedMillis, waitingFor }: LookupProgress): string {
  const seconds = (waitedMillis / 1000).toFixed(0);
  const seen = spans === 0 ? 'no spans yet' : `${spans} spans of ${services.join(', ')}`;
  return `waiting for the trace, ${seconds} s: ${seen}${waitingFor === undefined ? '' : `, missing ${waitingFor}`}`;
}
