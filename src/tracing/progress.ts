import { counted } from '../format/counted.ts';
import type { LookupProgress } from '../backend/find/lookup.ts';
import { escapeText } from '../render/escape.ts';
import { measureWhenNeeded } from '../render/terminal/measured-width.ts';
import { truncate } from '../render/terminal/width.ts';
import type { Runtime } from '../runtime.ts';
import { statusLine } from './status-line.ts';

/** Nothing is said of what takes less than this. */
const QUIET_MILLIS = 1000;

const isUnconnected = ({ problem }: LookupProgress): boolean =>
  problem?.status === 'unavailable' && problem.unconnected === true;

/**
 * A line on the terminal that says what is being waited for, rewritten in place. Nothing of it in a pipe, but for one
 * line where no connection to the backend can be made: it may be waited for in vain for long.
 */
export function showProgress({ err, errTerminal }: Pick<Runtime, 'err' | 'errTerminal'>): {
  show(progress: LookupProgress): void;
  clear(): void;
} {
  const measure = measureWhenNeeded();
  const line = statusLine(err, errTerminal, measure);
  let noted = false;
  return {
    show(progress) {
      if (progress.waitedMillis < QUIET_MILLIS) return;
      if (!errTerminal.isTTY || errTerminal.isDumb === true) {
        if (!noted && isUnconnected(progress)) {
          noted = true;
          err.write(`note: ${escapeText(progress.problem?.message ?? '')}; trying again\n`);
        }
        return;
      }
      const texts = wordings(progress).map(escapeText);
      line.show(texts.find((text) => truncate(text, line.room, '…', measure) === text) ?? texts.at(-1) ?? '');
    },
    clear: line.clear,
  };
}

/** `waiting for the trace, 4 s: apiserver 9, etcd 2 spans; missing etcd range`, and shorter. */
function wordings({ spans, services, waitedMillis, waitingFor, problem }: LookupProgress): string[] {
  const waited = `waiting for the trace, ${(waitedMillis / 1000).toFixed(0)} s`;
  if (problem !== undefined) return [`${waited}: ${problem.message}`];
  if (spans === 0) return [`${waited}: no spans yet`, waited];
  const last = services.length - 1;
  const each = services
    .map((one, index) => `${one.service} ${index === last ? counted(one.spans, 'span') : one.spans}`)
    .join(', ');
  const missing = waitingFor === undefined ? '' : `; missing ${waitingFor}`;
  return [
    `${waited}: ${each}${missing}`,
    `${waited}: ${counted(spans, 'span')}${missing}`,
    `${waited}: ${counted(spans, 'span')}`,
  ];
}
