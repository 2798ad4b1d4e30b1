import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTraceparent, parseTraceparent } from '../../../src/propagation/traceparent.ts';
import { newSpanID, newTraceID, parseSpanID, parseTraceID } from '../../../src/trace/ids.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

test('a sampled and an unsampled context are written with two flag digits', () => {
  const traceID = parseTraceID(trace)!;
  const spanID = parseSpanID(span)!;
  assert.equal(formatTraceparent(traceID, spanID, { sampled: true }), `00-${trace}-${span}-01`);
  assert.equal(formatTraceparent(traceID, spanID, { sampled: false }), `00-${trace}-${span}-00`);
});

test('what is written is read back, for any IDs', () => {
  const bytes = (size: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: size, maxLength: size });
  const notZero = (array: Uint8Array): boolean => array.some((byte) => byte !== 0);
  fc.assert(
    fc.property(bytes(16).filter(notZero), bytes(8).filter(notZero), fc.boolean(), (one, two, sampled) => {
      const traceID = newTraceID(() => one);
      const spanID = newSpanID(() => two);
      assert.deepEqual(parseTraceparent(formatTraceparent(traceID, spanID, { sampled })), { traceID, spanID, sampled });
    }),
  );
});

test('of the flags only the lowest bit says whether it is sampled', () => {
  assert.equal(parseTraceparent(`00-${trace}-${span}-03`)?.sampled, true);
  assert.equal(parseTraceparent(`00-${trace}-${span}-ff`)?.sampled, true);
  assert.equal(parseTraceparent(`00-${trace}-${span}-02`)?.sampled, false);
});

test('a newer version is read by its first four fields, and may have more', () => {
  assert.equal(parseTraceparent(`01-${trace}-${span}-01`)?.traceID, trace);
  assert.equal(parseTraceparent(`cc-${trace}-${span}-01-what-comes-later`)?.spanID, span);
});

for (const [why, header] of [
  ['version ff', `ff-${trace}-${span}-01`],
  ['more fields in version 00', `00-${trace}-${span}-01-more`],
  ['a tail without a dash', `01-${trace}-${span}-01more`],
  ['an all-zero trace ID', `00-${'0'.repeat(32)}-${span}-01`],
  ['an all-zero span ID', `00-${trace}-${'0'.repeat(16)}-01`],
  ['upper case', `00-${trace.toUpperCase()}-${span}-01`],
  ['a short trace ID', `00-${trace.slice(1)}-${span}-01`],
  ['one flag digit', `00-${trace}-${span}-1`],
  ['nothing', ''],
] as const) {
  test(`${why} is not a trace context`, () => assert.equal(parseTraceparent(header), undefined));
}
