import type { AttributeValue } from '../../trace/span.ts';
import { JAEGER_FORMAT_NOISE, setAttribute } from '../decoded.ts';
import { WireType, type WireReader } from '../protobuf/reader.ts';

export type MutableAttributes = Record<string, AttributeValue>;

/** No real attribute is nested this deep; a message that is would exhaust the stack. */
const MAX_DEPTH = 64;

/** Reads the message `KeyValue` that comes next into `attributes`. */
export function protobufKeyValue(reader: WireReader, attributes: MutableAttributes, depth = 0): void {
  const end = reader.length();
  let key: string | undefined;
  let value: AttributeValue = null;
  while (reader.next(end)) {
    if (reader.is(1, WireType.bytes)) key = reader.string();
    else if (reader.is(2, WireType.bytes)) value = anyValue(reader, depth);
    else reader.skip();
  }
  // An empty key is left out on the wire.
  if (key !== JAEGER_FORMAT_NOISE) setAttribute(attributes, key ?? '', value);
}

/** The message `AnyValue`; null when it is empty or of a kind that is not known. */
function anyValue(reader: WireReader, depth: number): AttributeValue {
  const end = reader.length();
  if (depth > MAX_DEPTH) {
    reader.position = end;
    return null;
  }
  let value: AttributeValue = null;
  while (reader.next(end)) {
    if (reader.is(1, WireType.bytes)) value = reader.string();
    else if (reader.is(2, WireType.varint)) value = reader.int64() !== 0;
    else if (reader.is(3, WireType.varint)) value = reader.int64();
    else if (reader.is(4, WireType.fixed64)) value = reader.double();
    else if (reader.is(5, WireType.bytes)) value = arrayValue(reader, depth + 1);
    else if (reader.is(6, WireType.bytes)) value = keyValueList(reader, depth + 1);
    else if (reader.is(7, WireType.bytes)) value = new Uint8Array(reader.view());
    else reader.skip();
  }
  return value;
}

function arrayValue(reader: WireReader, depth: number): AttributeValue {
  const end = reader.length();
  const values: AttributeValue[] = [];
  while (reader.next(end)) {
    if (reader.is(1, WireType.bytes)) values.push(anyValue(reader, depth));
    else reader.skip();
  }
  return values;
}

function keyValueList(reader: WireReader, depth: number): AttributeValue {
  const end = reader.length();
  const attributes: MutableAttributes = {};
  while (reader.next(end)) {
    if (reader.is(1, WireType.bytes)) protobufKeyValue(reader, attributes, depth);
    else reader.skip();
  }
  return attributes;
}
