/** Limits of the receiver for all senders together, listed in docs/serve.md. */
export interface Limits {
  /** Maximum of one request, before and after decompression. */
  readonly messageBytes: number;
  /** Maximum of all requests that are being received or wait to be stored. */
  readonly pendingBytes: number;
  /** Maximum of one request in the store, of one row there, and of one span. */
  readonly storedBytes: number;
  readonly chunkBytes: number;
  readonly spanBytes: number;
  /** At one time; beyond it the one that has been idle for the longest makes room. */
  readonly connections: number;
  /** The same of those that look traces up. */
  readonly readers: number;
  /** Maximum of the bytes sent to all of those that they have not read. */
  readonly unreadBytes: number;
  /** From the first byte of a connection, and from the head of a request, to its end. */
  readonly greetingMillis: number;
  readonly requestMillis: number;
  /** How long a sender waits that cannot be served now. */
  readonly retrySeconds: number;
  /** Waiting to be passed on by --forward. */
  readonly forwardBytes: number;
}

const MIB = 1024 * 1024;

export const LIMITS: Limits = {
  messageBytes: 16 * MIB,
  pendingBytes: 64 * MIB,
  storedBytes: 64 * MIB,
  chunkBytes: MIB / 4,
  spanBytes: MIB,
  connections: 1000,
  readers: 200,
  unreadBytes: 32 * MIB,
  greetingMillis: 10_000,
  requestMillis: 30_000,
  retrySeconds: 1,
  forwardBytes: 32 * MIB,
};

/** One request must leave room for others in a store of this many bytes. */
export function fitting(limits: Limits, maxBytes: number): Limits {
  const most = Math.floor(maxBytes / 4);
  return {
    ...limits,
    messageBytes: Math.min(limits.messageBytes, most),
    storedBytes: Math.min(limits.storedBytes, most),
    chunkBytes: Math.min(limits.chunkBytes, most),
    spanBytes: Math.min(limits.spanBytes, most),
  };
}
