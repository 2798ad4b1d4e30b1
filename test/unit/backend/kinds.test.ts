import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BACKEND_KINDS, KINDS, searchLagMillis } from '../../../src/backend/kinds.ts';

const document = readFileSync(new URL('../../../docs/backends.md', import.meta.url), 'utf8');

/** `45 s` or `3 min`, in milliseconds. */
function millisOf(text: string): number {
  const [, number, unit] = /^(\d+) (s|min)$/.exec(text) ?? [];
  return Number(number) * (unit === 'min' ? 60_000 : 1000);
}

test('docs/backends.md has the ports, waits and bounds of every kind', () => {
  const rows = [...document.matchAll(/^\| `(\w+)` +\| (\d+) +\|.*\| (\d+ \w+) +\| (\d+ \w+) +\|$/gm)];
  assert.deepEqual(
    rows.map(([, kind]) => kind),
    BACKEND_KINDS.toSorted((a, b) => document.indexOf(`| \`${a}\` `) - document.indexOf(`| \`${b}\` `)),
  );
  for (const [, kind, port, wait, lag] of rows) {
    const facts = KINDS[kind as keyof typeof KINDS];
    assert.deepEqual(
      [Number(port), millisOf(wait!), millisOf(lag!)],
      [facts.port, facts.waitMillis ?? 30_000, facts.searchLagMillis],
      kind!,
    );
  }
});

test('the worst case is assumed for a backend of unknown kind', () => {
  for (const kind of BACKEND_KINDS) assert.ok(searchLagMillis('unknown') >= searchLagMillis(kind));
  // Grafana may have any of them behind it.
  assert.equal(searchLagMillis('grafana'), searchLagMillis('unknown'));
});
