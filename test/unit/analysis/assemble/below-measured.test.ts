import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rowAround } from '../../../../src/analysis/assemble/below-measured.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../src/trace/trace.ts';
import { span } from '../../../support/spans.ts';

const times = (from: number, to: number) => ({ start: epochNanos(BigInt(from)), end: epochNanos(BigInt(to)) });
const client = span({ service: 'kubectl-trace', id: 'c1', kind: 'client', ...times(0, 1000) });

const row = (
  id: string,
  name: string,
  parent: string,
  [from, to]: readonly [number, number],
  kind: 'internal' | 'client' = 'internal',
): TraceInput => ({
  span: span({ service: 'apiserver', id, parent, name, kind, ...times(from, to) }),
  source: 'metric',
  inferred: false,
  precision: 'exact',
});

/** Two webhooks, each with its HTTP call, and the storage. */
const ROWS = [
  row('1', 'POST /api/v1/namespaces/default/pods', 'c1', [100, 900]),
  row('2', 'Call mutating webhook', '1', [200, 400]),
  row('3', 'HTTP POST first', '2', [210, 390], 'client'),
  row('4', 'Call validating webhook', '1', [500, 700]),
  row('5', 'HTTP POST second', '4', [510, 690], 'client'),
  row('6', 'storage, encode, write (inferred)', '1', [700, 900]),
];

const served = (service: string, from: number, to: number, parent = 'c1') =>
  span({ service, id: 'e1', parent, kind: 'server', ...times(from, to) });

const parentOf = (...args: Parameters<typeof rowAround>): string | undefined => rowAround(...args)?.name;

suite('a span of another server', () => {
  test('belongs below the call that it lies in', () => {
    assert.equal(parentOf(served('injector', 220, 380), client, ROWS), 'HTTP POST first');
    assert.equal(parentOf(served('policy', 520, 680), client, ROWS), 'HTTP POST second');
  });

  test('of etcd belongs below the storage', () => {
    assert.equal(parentOf(served('etcd', 710, 800), client, ROWS), 'storage, encode, write (inferred)');
  });

  test('belongs below the only call, whatever its clock says', () => {
    assert.equal(parentOf(served('injector', 90_000, 90_100), client, ROWS.slice(0, 3)), 'HTTP POST first');
    assert.equal(parentOf(served('injector', 90_000, 90_100), client, ROWS), undefined);
  });

  test('stays where it is if it has another parent, or there are no rows', () => {
    assert.equal(parentOf(served('injector', 220, 380, 'a7'), client, ROWS), undefined);
    assert.equal(parentOf(served('injector', 220, 380), client, []), undefined);
  });
});
