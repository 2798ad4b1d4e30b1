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
 * From the client being connected to the server's root span. Where the root does not fit between `connected` and
 * `answered`, which are by the client's clock, the server's is off by an interval: then the earliest of what can be.
 */
export function authenticationWindow(root: Span, connected: EpochNanos, answered: EpochNanos): AuthenticationWindow {
  const { lowest, highest } = measure({
    from: nanos(0),
    to: between(connected, answered),
    called: { offset: between(connected, root.start), duration: between(root.start, root.end) },
    answered: true,
  });
  return { from: after(connected, nanos(lowest > 0 || highest < 0 ? lowest : 0)), root };
}

/**
 * Since Kubernetes 1.33 authentication comes before tracing, in a trace of its own that carries no key of the request
 * (k8s.io/apiserver pkg/server/config.go). It is the request's only if a single one of the same API server fits in
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
