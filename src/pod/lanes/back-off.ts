import { between } from '../../trace/time.ts';
import type { RuntimeCall } from '../kubelet-spans.ts';
import type { Life, Told } from './told.ts';

const FIRST = 10;
/** Of image pulls and restarts (k8s.io/kubernetes pkg/kubelet/kubelet.go). */
const LONGEST = 300;
/** A pause that is shorter than the back-off by more than this is none. */
const TOLERANCE = 0.8;

/** The pauses after pulls and sandboxes that failed: nobody reports them, but nothing else happens in them. */
export function backOffRows({ syncs, end, verdict }: Life): Told[] {
  const calls = syncs.flatMap((sync) => sync.calls);
  return [
    ...pauses(calls, 'PullImage', end, verdict.stage === 'ImagePull'),
    ...pauses(calls, 'RunPodSandbox', end, verdict.stage === 'Sandbox'),
  ];
}

function pauses(calls: readonly RuntimeCall[], method: string, end: Told['to'], open: boolean): Told[] {
  const failed = calls.filter((call) => call.method === method);
  const rows: Told[] = [];
  for (const [index, call] of failed.entries()) {
    if (!call.failed) continue;
    const next = failed[index + 1];
    if (next === undefined && !open) break;
    const from = call.span.end;
    const to = next?.span.start ?? end;
    if (to <= from) continue;
    const seconds = Math.min(LONGEST, FIRST * 2 ** Math.min(index, 10));
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
