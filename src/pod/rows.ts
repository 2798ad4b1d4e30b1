import { tableOf } from '../format/table-of.ts';
import { formatDuration } from '../analysis/wording/duration.ts';
import { COMPONENT_ATTRIBUTE } from '../analysis/timing/component.ts';
import { textAttribute } from '../analysis/attributes.ts';
import { labelOf } from '../analysis/kubernetes/label.ts';
import type { Label, RowNode } from '../analysis/rows/row-node.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';

const CALL = /^runtime\.v1(?:alpha2)?\.(?:Runtime|Image)Service\/(\w+)$/;
const SYNC = /^sync\w*Pod$/;
const QUESTION = /^(?:Version|Status|RuntimeConfig|List\w+|\w+Status|\w+Stats|ImageFsInfo)$/;

/** Causes before effects, whatever the clocks say; the node's own rows by time. */
const LANES: Readonly<Record<string, number>> = tableOf({ client: 0, controller: 1, apiserver: 2, scheduler: 3 });

/**
 * Rows of a pod's lifecycle: lanes in the order of cause and effect. A kubelet sync shows those calls that change
 * something, with what the runtime did in each in brackets; the spans below them are in the data outputs.
 */
export function podRows(trace: Trace): RowNode {
  const { root } = trace;
  const lanes = [...root.children].sort((one, other) => laneOf(one) - laneOf(other) || one.offset - other.offset);
  return { ...named([root.span.name]), spans: [root], children: lanes.map(rowOf) };
}

const named = (label: Label): Pick<RowNode, 'label' | 'brief'> => ({ label, brief: label.at(-1) as string });

function laneOf({ span, source }: PlacedSpan): number {
  if (source === 'client') return 0;
  const component = textAttribute(span.attributes, COMPONENT_ATTRIBUTE) ?? '';
  // Rows about the end of the lifecycle come last, including the API server's.
  if (/^(?:deleted|finalizer) /.test(span.name)) return 4;
  return LANES[component] ?? 4;
}

function rowOf(placed: PlacedSpan): RowNode {
  if (!SYNC.test(placed.span.name) || placed.source !== 'span') {
    return {
      ...named(labelOf(placed)),
      spans: [placed],
      children: placed.source === 'client' ? placed.children.map(rowOf) : [],
    };
  }
  const calls = callsBelow(placed).map((call): RowNode => ({
    ...named(callLabel(call)),
    spans: [call],
    children: [],
    // The runtime's part is shown in brackets, so that the row's time is the call's own.
    repeated: { below: [] },
  }));
  const [only] = calls;
  if (calls.length === 1 && only !== undefined) {
    const [longest, ...shorter] = only.label;
    return {
      ...only,
      ...named([
        `kubelet  ${placed.span.name} > ${longest}`,
        ...[longest, ...shorter].map((text) => `kubelet ${text}`),
      ]),
    };
  }
  const type = textAttribute(placed.span.attributes, 'k8s.pod.update_type');
  const how = type === undefined ? '' : ` (${type})`;
  return {
    ...named([`kubelet  ${placed.span.name}${how}`, `kubelet ${placed.span.name}`]),
    spans: [placed],
    children: calls,
  };
}

function callsBelow(top: PlacedSpan): PlacedSpan[] {
  const found: PlacedSpan[] = [];
  const pending = [...top.children];
  for (let placed = pending.pop(); placed !== undefined; placed = pending.pop()) {
    const method = placed.span.kind === 'client' ? CALL.exec(placed.span.name)?.[1] : undefined;
    if (method === undefined) for (const child of placed.children) pending.push(child);
    else if (!QUESTION.test(method)) found.push(placed);
  }
  return found.sort((one, other) => one.offset - other.offset);
}

/** `RunPodSandbox (network 27.8 ms, runc 104 ms)`, `PullImage registry.test/absent:1` */
function callLabel(call: PlacedSpan): Label {
  const method = CALL.exec(call.span.name)?.[1] ?? call.span.name;
  const parts: string[] = [];
  let subject: string | undefined;
  const pending = [...call.children];
  for (let placed = pending.pop(); placed !== undefined; placed = pending.pop()) {
    const { name, attributes } = placed.span;
    if (method === 'PullImage') subject ??= textAttribute(attributes, 'image.ref', 'image.name');
    if (/^cni\.setup|setup_pod_network$/.test(name)) parts.push(`network ${formatDuration(placed.duration)}`);
    else if (/Task\/(?:Create|Start)$/.test(name) && placed.span.kind === 'client') {
      parts.push(`${name.endsWith('Create') ? 'runc' : 'start'} ${formatDuration(placed.duration)}`);
    }
    for (const child of placed.children) pending.push(child);
  }
  const about = subject === undefined ? '' : ` ${subject}`;
  const text = `${method}${about}`;
  return parts.length === 0 ? [text, method] : [`${text} (${parts.toReversed().join(', ')})`, text, method];
}
