import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { decodeSpan } from '../../../../src/codec/otlp/protobuf.ts';
import { Pool } from '../../../../src/codec/pool.ts';
import { MalformedMessage } from '../../../../src/codec/protobuf/reader.ts';
import { SpanCursor } from '../../../../src/codec/otlp/span-cursor.ts';
import { scanSpan } from '../../../../src/codec/otlp/span-scan.ts';
import { bytesField, fixed64Field, message, textField, varintField } from '../../../support/protobuf.ts';

const RESOURCE = { service: 'shop', attributes: {} };

/** What each makes of the bytes: the facts, nothing, or that they are malformed. */
const outcome = <T>(work: () => T): T | 'malformed' => {
  try {
    return work();
  } catch (error) {
    if (error instanceof MalformedMessage) return 'malformed';
    throw error;
  }
};

const attribute = message(textField(1, 'key'), bytesField(2, bytesField(5, bytesField(1, textField(1, 'x')))));
const whole = message(
  bytesField(1, Buffer.alloc(16, 1)),
  bytesField(2, Buffer.alloc(8, 2)),
  textField(5, 'GET /cart'),
  varintField(6, 2n),
  fixed64Field(7, 5n),
  fixed64Field(8, 9n),
  bytesField(9, attribute),
  bytesField(11, message(fixed64Field(1, 6n), textField(2, 'event'), bytesField(3, attribute))),
  bytesField(
    13,
    message(bytesField(1, Buffer.alloc(16, 3)), bytesField(2, Buffer.alloc(8, 4)), bytesField(4, attribute)),
  ),
  bytesField(15, message(textField(2, 'boom'), varintField(3, 2n))),
);

test('a span is looked through as it is decoded, whatever is changed in it', () => {
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 });
  fc.assert(
    fc.property(changes, fc.nat(whole.length), (bytes, length) => {
      const changed = Buffer.from(whole.subarray(0, length === 0 ? whole.length : length));
      for (const [at, byte] of bytes) if (at < changed.length) changed[at] = byte;
      const decoded = outcome(() => decodeSpan(changed, RESOURCE, undefined, new Pool()));
      const scanned = outcome(() => scanSpan(changed, new Pool()));
      if (decoded === 'malformed' || decoded === undefined) return assert.equal(scanned, decoded);
      assert.ok(typeof scanned === 'object');
      const { traceID, start, end, name, kind } = decoded;
      assert.deepEqual(
        { ...scanned, nameBytes: 0 },
        { traceID, start, end, kind, nameBytes: 0, name: name.slice(0, 256) },
      );
    }),
    { numRuns: 2000, endOnFailure: true },
  );
});

suite('a cursor over the spans of a resource', () => {
  test('finds them whatever order the fields have, also when the message is read again at each step', () => {
    const scope = (name: string, ...spans: string[]): Buffer =>
      bytesField(
        2,
        message(...spans.map((span) => bytesField(2, Buffer.from(span))), bytesField(1, textField(1, name))),
      );
    const bytes = message(
      scope('a', 'one', 'two'),
      scope('none'),
      bytesField(1, Buffer.from('r')),
      scope('b', 'three'),
    );
    const cursor = new SpanCursor();
    const seen: string[] = [];
    for (;;) {
      const again = Buffer.from(bytes);
      if (cursor.next(again) === 'end') break;
      const at = ({ from, end }: { from: number; end: number }): string => again.toString('latin1', from, end);
      seen.push(`${at(cursor.resource)} ${at(cursor.scope).slice(2)} ${at(cursor.span)}`);
    }
    assert.deepEqual(seen, ['r a one', 'r a two', 'r b three']);
  });
});
