import type { SpanID } from '../trace/ids.ts';
import { nanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';
import { textAttribute } from './attributes.ts';

/** The calls of one admission webhook for one request, as spans or metrics of the API server show them. */
export interface WebhookCalls {
  readonly type: 'mutating' | 'validating';
  readonly name: string;
  /** The object that it is configured in; null where only the metrics have the call, which do not name it. */
  readonly configuration: string | null;
  readonly calls: number;
  /** Sum of the calls. */
  readonly durationNanos: Nanos;
}

const TYPES: ReadonlyMap<string, WebhookCalls['type']> = new Map([
  ['Call mutating webhook', 'mutating'],
  ['Call validating webhook', 'validating'],
]);

/** The webhooks called for each of these requests, by the IDs of the requests' client spans, in the order of the calls. */
export function webhookCalls(
  trace: Trace,
  requests: ReadonlySet<SpanID>,
): ReadonlyMap<SpanID, readonly WebhookCalls[]> {
  const requestOf = new Map<PlacedSpan, SpanID>();
  const found = new Map<SpanID, Map<string, WebhookCalls>>();
  // Parents come before their children.
  for (const placed of trace.spans) {
    const { span, spanID, parent } = placed;
    const request = requests.has(spanID) ? spanID : parent === undefined ? undefined : requestOf.get(parent);
    if (request === undefined) continue;
    requestOf.set(placed, request);
    const type = TYPES.get(span.name);
    const name = textAttribute(span.attributes, 'webhook');
    if (type === undefined || name === undefined) continue;
    const configuration = textAttribute(span.attributes, 'configuration') ?? null;
    const own = found.get(request) ?? new Map<string, WebhookCalls>();
    found.set(request, own);
    const key = JSON.stringify([type, configuration, name]);
    const { calls, durationNanos } = own.get(key) ?? { calls: 0, durationNanos: 0 };
    own.set(key, {
      type,
      name,
      configuration,
      calls: calls + 1,
      durationNanos: nanos(durationNanos + placed.duration),
    });
  }
  return new Map([...found].map(([request, own]) => [request, [...own.values()]]));
}
