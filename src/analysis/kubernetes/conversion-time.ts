import { after, nanos, nanosFromMillis, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace, TraceInput } from '../../trace/trace.ts';
import { textAttribute } from '../attributes.ts';
import { eventOffset } from '../events.ts';
import { ownIntervals } from '../timing/self-time.ts';
import { unreported } from '../timing/unreported.ts';

/** The rows' name. */
export const CONVERSION = 'conversion between versions (inferred)';

/** Decoding an object without converting it takes less, whatever its size may be. */
const MIN_DURATION = nanosFromMillis(10);

/** Between these events the requested object is converted to the stored one, or back. */
const CODINGS = [
  ['About to Encode', 'Encode succeeded'],
  ['TransformFromStorage succeeded', 'Decode succeeded'],
] as const;

/**
 * Marks, inferred, where objects of a custom resource are converted. The API server calls the conversion webhook with a
 * separate context, so that its span is in another trace and only the time of encoding or decoding shows it
 * (k8s.io/apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go).
 *
 *     Get etcd3      |-----------d-------------------D|     d: "TransformFromStorage succeeded", D: "Decode succeeded"
 *     KV/Range        |--------|
 *     conversion                 |...................|
 */
export function conversionTime(trace: Trace): TraceInput[] {
  return trace.spans.flatMap((placed) => {
    if (placed.duration < MIN_DURATION || customResourceOf(placed) === undefined) return [];
    return CODINGS.flatMap(([first, last]) => {
      const from = offsetOf(placed, first, trace);
      const to = from === undefined ? undefined : offsetOf(placed, last, trace);
      return from === undefined || to === undefined ? [] : gap(placed, from, to, trace);
    });
  });
}

/** `widgets.example.com`, the name of the CustomResourceDefinition, for what the storage layer does with its objects. */
export function customResourceOf({ span }: PlacedSpan): string | undefined {
  if (span.resource.service !== 'apiserver' || !span.name.endsWith(' etcd3')) return undefined;
  const group = textAttribute(span.attributes, 'group');
  const resource = textAttribute(span.attributes, 'resource');
  if (group === undefined || resource === undefined || !group.includes('.') || BUILT_IN.test(group)) return undefined;
  return `${resource}.${group}`;
}

/** Groups of Kubernetes' own API; others that end so are those of its sub-projects, which are custom. */
const BUILT_IN =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|(flowcontrol|internal)\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$/;

function offsetOf(placed: PlacedSpan, eventName: string, trace: Trace): Nanos | undefined {
  const event = placed.span.events.find(({ name }) => name === eventName);
  return event === undefined ? undefined : eventOffset(event, placed, trace);
}

function gap(placed: PlacedSpan, from: Nanos, to: Nanos, { startedAt }: Trace): TraceInput[] {
  return ownIntervals(placed).flatMap((own, index) => {
    const start = nanos(Math.max(own.from, from));
    const end = nanos(Math.min(own.to, to));
    if (end - start < MIN_DURATION) return [];
    return unreported({
      parent: placed.span,
      key: `conversion ${from - placed.offset} ${index}`,
      name: CONVERSION,
      short: 'conversion (inferred)',
      start: after(startedAt, start),
      end: after(startedAt, end),
      component: 'webhook',
      source: 'gap',
    });
  });
}
