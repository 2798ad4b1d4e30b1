import type { SpanID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { textAttribute } from '../attributes.ts';
import type { RequestExpectation } from './request-expectation.ts';

/** The server's spans of one request, as a tree. */
export interface ServerSpans {
  readonly root: Span;
  /** Did the server continue our trace, or start its own? */
  readonly contextKept: boolean;
  /** Every span below the root, and the root; parents before children. */
  readonly spans: readonly Span[];
  childrenOf(span: Span): readonly Span[];
}

/** Picks one request's spans out of everything that was found: a trace may hold several requests. Undefined without its root. */
export function serverSpans(found: readonly Span[], expectation: RequestExpectation): ServerSpans | undefined {
  const childrenOf = childrenAmong(found);
  const root = rootOf(found, expectation, childrenOf);
  if (root === undefined) return undefined;
  return { root, contextKept: root.traceID === expectation.traceID, spans: spansBelow(root, childrenOf), childrenOf };
}

/**
 * A gRPC call is a client span and a server span of different IDs, so an ID names one span, but for Zipkin's shared
 * ones, where the server span is the client span's child.
 */
export function childrenAmong(found: readonly Span[]): (span: Span) => readonly Span[] {
  const children = new Map<SpanID, Span[]>();
  for (const span of found) {
    if (span.parentSpanID === undefined) continue;
    const siblings = children.get(span.parentSpanID);
    if (siblings === undefined) children.set(span.parentSpanID, [span]);
    else siblings.push(span);
  }
  return (span) =>
    (children.get(span.spanID) ?? []).filter((child) => child.traceID === span.traceID && child !== span);
}

/** The root and everything below it; parents before children. */
export function spansBelow(root: Span, childrenOf: (span: Span) => readonly Span[]): readonly Span[] {
  const spans: Span[] = [];
  const seen = new Set<Span>();
  const queue = [root];
  for (let span = queue.pop(); span !== undefined; span = queue.pop()) {
    if (seen.has(span)) continue;
    seen.add(span);
    spans.push(span);
    for (const child of childrenOf(span)) queue.push(child);
  }
  return spans;
}

/**
 * The server's root span of a request: the child of our client span where the trace was continued; else the one that
 * links to our client span (otelhttp's public endpoint, k8s.io/apiserver pkg/endpoints/filters/traces.go), or that has
 * the request's audit ID on itself (since 1.34) or below (since 1.26).
 */
function rootOf(
  found: readonly Span[],
  expectation: RequestExpectation,
  childrenOf: (span: Span) => readonly Span[],
): Span | undefined {
  const roots = found.filter((span) => span.kind === 'server' && span.resource.service === 'apiserver');
  const continued = roots.find(
    (span) => span.traceID === expectation.traceID && span.parentSpanID === expectation.spanID,
  );
  if (continued !== undefined) return continued;
  const linked = roots.find((span) =>
    span.links.some((link) => link.traceID === expectation.traceID && link.spanID === expectation.spanID),
  );
  if (linked !== undefined) return linked;
  if (expectation.auditID === null) return undefined;
  const audited = (span: Span): boolean => textAttribute(span.attributes, 'audit-id') === expectation.auditID;
  const own = roots.find(audited);
  if (own !== undefined) return own;
  const below = found.find((span) => audited(span) && span.resource.service === 'apiserver');
  const top = below === undefined ? undefined : topOf(below, found, childrenOf);
  // A span whose parent is not in is not the root, only the highest that has come.
  return top?.parentSpanID === undefined ? top : undefined;
}

/** The topmost span above `span` that was found. A 401 has no server span: its `authentication` span is the top. */
function topOf(span: Span, found: readonly Span[], childrenOf: (span: Span) => readonly Span[]): Span {
  const parents = new Map<Span, Span>();
  for (const parent of found) for (const child of childrenOf(parent)) parents.set(child, parent);
  const seen = new Set<Span>();
  let top = span;
  for (let parent = parents.get(top); parent !== undefined && !seen.has(parent); parent = parents.get(top)) {
    seen.add(parent);
    top = parent;
  }
  return top;
}
