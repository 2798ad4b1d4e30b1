import type { Span } from '../../trace/span.ts';
import type { Nanos } from '../../trace/time.ts';

/** Client-side timing of one request. Phases that did not happen are null; times in nanoseconds. */
export interface ClientTiming {
  /** The request's client span. */
  readonly span: Span;
  readonly dns: Nanos | null;
  readonly connect: Nanos | null;
  readonly tls: Nanos | null;
  readonly receive: Nanos | null;
  /** Body bytes of the response, as received. */
  readonly responseBytes: number;
  /** False when no HTTP response came. */
  readonly hasResponse: boolean;
  /** How long a stream was only open until its end; null or absent for other responses. */
  readonly open?: Nanos | null;
  /** Measurements of the client itself and of the connection; undefined in documents of earlier versions. */
  readonly measured?: ClientMeasure | undefined;
}

/** The client's own part of the phases, and the shortest round trip of the connection. */
export interface ClientMeasure {
  readonly dns: Nanos;
  readonly connect: Nanos;
  readonly tls: Nanos;
  readonly send: Nanos;
  readonly wait: Nanos;
  readonly receive: Nanos;
  /** Null where none was measured. */
  readonly roundTrip: Nanos | null;
  /** How long after its first byte each tenth of the response was in, but for the last; null for a short one. */
  readonly tenths: readonly Nanos[] | null;
  /** The end of the TLS connection; null where that is not known. */
  readonly tlsEnd: 'apiserver' | 'gateway' | null;
}
