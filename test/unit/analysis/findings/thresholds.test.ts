import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { FINDINGS } from '../../../../src/analysis/findings/index.ts';
import { LIMITS, MIN_TRACE_DURATION } from '../../../../src/analysis/findings/thresholds.ts';
import { formatBytes } from '../../../../src/analysis/wording/bytes.ts';

const text = readFileSync(new URL('../../../../docs/findings.md', import.meta.url), 'utf8');

test('docs/findings.md lists every finding with its thresholds, in index order', () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| (\S.*?) +\| (\S.*?) +\| /gm)].map(([, id, time, share]) => [
    id,
    time,
    share,
  ]);
  const expected = FINDINGS.map(({ id, threshold: { nanos, share } }) => [
    id,
    nanos === 0 ? 'any' : `${nanos / 1e6} ms`,
    share === 0 ? 'any' : `${share * 100} %`,
  ]);
  assert.deepEqual(rows, expected);
});

test('docs/findings.md states the other limits of findings', () => {
  const row = (id: string): string => text.split('\n').find((line) => line.includes(`| \`${id}\``)) ?? '';
  assert.ok(text.includes(`in a trace shorter than ${MIN_TRACE_DURATION / 1e6} ms`));
  assert.ok(row('unpaged-list').includes(`A list of ${LIMITS.unpagedObjects}+ objects`));
  assert.ok(row('large-response').includes(`A response of ${formatBytes(LIMITS.largeResponseBytes)} or more`));
  assert.ok(row('slow-client').includes(`slower than ${formatBytes(LIMITS.slowClientBytesPerSecond)} per second`));
  assert.ok(row('repeated-requests').includes(`sent ${LIMITS.minRepeated} times or more`));
  assert.ok(row('n-plus-one').includes(`${LIMITS.minRepeated} objects or more`));
  assert.ok(row('clock-offset').includes(`differ by ${LIMITS.clockOffset / 1e6} ms or more`));
});

test('every file that defines a finding is in the index, with a unique ID', () => {
  const folder = new URL('../../../../src/analysis/findings/', import.meta.url);
  const defined = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^ {2}id: '([a-z-]+)',$/gm)])
    .map(([, id]) => id);
  const indexed = FINDINGS.map(({ id }) => id);
  assert.deepEqual(new Set(defined), new Set(indexed));
  assert.deepEqual([defined.length, indexed.length], [new Set(defined).size, new Set(defined).size]);
});
