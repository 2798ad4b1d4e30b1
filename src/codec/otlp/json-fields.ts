import type { Exactness } from './value.ts';
import { double, integer } from '../integer.ts';
import { isObject, list } from '../json.ts';
import { otlpSpanID, otlpTraceID } from './id.ts';
import { MAX_DEPTH, type Field, type Message } from './schema.ts';
import { bytesField, doubleField, fixed32Field, fixed64Field, textField, varintField } from '../protobuf/writer.ts';

/** Writes a message that came as JSON in protobuf. What is not known, or not of its type, is left out. */
export function write(raw: unknown, { byName }: Message, exactness: Exactness, depth: number): Buffer {
  const pieces: Uint8Array[] = [];
  if (isObject(raw) && depth <= MAX_DEPTH) {
    for (const [name, value] of Object.entries(raw)) {
      const field = byName.get(name);
      if (field === undefined) continue;
      for (const one of field.repeated ? list(value) : [value]) pieces.push(...fieldOf(field, one, exactness, depth));
    }
  }
  return Buffer.concat(pieces);
}

/** The same of one field. */
export function fieldOf(field: Field, value: unknown, exactness: Exactness, depth: number): readonly Uint8Array[] {
  const { number, type } = field;
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) exactness.exact = false;
  switch (type) {
    case 'text':
      return typeof value === 'string' ? [textField(number, value)] : [];
    case 'bool':
      return typeof value === 'boolean' ? [varintField(number, value ? 1 : 0)] : [];
    case 'int64':
    case 'uint32':
      return present(integer(value), (found) => varintField(number, found));
    case 'enum':
      return present(enumeration(field, value), (found) => varintField(number, found));
    case 'double':
      return present(double(value), (found) => doubleField(number, found));
    case 'fixed64':
      return present(integer(value), (found) => fixed64Field(number, BigInt(found)));
    case 'fixed32':
      return present(integer(value), (found) => fixed32Field(number, Number(found)));
    case 'traceID':
      return present(otlpTraceID(value), (id) => hexField(number, id));
    case 'spanID':
      return present(otlpSpanID(value), (id) => hexField(number, id));
    case 'bytes':
      return typeof value === 'string' ? bytesField(number, Buffer.from(value, 'base64')) : [];
    default:
      return isObject(value) ? bytesField(number, write(value, type(), exactness, depth + 1)) : [];
  }
}

const present = <T>(value: T | undefined, make: (value: T) => Buffer): readonly Buffer[] =>
  value === undefined ? [] : [make(value)];

const hexField = (number: number, hex: string): Buffer => Buffer.concat(bytesField(number, Buffer.from(hex, 'hex')));

function enumeration({ values = [] }: Field, value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  const index = values.findIndex((name) => name === value);
  return index === -1 ? undefined : index;
}
