import fc from 'fast-check';
import { bytesField, fixed64Field, message, textField, varintField } from '../../support/protobuf.ts';
import { INTEGERS, TEXTS } from '../engine/hostile-values.ts';

const hostileText = fc.oneof(fc.string(), fc.constantFrom(...TEXTS));
const hostileInteger = fc.constantFrom(...INTEGERS);

/** Keys that the formats have, so that a value arrives where it is looked for. */
const KEYS =
  'resourceSpans scopeSpans batches spans resource scope attributes events links ' +
  'status traceId spanId parentSpanId traceID spanID id name kind ' +
  'key value values startTimeUnixNano endTimeUnixNano timestamp duration startTime data ' +
  'processes tags logs stringValue intValue boolValue arrayValue kvlistValue bytesValue ' +
  'doubleValue message localEndpoint serviceName annotations metadata items apiVersion __proto__ ' +
  'constructor';

/** JSON with the keys of the formats and values of any type below them. */
export const jsonText: fc.Arbitrary<Buffer> = fc
  .letrec<{ value: unknown; object: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.oneof(
        hostileText,
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('a1'.repeat(16), 'b2'.repeat(8)),
      ),
      tie('object'),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
    object: fc.dictionary(fc.oneof(fc.constantFrom(...KEYS.split(' ')), hostileText), tie('value'), { maxKeys: 6 }),
  }))
  .value.map((value) => Buffer.from(JSON.stringify(value) ?? 'null'));

const field = (inner: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 16 }), inner).map(([number, bytes]) => bytesField(number, bytes)),
    fc.tuple(fc.integer({ min: 1, max: 16 }), hostileInteger).map(([number, value]) => varintField(number, value)),
    fc
      .tuple(fc.integer({ min: 1, max: 16 }), hostileInteger)
      .map(([number, value]) => fixed64Field(number, BigInt.asUintN(64, value))),
    fc.tuple(fc.integer({ min: 1, max: 16 }), hostileText).map(([number, text]) => textField(number, text)),
    fc
      .constantFrom(16, 8)
      .chain((size) =>
        fc
          .tuple(fc.integer({ min: 1, max: 4 }), fc.uint8Array({ minLength: size, maxLength: size }))
          .map(([number, id]) => bytesField(number, id)),
      ),
  );

/** Protocol Buffers of any shape, with lengths that are right. */
export const protobufMessage: fc.Arbitrary<Buffer> = fc.letrec<{ message: Buffer }>((tie) => ({
  message: fc
    .array(field(fc.oneof({ maxDepth: 8, withCrossShrink: true }, fc.constant(Buffer.alloc(0)), tie('message'))), {
      maxLength: 6,
    })
    .map((fields) => message(...fields)),
})).message;
