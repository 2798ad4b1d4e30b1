import { WireType } from './reader.ts';

/** A field of a message of Protocol Buffers that holds bytes, a text or another message, as the pieces it consists of. */
export function bytesField(number: number, bytes: Uint8Array): [head: Buffer, body: Uint8Array] {
  return [Buffer.concat([tag(number, WireType.bytes), varint(bytes.byteLength)]), bytes];
}

export const textField = (number: number, text: string): Buffer => Buffer.concat(bytesField(number, Buffer.from(text)));

/** An int64, int32, bool or enumeration. */
export const varintField = (number: number, value: number | bigint): Buffer =>
  Buffer.concat([tag(number, WireType.varint), varint(value)]);

export function fixed64Field(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return Buffer.concat([tag(number, WireType.fixed64), bytes]);
}

export function fixed32Field(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return Buffer.concat([tag(number, WireType.fixed32), bytes]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(number, WireType.fixed64), bytes]);
}

const tag = (number: number, type: number): Buffer => varint(number * 8 + type);

/** Negative numbers are written as their 64 bits of two's complement. */
function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  if (typeof value === 'number' && value >= 0 && value < 2 ** 31) {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
  } else {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
  }
  return Buffer.from(bytes);
}
