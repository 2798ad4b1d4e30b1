import type { SpanID } from '../../trace/ids.ts';
import type { Span, SpanKind } from '../../trace/span.ts';
import { doubtsOf, type Doubt } from './doubts.ts';
import type { RequestExpectation } from './request-expectation.ts';
import { requirements } from './rules.ts';
import { serverSpans, type ServerSpans } from './server-spans.ts';

export type { Doubt } from './doubts.ts';

/** A span that a complete trace has and this one lacks. */
export interface Missing {
  readonly parentSpanID: SpanID | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly service: string;
}

/**
 * `complete`: every span that this request has on this version is in. `settled`: nothing new for longer than an export
 * interval, and the doubts say what could not be proven. `waiting`: more is expected, or may come.
 */
export interface Judgement {
  readonly verdict: 'complete' | 'settled' | 'waiting';
  readonly server: ServerSpans | undefined;
  /** Number of spans of a complete trace; null where it cannot be known. */
  readonly expected: number | null;
  readonly received: number;
  readonly missing: readonly Missing[];
  readonly doubts: readonly Doubt[];
}

/** OpenTelemetry's BatchSpanProcessor exports every 5 s by default; a second more for the way. In milliseconds. */
export const EXPORT_INTERVAL_MILLIS = 6000;

/** Judges what has arrived of one request. `quietMillis`: for how long nothing new has come. */
export function judge(found: readonly Span[], expectation: RequestExpectation, quietMillis: number): Judgement {
  const server = serverSpans(found, expectation);
  if (server === undefined) {
    const root: Missing = {
      parentSpanID: expectation.spanID,
      name: 'server span',
      kind: 'server',
      service: 'apiserver',
    };
    return { verdict: 'waiting', server, expected: null, received: 0, missing: [root], doubts: [] };
  }
  const missing = missingSpans(server, expectation);
  const doubts = doubtsOf(server, expectation);
  const received = server.spans.length;
  const settled = quietMillis >= EXPORT_INTERVAL_MILLIS;
  const isComplete = missing.length === 0 && doubts.length === 0;
  return {
    verdict: isComplete ? 'complete' : settled ? 'settled' : 'waiting',
    server,
    expected: doubts.length === 0 ? received + missing.length : null,
    received,
    missing,
    doubts: missing.length === 0 ? doubts : [...doubts, missingDoubt(missing, server)],
  };
}

function missingSpans(server: ServerSpans, expectation: RequestExpectation): Missing[] {
  const missing: Missing[] = [];
  for (const span of server.spans) {
    const children = server.childrenOf(span);
    for (const { matches, name, kind, service, atLeast } of requirements(span, expectation)) {
      const there = children.filter((child) => matches(child)).length;
      for (let count = there; count < atLeast; count++)
        missing.push({ parentSpanID: span.spanID, name, kind, service });
    }
  }
  return missing;
}

function missingDoubt(missing: readonly Missing[], server: ServerSpans): Doubt {
  const spanIDs = missing.flatMap(({ parentSpanID }) => (parentSpanID === null ? [] : [parentSpanID]));
  const onlyEtcd = missing.every(({ service }) => service === 'etcd');
  if (onlyEtcd && !server.spans.some((span) => span.resource.service === 'etcd')) {
    const message = 'no spans of etcd: it is not traced (--enable-distributed-tracing), or exports to another backend';
    return { code: 'etcd-without-spans', message, spanIDs };
  }
  const names = missing.map(({ service, name }) => `${service} ${name}`);
  return { code: 'missing-spans', message: `not in: ${[...new Set(names)].join(', ')}`, spanIDs };
}
