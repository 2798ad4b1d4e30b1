import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { SpanPositions } from '../../../../src/trace/index/span-positions.ts';
import type { Span, SpanKind } from '../../../../src/trace/span.ts';
import { span, spanID, traceID } from '../../../support/spans.ts';

function positionsOf(spans: readonly Span[]): { positions: SpanPositions; kept: readonly Span[] } {
  const positions = new SpanPositions(spans.length);
  const kept: Span[] = [];
  for (const one of spans) if (positions.add(one, (position) => (kept[position] as Span).kind)) kept.push(one);
  return { positions, kept };
}

suite('the positions of spans', () => {
  test('are found by trace ID and all 64 bits of the span ID', () => {
    // Differences in the first and the last bits of both halves, and the same ID in two traces.
    const id = fc.constantFrom('1', '8000000000000000', 'ffffffff', '100000000', '80000000', '8000000080000000', 'f');
    const some = fc.record({ trace: fc.constantFrom('a1', 'b2'), id });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 20 }), some, (parts, asked) => {
        const { positions, kept } = positionsOf(parts.map((one) => span({ ...one, kind: 'internal' })));
        const wanted = kept.findIndex((one) => one.traceID === traceID(asked.trace) && one.spanID === spanID(asked.id));
        assert.equal(positions.parentAt(traceID(asked.trace), spanID(asked.id)), wanted < 0 ? undefined : wanted);
      }),
    );
  });

  test('of many spans are found with random and with sequential IDs', () => {
    const ids = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? i + 1 : (i + 1) * 2 ** 40).toString(16));
    const { positions } = positionsOf(ids.map((id) => span({ id })));
    for (const [index, id] of ids.entries()) assert.equal(positions.parentAt(traceID('a1'), spanID(id)), index);
    assert.equal(positions.parentAt(traceID('a1'), spanID('fffffff')), undefined);
  });

  test('of a client and a server span with the same ID are both found', () => {
    for (const kinds of [
      ['client', 'server'],
      ['server', 'client'],
    ] satisfies SpanKind[][]) {
      const spans = kinds.map((kind) => span({ id: '7', kind }));
      const { positions, kept } = positionsOf([...spans, ...spans]);
      assert.equal(kept.length, 2);
      const [client, server] = [kinds.indexOf('client'), kinds.indexOf('server')];
      assert.equal(positions.parentAt(traceID('a1'), spanID('7')), server);
      assert.equal(positions.clientOf(spans[server] as Span, server), client);
      assert.equal(positions.clientOf(spans[client] as Span, client), undefined);
    }
  });
});
