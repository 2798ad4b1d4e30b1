import { INTEGERS, NUMBER_TEXTS, TEXTS } from './hostile-values.ts';
import type { Random } from './random.ts';

/** Changes some of the bytes. `other` is another input of the corpus, to be spliced in. */
export type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** An input does not grow beyond this by mutation: what is found is found in small inputs. */
const MAX_BYTES = 256 * 1024;

const flipBits: Mutation = (bytes, random) => {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  for (let count = 1 + random.below(8); count > 0; count--) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] as number) ^ (1 << random.below(8));
  }
  return copy;
};

const replaceByte: Mutation = (bytes, random) => {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  copy[random.below(copy.length)] = random.pick([0, 0x0a, 0x0d, 0x22, 0x5b, 0x7b, 0x7f, 0x80, 0xff, random.below(256)]);
  return copy;
};

const truncate: Mutation = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));

const remove: Mutation = (bytes, random) => {
  const from = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, from + 1 + random.below(64));
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const insert: Mutation = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  const what = random.chance(0.5) ? random.bytes(1 + random.below(16)) : Buffer.from(random.pick(TEXTS));
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
};

/** A part of the input many times over. */
const repeat: Mutation = (bytes, random) => {
  if (bytes.length === 0) return bytes;
  const from = random.below(bytes.length);
  const part = bytes.subarray(from, from + 1 + random.below(Math.min(200, bytes.length - from)));
  const times = random.pick([2, 2, 3, 3, 5, 10, 30, 100, 1000, 10_000]);
  const count = Math.min(times, Math.floor((MAX_BYTES - bytes.length) / part.length));
  if (count < 1) return bytes;
  return Buffer.concat([bytes.subarray(0, from), ...Array<Buffer>(count).fill(part), bytes.subarray(from)]);
};

const splice: Mutation = (bytes, random, other) => {
  const from = random.below(other.length + 1);
  const part = other.subarray(from, from + random.below(other.length - from + 1));
  const at = random.below(bytes.length + 1);
  const behind = random.chance(0.5) ? at : Math.min(bytes.length, at + part.length);
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(behind)]);
};

/** Fixed-width integers: lengths of frames, times. */
const tamperInteger: Mutation = (bytes, random) => {
  const width = random.pick([2, 4, 8]);
  if (bytes.length < width) return bytes;
  const copy = Buffer.from(bytes);
  const at = random.below(bytes.length - width + 1);
  const value = BigInt.asUintN(width * 8, random.pick(INTEGERS));
  for (let index = 0; index < width; index++) copy[at + index] = Number((value >> BigInt(index * 8)) & 0xffn);
  if (random.chance(0.5)) copy.subarray(at, at + width).reverse();
  return copy;
};

/** Tags and lengths of Protocol Buffers: a byte becomes another varint, so that all that follows is read otherwise. */
const tamperVarint: Mutation = (bytes, random) => {
  if (bytes.length === 0) return bytes;
  const at = random.below(bytes.length);
  const byte = bytes[at] as number;
  const value = random.chance(0.5)
    ? BigInt.asUintN(64, random.pick(INTEGERS))
    : BigInt(Math.max(0, (byte & 0x7f) + random.below(17) - 8));
  return Buffer.concat([bytes.subarray(0, at), varint(value), bytes.subarray(at + 1)]);
};

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** One of the numbers that the text has becomes another. */
const tamperNumberText: Mutation = (bytes, random) => {
  const text = bytes.toString('latin1');
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length === 0) return bytes;
  const { index, 0: digits } = random.pick(numbers);
  const replaced = text.slice(0, index) + random.pick(NUMBER_TEXTS) + text.slice(index + digits.length);
  return Buffer.from(replaced, 'latin1');
};

/** A message inside a message inside a message: what a recursive reader runs out of stack on. */
const nestMessages: Mutation = (bytes, random) => {
  const tag = bytes.length === 0 ? 0x0a : ((bytes[random.below(bytes.length)] as number) & 0xf8) | 2;
  const heads: Buffer[] = [];
  let size = Math.min(bytes.length, 4096);
  for (let depth = random.pick([2, 5, 10, 99, 100, 101, 250, 5000]); depth > 0 && size < MAX_BYTES; depth--) {
    const head = Buffer.concat([Buffer.from([tag]), varint(BigInt(size))]);
    heads.push(head);
    size += head.length;
  }
  return Buffer.concat([...heads.reverse(), bytes.subarray(0, 4096)]);
};

export const BYTE_MUTATIONS: readonly Mutation[] = [
  flipBits,
  replaceByte,
  truncate,
  remove,
  insert,
  repeat,
  splice,
  tamperInteger,
  tamperNumberText,
];
export const PROTOBUF_MUTATIONS: readonly Mutation[] = [...BYTE_MUTATIONS, tamperVarint, tamperVarint, nestMessages];
