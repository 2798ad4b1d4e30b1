import { counted } from '../../format/counted.ts';
import { escapeText } from '../../render/escape.ts';
import { plainWidth } from '../../render/terminal/width.ts';
import type { Runtime } from '../../runtime.ts';
import { between } from '../../trace/time.ts';
import { statusLine } from '../../tracing/status-line.ts';
import type { WatchEnd } from './arguments.ts';

/** Nothing is said of a watch that ends within this time. */
const QUIET_MILLIS = 1000;
const LINE_END = 0x0a;

/** Objects that are watched, and the end of the watch. */
export interface Watched {
  /** `pods`, `pods/web` */
  readonly name: string;
  readonly end: WatchEnd;
  /** The first event of one object is the object itself, and no change. */
  readonly isOfObject: boolean;
}

export interface WatchProgress {
  /** The next bytes of the stream, which has an event on each line. */
  more(chunk: Uint8Array): void;
  /** Removes the line. */
  stop(): void;
}

/** A line on the terminal, rewritten every second: how long the watch lasts, and what it has brought so far. */
export function watchProgress(
  { name, end, isOfObject }: Watched,
  { err, errTerminal, clock }: Pick<Runtime, 'err' | 'errTerminal' | 'clock'>,
): WatchProgress {
  if (!errTerminal.isTTY || errTerminal.isDumb === true) return { more: () => undefined, stop: () => undefined };
  const line = statusLine(err, errTerminal, plainWidth);
  const startedAt = clock.now();
  const over = new AbortController();
  let events = 0;
  const draw = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(QUIET_MILLIS, over.signal);
      const seconds = between(startedAt, clock.now()) / 1e9;
      line.show(escapeText(wording(name, end, seconds, Math.max(0, events - (isOfObject ? 1 : 0)))));
    }
  };
  draw().catch(() => undefined);
  return {
    more(chunk) {
      for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) events++;
    },
    stop() {
      over.abort();
      line.clear();
    },
  };
}

/** `watching pods, 4 of 10 s: 1 of 3 changes; Ctrl-C ends it and shows the trace` */
function wording(name: string, { events, duration }: WatchEnd, seconds: number, changes: number): string {
  const time = seconds.toFixed(0) + (duration === undefined ? '' : ` of ${Math.ceil(duration / 1e9)}`);
  const seen = events === undefined ? counted(changes, 'change') : `${changes} of ${counted(events, 'change')}`;
  return `watching ${name}, ${time} s: ${seen}; Ctrl-C ends it and shows the trace`;
}
