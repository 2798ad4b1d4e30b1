import { MAX_DEPTH, RESOURCE_SPANS, type Field, type Message } from './schema.ts';
import { WireReader, WireType } from '../protobuf/reader.ts';

/** A message `ResourceSpans` in OTLP's JSON: IDs are hex, enumerations and small numbers numbers, long ones texts. */
export function resourceSpansToJSON(message: Uint8Array): object {
  return partToJSON(message, RESOURCE_SPANS);
}

/** A message inside one, `Span` for example. */
export function partToJSON(bytes: Uint8Array, message: Message): object {
  const reader = new WireReader(bytes);
  return toJSON(reader, reader.end, message, 0);
}

function toJSON(reader: WireReader, end: number, { byNumber }: Message, depth: number): object {
  const result: Record<string, unknown> = {};
  if (depth > MAX_DEPTH) {
    reader.position = end;
    return result;
  }
  while (reader.next(end)) {
    const field = byNumber.get(reader.field);
    if (field === undefined || reader.type !== wireTypeOf(field)) {
      reader.skip();
      continue;
    }
    const value = read(reader, field, depth);
    if (!field.repeated) result[field.name] = value;
    else if (result[field.name] === undefined) result[field.name] = [value];
    else (result[field.name] as unknown[]).push(value);
  }
  return result;
}

/** Numbers of these messages are never packed: none of them is repeated. */
function wireTypeOf({ type }: Field): number {
  switch (type) {
    case 'bool':
    case 'int64':
    case 'uint32':
    case 'enum':
      return WireType.varint;
    case 'double':
    case 'fixed64':
      return WireType.fixed64;
    case 'fixed32':
      return WireType.fixed32;
    default:
      return WireType.bytes;
  }
}

function read(reader: WireReader, { type }: Field, depth: number): unknown {
  switch (type) {
    case 'text':
      return reader.string();
    case 'bool':
      return reader.int64() !== 0;
    case 'int64':
      return String(reader.int64());
    case 'uint32':
    case 'enum':
      return Number(reader.int64());
    case 'double': {
      const value = reader.double();
      return Number.isFinite(value) ? value : String(value);
    }
    case 'fixed64':
      return String(reader.fixed64());
    case 'fixed32':
      return reader.fixed32();
    case 'traceID':
    case 'spanID':
      return reader.hex();
    case 'bytes':
      return reader.view().toString('base64');
    default:
      return toJSON(reader, reader.length(), type(), depth + 1);
  }
}
