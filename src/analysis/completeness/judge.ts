import type { SpanID } from '../../trace/ids.ts';
import type { Span, SpanKind } from '../../trace/span.ts';
import { between } from '../../trace/time.ts';
import { NEWEST_KNOWN_MINOR, type RequestFacts } from './facts.ts';
import { HANDLER_NAMES, requirements } from './rules.ts';
import { serverSpans, type ServerSpans } from './server-spans.ts';

export interface Missing {
  readonly parentSpanID: SpanID | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly service: string;
}

/** Why a trace is not called complete although nothing that was expected is missing, or what the user should know. */
export interface Doubt {
  readonly code:
    | 'unknown-version'
    | 'uncounted-calls'
    | 'unexplained-time'
    | 'etcd-without-spans'
    | 'old-shape'
    | 'no-version-of-etcd';
  readonly message: string;
  readonly spanIDs: readonly SpanID[];
}

/**
 * `complete`: every span that this request has on this version is in. `settled`: nothing new for longer than an export
 * interval, and the doubts say what could not be proven. `waiting`: more is expected, or may come.
 */
export interface Judgement {
  readonly verdict: 'complete' | 'settled' | 'waiting';
  readonly server: ServerSpans | undefined;
  readonly expected: number | null;
  readonly received: number;
  readonly missing: readonly Missing[];
  readonly doubts: readonly Doubt[];
}

/** OpenTelemetry's BatchSpanProcessor exports every 5 s by default; a second more for the way. In milliseconds. */
export const EXPORT_INTERVAL_MILLIS = 6000;
/** A hole in a writing handler that is longer than this may be a call whose span is not in yet. In nanoseconds. */
const UNEXPLAINED_NANOS = 1_000_000;

/** Judges what has arrived of one request. `quietMillis`: since the last new span (or since the answer, without one). */
export function judge(found: readonly Span[], facts: RequestFacts, quietMillis: number): Judgement {
  const server = serverSpans(found, facts);
  const missing: Missing[] = [];
  const doubts: Doubt[] = [];
  if (server === undefined) {
    missing.push({ parentSpanID: facts.spanID, name: `${facts.path}`, kind: 'server', service: 'apiserver' });
  } else {
    for (const span of server.spans) {
      const children = server.childrenOf(span);
      for (const required of requirements(span, children, facts)) {
        const there = children.filter((child) => required.matches(child)).length;
        const { name, kind, service } = required;
        for (let count = there; count < required.atLeast; count++)
          missing.push({ parentSpanID: span.spanID, name, kind, service });
      }
    }
    doubts.push(...doubtsOf(server, facts));
  }
  const received = server?.spans.length ?? 0;
  const whole = server !== undefined && missing.length === 0;
  const settled = server !== undefined && quietMillis >= EXPORT_INTERVAL_MILLIS;
  if (settled && missing.length > 0) doubts.push(...missingDoubts(missing, server));
  return {
    verdict: whole && doubts.length === 0 ? 'complete' : settled ? 'settled' : 'waiting',
    server,
    expected:
      server === undefined || doubts.some(({ code }) => code === 'uncounted-calls') ? null : received + missing.length,
    received,
    missing,
    doubts,
  };
}

function doubtsOf(server: ServerSpans, facts: RequestFacts): Doubt[] {
  const doubts: Doubt[] = [];
  const minor = facts.serverMinor;
  if (minor === null || minor > NEWEST_KNOWN_MINOR) {
    const message =
      minor === null
        ? 'the server version is not known, so neither is what a whole trace has'
        : `Kubernetes 1.${minor} is newer than this tool, so what a whole trace has is not known`;
    doubts.push({ code: 'unknown-version', message, spanIDs: [] });
  }
  const holes = server.spans.filter(
    (span) => mayHideCalls(span, facts) && longestHole(span, server) > UNEXPLAINED_NANOS,
  );
  if (holes.length > 0) {
    doubts.push({
      code: 'unexplained-time',
      message: `${holes.map((span) => span.name).join(' and ')} took time that no span explains; built-in admission has no spans, but a call may be missing`,
      spanIDs: holes.map((span) => span.spanID),
    });
  }
  return doubts;
}

/** Webhooks are called by writes, from the handler or from within the update in storage; how many cannot be known. */
function mayHideCalls(span: Span, facts: RequestFacts): boolean {
  const writes = facts.verb !== 'get' && facts.verb !== 'list' && facts.verb !== 'discovery' && facts.verb !== 'other';
  return (
    writes &&
    span.resource.service === 'apiserver' &&
    (HANDLER_NAMES.has(span.name) || span.name === 'GuaranteedUpdate etcd3')
  );
}

/** The longest stretch inside a span that none of its children covers, in nanoseconds. */
function longestHole(span: Span, server: ServerSpans): number {
  const children = [...server.childrenOf(span)].sort((a, b) => between(b.start, a.start));
  let cursor = span.start;
  let longest = 0;
  for (const child of children) {
    longest = Math.max(longest, between(cursor, child.start));
    if (child.end > cursor) cursor = child.end;
  }
  return Math.max(longest, between(cursor, span.end));
}

function missingDoubts(missing: readonly Missing[], server: ServerSpans): Doubt[] {
  const fromEtcd = missing.filter(({ service }) => service === 'etcd');
  if (fromEtcd.length === 0 || server.spans.some((span) => span.resource.service === 'etcd')) return [];
  return [
    {
      code: 'etcd-without-spans',
      message:
        'etcd exported no spans of this request: it is not traced (--enable-distributed-tracing), or exports elsewhere',
      spanIDs: fromEtcd.flatMap(({ parentSpanID }) => (parentSpanID === null ? [] : [parentSpanID])),
    },
  ];
}
