/** The bytes are not a message of Protocol Buffers, or end in the middle of one. */
export class MalformedMessage extends Error {
  constructor(problem: string) {
    super(`malformed protobuf: ${problem}`);
    this.name = 'MalformedMessage';
  }
}

/** How a field is written (https://protobuf.dev/programming-guides/encoding/); groups, 3 and 4, are of proto2. */
export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Reads the wire format of Protocol Buffers from one buffer, without copies. A message inside a message is read by the
 * same reader: `length()` says where it ends. Never reads beyond `end`; throws MalformedMessage instead.
 *
 *     while (reader.next(end)) {
 *       if (reader.field === 1 && reader.type === WireType.bytes) name = reader.string();
 *       else reader.skip();
 *     }
 */
export class WireReader {
  readonly #bytes: Buffer;
  /** Where the next byte is read from. */
  position: number;
  /** Where the message that was given ends. */
  readonly end: number;
  /** Number and wire type of the field whose value comes next. */
  field = 0;
  type = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = 0;
    this.end = bytes.byteLength;
  }

  /** Reads the tag of the next field; false where the message ends. */
  next(end: number): boolean {
    if (this.position >= end) {
      if (this.position > end) throw new MalformedMessage('a field ends behind its message');
      return false;
    }
    const tag = this.#smallVarint();
    this.field = tag >>> 3;
    this.type = tag & 7;
    if (this.field === 0) throw new MalformedMessage('a field has the number 0');
    return true;
  }

  /** Whether the field that comes next is this one, and written so. */
  is(field: number, type: number): boolean {
    return this.field === field && this.type === type;
  }

  /** Passes over the value of a field, whatever it is. */
  skip(): void {
    switch (this.type) {
      case WireType.varint:
        this.int64();
        break;
      case WireType.fixed64:
        this.#advance(8);
        break;
      case WireType.bytes:
        this.position = this.length();
        break;
      case WireType.fixed32:
        this.#advance(4);
        break;
      default:
        throw new MalformedMessage(`wire type ${this.type}`);
    }
  }

  /** Where the length-delimited value that begins now ends. */
  length(): number {
    const size = this.#smallVarint();
    const end = this.position + size;
    if (end > this.end) throw new MalformedMessage('a length leads behind the end');
    return end;
  }

  string(): string {
    const end = this.length();
    const text = this.#bytes.toString('utf8', this.position, end);
    this.position = end;
    return text;
  }

  /** A length-delimited value as lower-case hex digits. */
  hex(): string {
    const end = this.length();
    const text = this.#bytes.toString('hex', this.position, end);
    this.position = end;
    return text;
  }

  /** A length-delimited value, as a view of the buffer. */
  view(): Buffer {
    const end = this.length();
    const view = this.#bytes.subarray(this.position, end);
    this.position = end;
    return view;
  }

  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#advance(8));
  }

  fixed32(): number {
    return this.#bytes.readUInt32LE(this.#advance(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  /** A varint that is meant as int64, int32, bool or an enumeration: a number where that is exact, else a bigint. */
  int64(): number | bigint {
    const start = this.position;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    this.position = start;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      const signed = BigInt.asIntN(64, value);
      const number = Number(signed);
      return Number.isSafeInteger(number) ? number : signed;
    }
    throw new MalformedMessage('a number has more than ten bytes');
  }

  /** A tag or a length: at most 2^32 - 1. */
  #smallVarint(): number {
    const value = this.int64();
    if (typeof value !== 'number' || value < 0 || value > 0xffffffff) {
      throw new MalformedMessage('a tag or a length is too large');
    }
    return value;
  }

  #byte(): number {
    if (this.position >= this.end) throw new MalformedMessage('it ends in the middle of a number');
    return this.#bytes[this.position++] as number;
  }

  /** Where the value of `size` bytes begins, which is passed over. */
  #advance(size: number): number {
    const start = this.position;
    if (start + size > this.end) throw new MalformedMessage('it ends in the middle of a value');
    this.position = start + size;
    return start;
  }
}
