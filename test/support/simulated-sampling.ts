import type { TraceBackend } from '../../src/backend/backend.ts';
import { KINDS } from '../../src/backend/kinds.ts';
import type { SpanID, TraceID } from '../../src/trace/ids.ts';
import type { Span } from '../../src/trace/span.ts';
import { after, epochNanos, nanosFromMillis, type EpochNanos } from '../../src/trace/time.ts';
import { batchArrivals, type Arrival } from './arrivals.ts';
import { seededRandom } from './seeded-random.ts';
import { span, spanID, traceID } from './spans.ts';

/** One request to one API server, and what is drawn of both. */
export interface Drawn {
  readonly kind: TraceBackend['kind'];
  /** 37 for 1.37 */
  readonly minor: number;
  readonly groups: readonly string[];
  readonly ratePerMillion: number;
  /** How long the server had run when the request came. */
  readonly ranMillis: number;
  /** The server records it, under whichever trace ID. */
  readonly isRecorded: boolean;
  /** When its response was complete. */
  readonly answeredAt: EpochNanos;
  /** Arrivals of everything that the server recorded, for ten minutes from its start. */
  readonly arrivals: readonly Arrival[];
  readonly searchLag: (trace: TraceID) => ReturnType<typeof nanosFromMillis>;
}

export interface Sent {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  readonly auditID: string;
  readonly startedAt: EpochNanos;
}

const SECOND = 1_000_000_000n;
const KIND_NAMES: readonly TraceBackend['kind'][] = [
  'tempo',
  'tempo',
  'tempo',
  'grafana',
  'unknown',
  'victoriatraces',
  'jaeger',
  'zipkin',
  'local',
];
/** Search delay of the backend behind `grafana` and `unknown`. */
const TEMPO_MILLIS = 120_000;

/**
 * The fate of a request, from a seed. The server began 5 s to 3 minutes before it, samples at its own rate, has other
 * requests (its own lease at least), and exports as OpenTelemetry does: every 5 s, with up to 0.9 s on the way. The
 * search of the backend is behind by at most the known delay of its kind.
 */
export function drawSampling(seed: number, sent: Sent): Drawn {
  const random = seededRandom(seed);
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const kind = oneOf(KIND_NAMES);
  const minor = oneOf([29, 31, 33, 35, 37]);
  const groups = oneOf([['system:masters'], ['system:monitoring'], ['kubeadm:cluster-admins'], ['developers']]);
  const ratePerMillion = oneOf([0, 0, 0, 1, 1000, 10_000, 100_000, 500_000, 1_000_000, 1_000_000]);
  const ranMillis = 5000 + random() * 175_000;
  const isSampled = (): boolean => random() < ratePerMillion / 1e6;
  const isKept = minor >= 33 && groups[0]?.startsWith('system:') === true;
  const isRecorded = isKept || isSampled();

  const spans: Span[] = [];
  const begin = after(sent.startedAt, nanosFromMillis(-ranMillis));
  let id = 0x1000;
  const between = 1000 + random() * 9000;
  for (let millis = random() * between; millis < 600_000; millis += between) {
    const start = after(begin, nanosFromMillis(millis));
    if (isSampled()) spans.push(ownRoot(minor, (id++).toString(16), start));
  }
  const answeredAt = after(sent.startedAt, nanosFromMillis(5 + random() * 100));
  if (isRecorded) spans.push(serverSpan(sent, isKept ? sent.traceID : traceID('beef'), isKept, answeredAt));

  const bound =
    kind === 'unknown' || kind === 'grafana' ? TEMPO_MILLIS : Math.min(KINDS[kind].searchLagMillis, TEMPO_MILLIS);
  const lags = new Map<TraceID, number>();
  return {
    kind,
    minor,
    groups,
    ratePerMillion,
    ranMillis,
    isRecorded,
    answeredAt,
    arrivals: batchArrivals(spans, { seed, mostDelayMillis: 900 }),
    searchLag: (trace) => {
      const lag = lags.get(trace) ?? random() * bound;
      lags.set(trace, lag);
      return nanosFromMillis(lag);
    },
  };
}

/** A trace that the server begins for another request: since 1.33 its `authentication` is a separate root. */
function ownRoot(minor: number, id: string, start: EpochNanos): Span {
  const times = { start, end: epochNanos(start + SECOND / 1000n) };
  return minor >= 33
    ? span({ trace: id, id: '1', name: 'authentication', ...times })
    : span({ trace: id, id: '1', kind: 'server', ...times });
}

function serverSpan(sent: Sent, trace: TraceID, isKept: boolean, end: EpochNanos): Span {
  const link = { traceID: sent.traceID, spanID: sent.spanID, attributes: {} };
  return {
    ...span({ id: '7', kind: 'server', start: sent.startedAt, end, attributes: { 'audit-id': sent.auditID } }),
    traceID: trace,
    spanID: spanID('7'),
    ...(isKept ? { parentSpanID: sent.spanID } : { links: [link] }),
  };
}
