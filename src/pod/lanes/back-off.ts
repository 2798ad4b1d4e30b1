import { between } from '../../trace/time.ts';
import type { RuntimeCall } from '../kubelet-spans.ts';
import type { TimelineInput, InferredRow } from './inferred-row.ts';

const FIRST_SECONDS = 10;
/** Maximum back-off of image pulls and restarts (k8s.io/kubernetes pkg/kubelet/kubelet.go). */
const MAX_SECONDS = 300;
/** Minimum length of a back-off pause, relative to the expected back-off. */
const TOLERANCE = 0.8;

/** Pauses after failed pulls and sandboxes. No component reports them; they are inferred from the calls around them. */
export function backOffRows({ syncs, end, verdict }: TimelineInput): InferredRow[] {
  const calls = syncs.flatMap((sync) => sync.calls);
  return [
    ...pauses(calls, 'PullImage', end, verdict.stage === 'ImagePull'),
    ...pauses(calls, 'RunPodSandbox', end, verdict.stage === 'Sandbox'),
  ];
}

function pauses(calls: readonly RuntimeCall[], method: string, end: InferredRow['to'], open: boolean): InferredRow[] {
  const failed = calls.filter((call) => call.method === method);
  const rows: InferredRow[] = [];
  for (const [index, call] of failed.entries()) {
    if (!call.failed) continue;
    const next = failed[index + 1];
    if (next === undefined && !open) break;
    const from = call.span.end;
    const to = next?.span.start ?? end;
    if (to <= from) continue;
    const seconds = Math.min(MAX_SECONDS, FIRST_SECONDS * 2 ** Math.min(index, 10));
    const is = between(from, to) / 1e9;
    // The kubelet backs off from pulls; sandboxes it only tries again.
    const known = method === 'PullImage' && (next === undefined || is >= seconds * TOLERANCE);
    const name = known ? `back-off ${seconds} s` : `until the next ${method}`;
    const still = next === undefined ? ', still open' : '';
    rows.push({
      label: [`${name}${still} (inferred)`, `${known ? name : 'until the next try'}${still}`],
      from,
      to,
      source: 'gap',
      component: 'kubelet',
    });
  }
  return rows;
}
