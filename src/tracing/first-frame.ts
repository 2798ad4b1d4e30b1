import type { Runtime } from '../runtime.ts';
import { inPlace } from './in-place.ts';
import type { Measurement } from './source/metrics/measure.ts';

/** A trace that is found within this time is drawn once. */
const FLASH_MILLIS = 200;

/** The tree that the API server's metrics show, before the report. */
export interface FirstFrame {
  readonly measurement: Promise<Measurement>;
  /** Draws it; undefined where it is not worth showing. */
  readonly draw: (measurement: Measurement) => Promise<string> | undefined;
}

/**
 * Waits for spans, and meanwhile shows the tree of the metrics on the terminal. The report takes its place:
 *
 *     response  |-- metrics --|== tree ==========|  report
 *     spans     |--------------------------------|
 */
export async function withFirstFrame<T>(
  looking: Promise<T>,
  { measurement, draw }: FirstFrame,
  runtime: Pick<Runtime, 'out' | 'outTerminal' | 'clock'>,
): Promise<T> {
  const picture = inPlace(runtime);
  const over = new AbortController();
  if (!runtime.outTerminal.isTTY || runtime.outTerminal.isDumb === true) return looking;
  const show = async (): Promise<void> => {
    const measured = await measurement;
    await runtime.clock.sleep(FLASH_MILLIS, over.signal);
    const text = await draw(measured);
    if (text === undefined || over.signal.aborted) return;
    // A line about the progress may be there.
    runtime.out.write('\r\u001b[K');
    picture.draw(text.trimEnd().split('\n'));
  };
  // A frame that cannot be drawn costs nothing: the report says why.
  show().catch(() => undefined);
  try {
    return await looking;
  } finally {
    over.abort();
    picture.clear();
  }
}
