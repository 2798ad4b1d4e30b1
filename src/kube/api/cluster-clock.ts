import { epochNanos, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import type { Exchange } from '../http/exchange.ts';

/** How far the cluster's clock is from this machine's. */
export interface ClockOffset {
  /** The cluster's time minus this machine's. */
  readonly nanos: Nanos;
  /** The true offset differs from it by this at most. */
  readonly uncertainty: Nanos;
}

/** The offset is between these, in nanoseconds. */
interface Bounds {
  readonly lowest: bigint;
  readonly highest: bigint;
}

const SECOND = 1_000_000_000n;

/**
 * The cluster's clock, as its responses show it. A `Date` header (RFC 9110, section 6.6.1) is the server's time in whole
 * seconds, taken between the request and the first byte of the response, so that each response bounds the offset to a
 * second and a round trip; several of them narrow it. A server with another clock, or a clock that was set, contradicts
 * these bounds: then the newest response counts alone.
 */
export class ClusterClock {
  #bounds: Bounds | undefined;
  /** By the creation times of objects: the cluster's clock cannot be behind what it has written. */
  #least: bigint | undefined;

  /** Learns from a response. One without a `Date`, or out of a cache, says nothing. */
  observe({ headers, startedAt, durationNanos, phases }: Exchange): void {
    const millis = Date.parse(headers['date'] ?? '');
    if (Number.isNaN(millis) || Number(headers['age'] ?? 0) > 0) return;
    const date = BigInt(millis) * 1_000_000n;
    const { dnsNanos, connectNanos, tlsNanos, sendNanos, waitNanos } = phases;
    const toFirstByte = [dnsNanos, connectNanos, tlsNanos, sendNanos, waitNanos].reduce<number>(
      (sum, phase) => sum + (phase ?? 0),
      0,
    );
    const respondedAt = startedAt + BigInt(Math.ceil(waitNanos === null ? durationNanos : toFirstByte));
    const found = { lowest: date - respondedAt, highest: date + SECOND - startedAt };
    const lowest = max(found.lowest, this.#bounds?.lowest ?? found.lowest);
    const highest = min(found.highest, this.#bounds?.highest ?? found.highest);
    this.#bounds = lowest <= highest ? { lowest, highest } : found;
  }

  /** `written`: a time that the cluster has written, and that was read by `local` of this machine's clock. */
  atLeast(written: EpochNanos, local: EpochNanos): void {
    this.#least = max(written - local, this.#least ?? written - local);
  }

  /** Undefined before any response has shown the server's time. */
  get offset(): ClockOffset | undefined {
    if (this.#bounds === undefined) return undefined;
    const { lowest, highest } = this.#bounds;
    const middle = this.#middle;
    return { nanos: nanos(Number(middle)), uncertainty: nanos(Number(max(highest - middle, middle - lowest))) };
  }

  /** The cluster's time at `local` of this machine's clock; without any evidence the two are taken to be equal. */
  at(local: EpochNanos): EpochNanos {
    return epochNanos(local + this.#middle);
  }

  /** This machine's time at `cluster` of the cluster's clock. */
  localOf(cluster: EpochNanos): EpochNanos {
    return epochNanos(cluster - this.#middle);
  }

  /** 0 wherever the evidence allows it: the two clocks may then agree. */
  get #middle(): bigint {
    const { lowest, highest } = this.#bounds ?? { lowest: this.#least ?? 0n, highest: undefined };
    if (highest === undefined) return max(lowest, 0n);
    return lowest <= 0n && highest >= 0n ? 0n : (lowest + highest) / 2n;
  }
}

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const min = (one: bigint, other: bigint): bigint => (one < other ? one : other);
