import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withFirstFrame } from '../../../src/tracing/first-frame.ts';
import type { Measurement } from '../../../src/tracing/source/metrics/measure.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const MEASUREMENT = { reading: { status: 'refused' } } as Measurement;
const ERASED = '\u001b[2A\r\u001b[J';

interface Found {
  readonly afterMillis: number;
  readonly isTTY?: boolean;
  readonly isDumb?: boolean;
  /** Columns that the terminal has in the end. */
  readonly columns?: number;
}

/** What is written while spans are looked for, with what the metrics draw, each after that time. */
async function written(
  found: Found,
  draw: () => Promise<string> | undefined = async () => 'the tree\nof the metrics\n',
): Promise<string[]> {
  const clock = new FakeClock();
  const texts: string[] = [];
  const runtime = {
    clock,
    out: { write: (text: string) => void (text === '' || texts.push(text)) },
    outTerminal: { isTTY: found.isTTY ?? true, isDumb: found.isDumb ?? false, columns: 80, rows: 24 },
  };
  const looking = clock.sleep(found.afterMillis).then(() => {
    runtime.outTerminal.columns = found.columns ?? 80;
    return 'spans';
  });
  const measurement = clock.sleep(50).then(() => MEASUREMENT);
  assert.equal(await withFirstFrame(looking, { measurement, draw }, runtime), 'spans');
  return texts;
}

suite('the tree of the metrics, while spans are looked for', () => {
  test('is drawn, and erased before the report', async () => {
    assert.deepEqual(await written({ afterMillis: 5000 }), ['\r\u001b[K', 'the tree\nof the metrics\n', ERASED]);
  });

  test('is erased where a narrower terminal has wrapped it', async () => {
    const [, , erased] = await written({ afterMillis: 5000, columns: 10 });
    assert.equal(erased, '\u001b[3A\r\u001b[J');
  });

  test('is not drawn on a terminal that cannot erase', async () => {
    assert.deepEqual(await written({ afterMillis: 5000, isDumb: true }), []);
  });

  test('is not drawn where the spans come at once', async () => {
    assert.deepEqual(await written({ afterMillis: 100 }), []);
  });

  test('is not drawn where it is not worth it, cannot be drawn, or is in a pipe', async () => {
    assert.deepEqual(await written({ afterMillis: 5000 }, () => undefined), []);
    assert.deepEqual(await written({ afterMillis: 5000 }, () => Promise.reject(new Error('no'))), []);
    assert.deepEqual(await written({ afterMillis: 5000, isTTY: false }), []);
  });
});
