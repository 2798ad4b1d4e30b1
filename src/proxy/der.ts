/** The few forms of DER (ITU-T X.690) that a certificate is written with. */
export const DER = {
  sequence: (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts)),
  set: (...parts: readonly Buffer[]): Buffer => element(0x31, Buffer.concat(parts)),
  /** Takes a positive number: its first bit is not set. */
  integer: (bytes: Uint8Array): Buffer => element(0x02, Buffer.from(bytes)),
  true: Buffer.of(0x01, 0x01, 0xff),
  bits: (bytes: Uint8Array, unused = 0): Buffer => element(0x03, Buffer.concat([Buffer.of(unused), bytes])),
  bytes: (content: Uint8Array): Buffer => element(0x04, Buffer.from(content)),
  text: (content: string): Buffer => element(0x0c, Buffer.from(content)),
  /** Years 1950 to 2049. */
  time: (instant: Date): Buffer => element(0x17, Buffer.from(`${utc(instant)}Z`)),
  /** `1.2.840.10045.4.3.2` */
  identifier: (dotted: string): Buffer => element(0x06, Buffer.from(arcs(dotted.split('.').map(Number)))),
  /** `[n]` of a specification, around something or in place of its tag. */
  tagged: (tag: number, content: Uint8Array, constructed = true): Buffer =>
    element(0x80 + (constructed ? 0x20 : 0) + tag, Buffer.from(content)),
} as const;

/** Tag, length, content. */
function element(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

const utc = (instant: Date): string => instant.toISOString().replace(/\D/g, '').slice(2, 14);

/** The first two numbers share a byte, and each of the others has its own bytes of seven bits. */
function arcs([first = 0, second = 0, ...rest]: readonly number[]): number[] {
  return [first * 40 + second, ...rest.flatMap(septets)];
}

function septets(value: number): number[] {
  const last = value & 0x7f;
  const higher = Math.floor(value / 128);
  return higher === 0 ? [last] : [...septets(higher).map((septet) => septet | 0x80), last];
}
