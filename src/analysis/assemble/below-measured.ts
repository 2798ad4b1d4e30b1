import type { Span } from '../../trace/span.ts';
import type { TraceInput } from '../../trace/trace.ts';
import { COMPONENT_ATTRIBUTE } from '../timing/component.ts';

/**
 * The row from metrics that another server's span belongs below. An API server that does not trace passes the client's
 * trace context on as it is: webhooks, aggregated API servers and etcd name the client's span as their parent, wherever
 * in the request they were called.
 *
 *     client                 |------------------------------|
 *     apiserver (metrics)      |--------------------------|
 *     Call mutating webhook       |---------|
 *     webhook's own span            |-----|                    names the client as its parent
 *
 * Undefined where nothing fits: it stays below the client's span.
 */
export function rowAround(span: Span, client: Span, measured: readonly TraceInput[]): Span | undefined {
  if (span.kind !== 'server' || span.parentSpanID !== client.spanID || measured.length === 0) return undefined;
  const isEtcd = span.resource.service === 'etcd';
  const callers = measured.filter((row) => (isEtcd ? isStorage(row) : isCall(row)));
  const middle = (span.start + span.end) / 2n;
  const around = callers.filter((row) => row.span.start <= middle && middle <= row.span.end);
  // Innermost last: rows of a request come before those in it.
  return (around.at(-1) ?? onlyCall(callers))?.span;
}

/** Clocks may differ: a single call is the one that is meant. */
function onlyCall(callers: readonly TraceInput[]): TraceInput | undefined {
  const parents = new Set(callers.map(({ span }) => span.parentSpanID));
  const inner = callers.filter(({ span }) => !parents.has(span.spanID));
  return inner.length === 1 ? inner[0] : undefined;
}

const isStorage = ({ span }: TraceInput): boolean => /storage/.test(span.name) && span.kind === 'internal';

/** Requests that the API server sends to others. */
const isCall = ({ span }: TraceInput): boolean =>
  span.kind === 'client' || /^Call \w+ webhook$/.test(span.name) || span.attributes[COMPONENT_ATTRIBUTE] === 'webhook';
