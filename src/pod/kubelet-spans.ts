import { hasFailed } from '../analysis/attributes.ts';
import type { Span } from '../trace/span.ts';

/** One call of the runtime by the kubelet (CRI), with what the runtime reported of it. */
export interface RuntimeCall {
  /** `RunPodSandbox`, `PullImage`, `CreateContainer`, `StartContainer`… */
  readonly method: string;
  readonly span: Span;
  readonly failed: boolean;
  /** Everything below it, in no order. */
  readonly below: readonly Span[];
}

/** One sync of the pod by the kubelet, which is a separate trace (k8s.io/kubernetes pkg/kubelet/kubelet.go). */
export interface PodSync {
  /** `syncPod`, `syncTerminatingPod` or `syncTerminatedPod`. */
  readonly root: Span;
  readonly failed: boolean;
  /** By start. */
  readonly calls: readonly RuntimeCall[];
  readonly spans: readonly Span[];
}

const ROOTS = new Set(['syncPod', 'syncTerminatingPod', 'syncTerminatedPod']);
const CALL = /^runtime\.v1(?:alpha2)?\.(?:Runtime|Image)Service\/(\w+)$/;
/** Calls that the kubelet makes in every sync of a pod: they say nothing about its progress. */
const QUESTIONS = /^(?:Version|Status|RuntimeConfig|List\w+|\w+Status|\w+Stats|ImageFsInfo)$/;

/** The kubelet's syncs of one pod, by start. Spans of other pods, which a backend may return too, are left out. */
export function podSyncs(spans: readonly Span[], uid: string): readonly PodSync[] {
  const traces = new Map<string, Span[]>();
  for (const span of spans) {
    const own = traces.get(span.traceID);
    if (own === undefined) traces.set(span.traceID, [span]);
    else own.push(span);
  }
  const syncs: PodSync[] = [];
  for (const own of traces.values()) {
    const root = own.find(({ name, attributes }) => ROOTS.has(name) && attributes['k8s.pod.uid'] === uid);
    if (root !== undefined) syncs.push(syncOf(root, own));
  }
  return syncs.sort((one, other) => Number(one.root.start - other.root.start));
}

function syncOf(root: Span, spans: readonly Span[]): PodSync {
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.parentSpanID === undefined) continue;
    const siblings = children.get(span.parentSpanID);
    if (siblings === undefined) children.set(span.parentSpanID, [span]);
    else siblings.push(span);
  }
  const calls = spans.flatMap((span): RuntimeCall[] => {
    const method = span.kind === 'client' ? CALL.exec(span.name)?.[1] : undefined;
    if (method === undefined || QUESTIONS.test(method)) return [];
    return [{ method, span, failed: hasFailed(span), below: below(span, children) }];
  });
  calls.sort((one, other) => Number(one.span.start - other.span.start));
  return { root, failed: hasFailed(root), calls, spans };
}

/** Iterative; a span that is its own ancestor is visited once. */
function below(top: Span, children: ReadonlyMap<string, readonly Span[]>): Span[] {
  const found = new Set<Span>();
  const pending = [...(children.get(top.spanID) ?? [])];
  for (let span = pending.pop(); span !== undefined; span = pending.pop()) {
    if (span === top || found.has(span)) continue;
    found.add(span);
    for (const child of children.get(span.spanID) ?? []) pending.push(child);
  }
  return [...found];
}

/** The first successful call of a method in all syncs of a pod. */
export function firstSuccess(syncs: readonly PodSync[], method: string): RuntimeCall | undefined {
  for (const { calls } of syncs) {
    const call = calls.find((candidate) => candidate.method === method && !candidate.failed);
    if (call !== undefined) return call;
  }
  return undefined;
}

/** Why a call failed, in the runtime's words. */
export const shortError = ({ span }: RuntimeCall): string =>
  (span.status.message ?? 'unknown cause').replace(/^rpc error: code = \w+ desc = /, '');
