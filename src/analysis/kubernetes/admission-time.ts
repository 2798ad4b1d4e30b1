import { after, nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace, TraceInput } from '../../trace/trace.ts';
import { eventOffset } from '../events.ts';
import { ownIntervals } from '../timing/self-time.ts';
import { unreported } from '../timing/unreported.ts';

/** The rows' name. */
export const BUILT_IN_ADMISSION = 'built-in admission, validation (inferred)';

/** Shorter gaps would only lengthen the tree. */
const MIN_DURATION = nanos(100_000);

/**
 * Marks, inferred, where the API server admits and validates an object with built-in plug-ins. They have no spans, so
 * they are only the time between others (k8s.io/apiserver pkg/endpoints/handlers/create.go,
 * pkg/storage/etcd3/store.go).
 *
 *     Create              |----a-----------------------|     a: the event "About to store object in database"
 *     webhook                     |-------|
 *     Create etcd3                             |-----|
 *     built-in admission        |.|       |....|
 *
 * An update admits while it holds the stored object, between "initial value restored" and "About to Encode".
 */
export function admissionTime(trace: Trace): TraceInput[] {
  return trace.spans.flatMap((placed) => {
    const window = admissionWindow(placed, trace);
    return window === undefined ? [] : gaps(placed, window, trace);
  });
}

interface Window {
  readonly from: Nanos;
  readonly to: Nanos;
}

function admissionWindow(placed: PlacedSpan, trace: Trace): Window | undefined {
  const { span } = placed;
  if (span.resource.service !== 'apiserver') return undefined;
  if (span.name === 'Create') {
    const from = offsetOf(placed, 'About to store object in database', trace);
    const store = placed.children.find((child) => child.span.name === 'Create etcd3');
    return from === undefined || store === undefined ? undefined : { from, to: store.offset };
  }
  if (span.name === 'GuaranteedUpdate etcd3') {
    const from = offsetOf(placed, 'initial value restored', trace);
    const to = offsetOf(placed, 'About to Encode', trace);
    return from === undefined || to === undefined ? undefined : { from, to };
  }
  return undefined;
}

function offsetOf(placed: PlacedSpan, eventName: string, trace: Trace): Nanos | undefined {
  const event = placed.span.events.find(({ name }) => name === eventName);
  return event === undefined ? undefined : eventOffset(event, placed, trace);
}

function gaps(placed: PlacedSpan, window: Window, { startedAt }: Trace): TraceInput[] {
  return ownIntervals(placed).flatMap((own, index) => {
    const from = nanos(Math.max(own.from, window.from));
    const to = nanos(Math.min(own.to, window.to));
    if (to - from < MIN_DURATION) return [];
    return unreported({
      parent: placed.span,
      key: `admission ${index}`,
      name: BUILT_IN_ADMISSION,
      short: 'built-in admission',
      start: after(startedAt, from),
      end: after(startedAt, to),
      component: 'apiserver',
      source: 'gap',
    });
  });
}
