import type { TraceBackend } from '../../backend/backend.ts';
import type { Span } from '../../trace/span.ts';
import { epochNanos, type EpochNanos } from '../../trace/time.ts';

/** The kubelet's spans of one pod, as far as they were looked for. */
export interface KubeletTraces {
  readonly spans: readonly Span[];
  /** Why there are none, or not all; undefined when nothing is missing. */
  readonly gap: string | undefined;
}

/** Traces in one response. A pod that starts has a handful; a crash loop has one for each restart and more. */
const MAX_TRACES = 50;
const SECOND = 1_000_000_000n;
/** Maximum difference between the clocks of API server, node and backend. */
const SLACK = 10n * SECOND;
/** The beginning of a life, in which most happens. */
const BEGINNING = 120n * SECOND;
/**
 * The kubelet's first sync of a pod ends when its containers were started, and the OpenTelemetry SDK exports the spans
 * up to 5 s later (OTEL_BSP_SCHEDULE_DELAY); a backend makes them searchable after that.
 */
const EXPORTED = 15n * SECOND;
/** For a long life, only the newest part is read besides the beginning. */
const NEWEST = 600n * SECOND;

/**
 * Every sync of a pod by the kubelet has its own trace, with the pod's UID as an attribute. For a long life the
 * beginning and the newest part are queried, each bounded, and the time between is reported as missing.
 */
export async function kubeletTraces(
  backend: TraceBackend,
  uid: string,
  { from, to }: { readonly from: EpochNanos; readonly to: EpochNanos },
  signal: AbortSignal,
): Promise<KubeletTraces> {
  const start = epochNanos(from - SLACK);
  const end = epochNanos(to + SLACK);
  const isShort = to - from <= BEGINNING + NEWEST;
  const windows = isShort
    ? [{ from: start, to: end }]
    : [
        { from: start, to: epochNanos(from + BEGINNING) },
        { from: epochNanos(to - NEWEST), to: end },
      ];
  const spans: Span[] = [];
  let gap = isShort ? undefined : 'only those of its first 2 and its last 10 minutes';
  for (const window of windows) {
    const query = { service: 'kubelet', attributes: { 'k8s.pod.uid': uid }, ...window, limit: MAX_TRACES };
    const lookup = await backend.search(query, signal);
    if (lookup.status === 'unavailable' || lookup.status === 'failed') return { spans, gap: lookup.message };
    if (lookup.status === 'absent') continue;
    for (const span of lookup.spans) spans.push(span);
    const traces = new Set(lookup.spans.map(({ traceID }) => traceID)).size;
    if (traces >= MAX_TRACES) gap = `only the newest ${MAX_TRACES} syncs ${isShort ? 'of its life' : 'of each part'}`;
  }
  if (spans.length > 0) return { spans, gap };
  const isYoung = to - from <= EXPORTED;
  return {
    spans,
    gap: isYoung ? 'none with the UID of the pod yet' : 'none with the UID of the pod: does the kubelet export traces?',
  };
}
