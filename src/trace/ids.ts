/**
 * W3C trace context identifiers (https://www.w3.org/TR/trace-context/ §3.2.2): 16 and 8 random bytes,
 * written as lower-case hex, never all zero. Only the functions here make the branded types.
 */

/** 32 lower-case hex digits, not all zero. */
export type TraceID = string & { readonly __brand: 'TraceID' };
/** 16 lower-case hex digits, not all zero. */
export type SpanID = string & { readonly __brand: 'SpanID' };

/** Fills an array with random bytes; injected so that tests can count. */
export type RandomBytes = (size: number) => Uint8Array;

/**
 * Reads a trace ID in any of the spellings that backends use: upper case, or without its leading zeros
 * (64-bit IDs of Jaeger and Zipkin, Tempo's search). Undefined when it is not one.
 */
export function parseTraceID(text: string): TraceID | undefined {
  if (!/^[0-9a-fA-F]{1,32}$/.test(text)) return undefined;
  const id = text.toLowerCase().padStart(32, '0');
  return /^0+$/.test(id) ? undefined : (id as TraceID);
}

/** Reads a span ID, also without its leading zeros. Undefined when it is not one. */
export function parseSpanID(text: string): SpanID | undefined {
  if (isSpanID(text)) return text;
  if (!/^[0-9a-fA-F]{1,16}$/.test(text)) return undefined;
  const id = text.toLowerCase().padStart(16, '0');
  return /^0+$/.test(id) ? undefined : (id as SpanID);
}

/** As all but a few backends write it: the expressions are only for those that do not. */
function isSpanID(text: string): text is SpanID {
  if (text.length !== 16) return false;
  let digits = 0;
  for (let i = 0; i < 16; i++) {
    const code = text.charCodeAt(i);
    const isDigit = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
    if (!isDigit) return false;
    if (code !== 0x30) digits++;
  }
  return digits > 0;
}

export function newTraceID(random: RandomBytes): TraceID {
  return nonZeroHex(random, 16) as TraceID;
}

export function newSpanID(random: RandomBytes): SpanID {
  return nonZeroHex(random, 8) as SpanID;
}

function nonZeroHex(random: RandomBytes, size: number): string {
  for (;;) {
    const hex = Buffer.from(random(size)).toString('hex');
    if (!/^0+$/.test(hex)) return hex;
  }
}

/**
 * The ID of a span that no process reported (inferred time, a phase of the client): made from its parent's ID and what it
 * stands for, so that the same trace gets the same IDs each time it is looked at. FNV-1a, 64 bits.
 */
export function deriveSpanID(parent: SpanID, purpose: string): SpanID {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${parent} ${purpose}`)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return (hash === 0n ? '1' : hash.toString(16)).padStart(16, '0') as SpanID;
}
