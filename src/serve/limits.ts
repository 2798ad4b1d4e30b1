/** What the receiver takes in at most, whoever sends: told in docs/serve.md. */
export interface Limits {
  /** Of one request, before and after decompression. */
  readonly messageBytes: number;
  /** Of all requests that are being received or wait to be kept. */
  readonly pendingBytes: number;
  /** At one time; beyond it the one that has been idle for the longest makes room. */
  readonly connections: number;
  /** From the first byte of a connection, and from the head of a request, to its end. */
  readonly greetingMillis: number;
  readonly requestMillis: number;
  /** What a sender is told to wait that cannot be served now. */
  readonly retrySeconds: number;
  /** Waiting to be passed on by --forward. */
  readonly forwardBytes: number;
}

const MIB = 1024 * 1024;

export const LIMITS: Limits = {
  messageBytes: 16 * MIB,
  pendingBytes: 64 * MIB,
  connections: 1000,
  greetingMillis: 10_000,
  requestMillis: 30_000,
  retrySeconds: 1,
  forwardBytes: 32 * MIB,
};
