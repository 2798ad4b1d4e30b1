import { COMPONENT_ATTRIBUTE } from '../analysis/timing/component.ts';
import { SHORT_LABEL_ATTRIBUTE } from '../analysis/kubernetes/label.ts';
import { buildTrace } from '../trace/build.ts';
import { deriveSpanID, parseSpanID, parseTraceID, type SpanID, type TraceID } from '../trace/ids.ts';
import type { Resource, Span } from '../trace/span.ts';
import { between, type EpochNanos } from '../trace/time.ts';
import type { Trace, TraceInput } from '../trace/trace.ts';
import type { PlacedRequest } from './creating-request.ts';
import { backOffRows } from './lanes/back-off.ts';
import { containerRows } from './lanes/containers.ts';
import { controllerRows } from './lanes/controllers.ts';
import { eventRows } from './lanes/events.ts';
import { endRows, openRows, schedulerRows } from './lanes/steps.ts';
import type { TimelineInput, InferredRow } from './lanes/inferred-row.ts';
import type { PodSync } from './kubelet-spans.ts';

/** A kubelet sync of a pod that did something or failed. One that only found that it is too early does not count. */
export const changes = ({ calls, failed, root }: PodSync): boolean =>
  calls.length > 0 || (failed && !/BackOff/.test(root.status.message ?? ''));

/**
 * A pod's lifecycle as one trace: the lanes in the order of cause and effect, each by time. Spans stay as they were
 * reported; rows from other sources are marked as inferred, with their source.
 */
export function timeline(input: TimelineInput, request?: PlacedRequest): Trace {
  const { snapshot, progress, end } = input;
  const { pod } = snapshot;
  const traceID = parseTraceID(pod.uid.replaceAll('-', '')) ?? (`${'0'.repeat(31)}1` as TraceID);
  const rootID = deriveSpanID(parseSpanID(traceID.slice(16)) ?? ('0000000000000001' as SpanID), 'pod');
  const start = request === undefined ? progress.created.at.at : earlier(request.start, progress.created.at.at);
  const root = inferredSpan(traceID, rootID, undefined, {
    label: [`pod/${pod.name}`, `pod/${pod.name}`],
    from: start,
    to: end > start ? end : start,
    source: 'gap',
    component: 'other',
  });
  const rows = [
    ...controllerRows(input),
    ...schedulerRows(input),
    ...eventRows(input),
    ...backOffRows(input),
    ...containerRows(input),
    ...openRows(input),
    ...endRows(input),
  ];
  const inputs: TraceInput[] = [
    { span: root, source: 'gap', inferred: false },
    ...(request === undefined ? [] : underRoot(request, root)),
    ...rows.map((row, index): TraceInput => ({
      span: inferredSpan(traceID, deriveSpanID(rootID, `${index} ${row.label[0]}`), root, notBefore(row, start)),
      source: row.source,
      inferred: true,
    })),
    ...kubeletSpans(input, root, request?.start ?? progress.created.at.at),
  ];
  // The root is always there, so that there is a trace.
  return buildTrace(inputs) as Trace;
}

/** Times in whole seconds may be before the pod's, and an owner is older: the axis begins with the pod, at 0. */
const notBefore = (row: InferredRow, start: EpochNanos): InferredRow =>
  row.from >= start ? row : { ...row, from: start, to: row.to < start ? start : row.to };

const earlier = (one: EpochNanos, other: EpochNanos): EpochNanos => (one < other ? one : other);

function underRoot({ inputs, root: top }: PlacedRequest, root: Span): TraceInput[] {
  return inputs.map((input) => (input.span === top ? { ...input, parent: root } : input));
}

const NO_RESOURCE: Resource = { service: '', attributes: {} };

function inferredSpan(traceID: TraceID, spanID: SpanID, parent: Span | undefined, row: InferredRow): Span {
  return {
    traceID,
    spanID,
    ...(parent !== undefined && { parentSpanID: parent.spanID }),
    name: row.label[0],
    kind: 'internal',
    start: row.from,
    end: row.to,
    status: { code: row.failed === true ? 'error' : 'unset' },
    attributes: { [COMPONENT_ATTRIBUTE]: row.component, [SHORT_LABEL_ATTRIBUTE]: row.label[1] },
    events: [],
    links: [],
    resource: NO_RESOURCE,
  };
}

/** Each sync of the kubelet has its own trace: it hangs below the pod. A clock that is behind is corrected. */
function kubeletSpans({ syncs }: TimelineInput, root: Span, earliest: EpochNanos): TraceInput[] {
  const [first] = syncs;
  if (first === undefined) return [];
  // The kubelet cannot see a pod before it exists: then its clock is behind, by so much at the least.
  const behind = between(first.root.start, earliest);
  const clock =
    behind > 0
      ? {
          nanos: behind,
          offset: { service: 'kubelet', caller: 'the API server', lowest: -behind as never, highest: -behind as never },
        }
      : undefined;
  return syncs.flatMap((sync) =>
    sync.spans.map((span): TraceInput => ({
      span,
      source: 'span',
      inferred: false,
      ...(span === sync.root && { parent: root }),
      ...(clock !== undefined && { clock }),
    })),
  );
}
