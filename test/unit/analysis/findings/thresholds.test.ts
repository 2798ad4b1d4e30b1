import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { LIMITS, SHORTEST_TRACE, THRESHOLDS, type Threshold } from '../../../../src/analysis/findings/thresholds.ts';
import { formatBytes } from '../../../../src/analysis/wording/bytes.ts';

const text = readFileSync(new URL('../../../../docs/findings.md', import.meta.url), 'utf8');

test('docs/findings.md has every finding with its thresholds, in this order', () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (\S.*?) +\| (\S.*?) +\| /gm)].map(([, id, time, share]) => [
    id,
    time,
    share,
  ]);
  const expected = Object.entries(THRESHOLDS).map(([id, { nanos, share }]: [string, Threshold]) => [
    id,
    nanos === 0 ? 'any' : `${nanos / 1e6} ms`,
    share === 0 ? 'any' : `${share * 100} %`,
  ]);
  assert.deepEqual(rows, expected);
});

test('docs/findings.md has the other limits', () => {
  const row = (id: string): string => text.split('\n').find((line) => line.includes(`| \`${id}\``)) ?? '';
  assert.ok(text.includes(`in a trace of less than ${SHORTEST_TRACE / 1e6} ms`));
  assert.ok(row('unpaged-list').includes(`A list of ${LIMITS.unpagedObjects} objects or more`));
  assert.ok(row('large-response').includes(`An answer of ${formatBytes(LIMITS.largeResponseBytes)} or more`));
  assert.ok(row('slow-client').includes(`less than ${formatBytes(LIMITS.slowClientBytesPerSecond)} in a second`));
  assert.ok(row('repeated-requests').includes(`asked ${LIMITS.fewestRepeated} times or more`));
  assert.ok(row('n-plus-one').includes(`${LIMITS.fewestRepeated} objects or more`));
  assert.ok(row('clock-offset').includes(`differ by ${LIMITS.clockOffset / 1e6} ms or more`));
});

test('every threshold is one that a finding goes by', () => {
  const folder = new URL('../../../../src/analysis/findings/', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'thresholds.ts')
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  for (const id of Object.keys(THRESHOLDS)) assert.ok(sources.includes(`id: '${id}'`), id);
});
