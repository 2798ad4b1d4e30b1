import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenAmong } from '../../../../src/analysis/completeness/server-spans.ts';
import { normalise } from '../../../../src/analysis/kubernetes/normalise.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { span } from '../../../support/spans.ts';

const at = (id: string, name: string, parent: string | undefined, start: number, end: number): Span =>
  span({
    id,
    name,
    ...(parent !== undefined && { parent }),
    ...(parent === undefined && { kind: 'server' }),
    start: epochNanos(BigInt(start)),
    end: epochNanos(BigInt(end)),
  });

/** `child > new parent` of every span that is moved. */
function moved(spans: readonly Span[]): string[] {
  const server = { root: spans[0]!, contextKept: true, spans, childrenOf: childrenAmong(spans) };
  return [...normalise(server)].map(([child, { parent }]) => `${child.name} > ${parent?.name}`);
}

test('webhook calls during an update become children of the update', () => {
  //   Patch      0 |--------------------| 100
  //   update     10  |---------------|  90
  //   mutating   20    |---|            40
  //   validating 50          |--|       60
  //   answer     92                    || 98
  assert.deepEqual(
    moved([
      at('1', 'PATCH /', undefined, 0, 100),
      at('2', 'Patch', '1', 0, 100),
      at('3', 'GuaranteedUpdate etcd3', '2', 10, 90),
      at('4', 'Call mutating webhook', '2', 20, 40),
      at('5', 'Call validating webhook', '2', 50, 60),
      at('6', 'SerializeObject', '2', 92, 98),
    ]),
    ['Call mutating webhook > GuaranteedUpdate etcd3', 'Call validating webhook > GuaranteedUpdate etcd3'],
  );
});

test('each update gets its own calls, and a call outside stays in place', () => {
  const [first, second] = [
    at('3', 'GuaranteedUpdate etcd3', '2', 10, 40),
    at('4', 'GuaranteedUpdate etcd3', '2', 50, 90),
  ];
  const spans = [
    at('1', 'PATCH /', undefined, 0, 100),
    at('2', 'Patch', '1', 0, 100),
    first,
    second,
    at('5', 'Call mutating webhook', '2', 60, 70),
    at('6', 'Call validating webhook', '2', 42, 48),
  ];
  const server = { root: spans[0]!, contextKept: true, spans, childrenOf: childrenAmong(spans) };
  const placements = normalise(server);
  assert.deepEqual([...placements.keys()], [spans[4]]);
  assert.equal(placements.get(spans[4]!)?.parent, second);
});

test('webhook calls of a creation stay in place, because no update span encloses them', () => {
  assert.deepEqual(
    moved([
      at('1', 'POST /', undefined, 0, 100),
      at('2', 'Create', '1', 0, 100),
      at('3', 'Call mutating webhook', '2', 10, 50),
      at('4', 'Create etcd3', '2', 60, 90),
    ]),
    [],
  );
});
