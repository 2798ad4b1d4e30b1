import type { Span } from '../../trace/span.ts';
import { after, between, nanos, type EpochNanos } from '../../trace/time.ts';
import { measure } from '../assemble/clock-offset.ts';

/** The time in which a request's authentication can have been, by the server's clock. */
export interface AuthenticationWindow {
  readonly from: EpochNanos;
  /** The request's root span. */
  readonly root: Span;
}

/**
 * Interval from the client's connection to the server's root span. Where the root does not fit between `connected` and
 * `responded`, which are by the client's clock, the server's clock is off by an interval: the earliest start is taken.
 */
export function authenticationWindow(root: Span, connected: EpochNanos, responded: EpochNanos): AuthenticationWindow {
  const { lowest, highest } = measure({
    from: nanos(0),
    to: between(connected, responded),
    called: { offset: between(connected, root.start), duration: between(root.start, root.end) },
    completed: true,
  });
  return { from: after(connected, nanos(lowest > 0 || highest < 0 ? lowest : 0)), root };
}

/**
 * Since Kubernetes 1.33 authentication comes before tracing, in its own trace without any key of the request
 * (k8s.io/apiserver pkg/server/config.go). It belongs to the request only if exactly one of the same API server fits in
 * time: begun after the client was connected, and the request's root span begun within it (or, on 1.33, where it ends
 * with the authentication, right after it). Undefined when none fits, or several do.
 */
export function authenticationOf(candidates: readonly Span[], { from, root }: AuthenticationWindow): Span | undefined {
  const instance = root.resource.attributes['service.instance.id'];
  const fitting = candidates.filter(
    (span) =>
      span.name === 'authentication' &&
      span.parentSpanID === undefined &&
      span.resource.attributes['service.instance.id'] === instance &&
      span.start >= from &&
      span.start <= root.start,
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
