import {
  ROOT_CONTEXT,
  SpanKind as APISpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Attributes as APIAttributes,
  type Context,
  type HrTime,
  type Span as APISpan,
} from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type IdGenerator,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { parseSpanID, parseTraceID } from '../trace/ids.ts';
import type { Attributes, Resource, Span, SpanKind } from '../trace/span.ts';
import { epochNanos, type EpochNanos } from '../trace/time.ts';
import { clientAttributes } from './client-attributes.ts';
import type { ClientWork, PlainAttributes } from './client-work.ts';

export type { ClientRequest, ClientWork } from './client-work.ts';

const SERVICE = 'kubectl-trace';

/**
 * The spans of a command's own work, as the OpenTelemetry SDK makes them: the root first, then one for each request.
 * Nothing is registered globally and no timer is started. The SDK is slow to load: import this module when the response
 * is complete.
 */
export function recordClientSpans(work: ClientWork): readonly Span[] {
  const spans = finishedSpans(work);
  const [root] = spans.slice(-1);
  if (root === undefined) return [];
  const attributes = decodeAttributes(root.resource.attributes);
  const resource: Resource = { service: SERVICE, attributes };
  // The tree begins with the command, even if another process started it.
  const { parentSpanID: _, ...first } = decode(root, resource);
  return [first, ...spans.slice(0, -1).map((span) => decode(span, resource))];
}

/** The same as the SDK has them, requests first and the root last. */
export function finishedSpans(work: ClientWork): ReadableSpan[] {
  const collector = new Collector();
  emitClientSpans(work, [collector]);
  return collector.finished;
}

/** Hands the finished SDK spans to each processor, requests first and the root last. */
function emitClientSpans(work: ClientWork, spanProcessors: SpanProcessor[]): void {
  const provider = new BasicTracerProvider({
    // Given here, because the SDK would otherwise take each of them from OTEL_* environment variables.
    sampler: new AlwaysOnSampler(),
    spanLimits: { attributeCountLimit: 1024, attributeValueLengthLimit: Infinity, eventCountLimit: 1024 },
    resource: resourceFromAttributes({ 'service.name': SERVICE, 'service.version': work.version }),
    idGenerator: new GivenIDs(work),
    spanProcessors,
  });
  const tracer = provider.getTracer('kubectl-trace', work.version);
  const start = (
    name: string,
    kind: APISpanKind,
    at: EpochNanos,
    attributes: PlainAttributes,
    context: Context,
  ): APISpan => tracer.startSpan(name, { kind, startTime: hrTime(at), attributes: sdkAttributes(attributes) }, context);

  const root = start(work.name, APISpanKind.INTERNAL, work.start, work.attributes ?? {}, parentContext(work));
  const context = trace.setSpan(ROOT_CONTEXT, root);
  for (const request of work.requests) {
    const span = start(request.method, APISpanKind.CLIENT, request.start, clientAttributes(request), context);
    for (const event of request.events) span.addEvent(event.name, hrTime(event.time));
    finish(span, request.end, request.errorType === null ? null : (request.errorMessage ?? request.errorType));
  }
  finish(root, work.end, work.errorMessage);
}

/** The context of a trace that another program began: the SDK then takes over its ID. */
function parentContext({ traceID, parentSpanID }: ClientWork): Context {
  if (parentSpanID === null) return ROOT_CONTEXT;
  const parent = { traceId: traceID, spanId: parentSpanID, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

function finish(span: APISpan, end: EpochNanos, errorMessage: string | null): void {
  if (errorMessage !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: errorMessage });
  span.end(hrTime(end));
}

/** The IDs that were sent, in the order in which the spans are started: the server's spans point to them. */
class GivenIDs implements IdGenerator {
  readonly #traceID: string;
  readonly #spanIDs: string[];

  constructor(work: ClientWork) {
    this.#traceID = work.traceID;
    this.#spanIDs = [work.spanID, ...work.requests.map(({ spanID }) => spanID)];
  }

  generateTraceId(): string {
    return this.#traceID;
  }

  generateSpanId(): string {
    const id = this.#spanIDs.shift();
    if (id === undefined) throw new Error('more spans were started than there is work');
    return id;
  }
}

class Collector implements SpanProcessor {
  readonly finished: ReadableSpan[] = [];

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    this.finished.push(span);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

const KINDS: Readonly<Record<number, SpanKind>> = {
  [APISpanKind.INTERNAL]: 'internal',
  [APISpanKind.CLIENT]: 'client',
};

function decode(span: ReadableSpan, resource: Resource): Span {
  const { traceId, spanId } = span.spanContext();
  const parentSpanID = span.parentSpanContext && parseSpanID(span.parentSpanContext.spanId);
  const { code, message } = span.status;
  return {
    traceID: parseTraceID(traceId)!,
    spanID: parseSpanID(spanId)!,
    ...(parentSpanID === undefined ? {} : { parentSpanID }),
    name: span.name,
    kind: KINDS[span.kind] ?? 'unspecified',
    start: instant(span.startTime),
    end: instant(span.endTime),
    status: code === SpanStatusCode.ERROR ? { code: 'error', message: message ?? '' } : { code: 'unset' },
    attributes: decodeAttributes(span.attributes),
    events: span.events.map(({ name, time, attributes }) => ({
      name,
      time: instant(time),
      attributes: decodeAttributes(attributes ?? {}),
    })),
    links: [],
    resource,
    scope: {
      name: 'kubectl-trace',
      ...(span.instrumentationScope.version && { version: span.instrumentationScope.version }),
    },
  };
}

/** Seconds and nanoseconds, the one form of OpenTelemetry's API that keeps every nanosecond. */
function hrTime(time: EpochNanos): HrTime {
  return [Number(time / 1_000_000_000n), Number(time % 1_000_000_000n)];
}

function instant([seconds, nanoseconds]: HrTime): EpochNanos {
  return epochNanos(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
}

function sdkAttributes(attributes: PlainAttributes): APIAttributes {
  return { ...attributes } as APIAttributes;
}

function decodeAttributes(attributes: APIAttributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value != null)) as Attributes;
}
