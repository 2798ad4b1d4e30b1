import { counted } from '../format/counted.ts';
import { tableOf } from '../format/table-of.ts';
import { shell } from '../format/shell-command.ts';
import { between, epochNanos, nanosFromMillis } from '../trace/time.ts';
import { inNamespace, shortened } from './causes/evidence.ts';
import { exitWords } from './causes/exit.ts';
import { onWindows } from './node-commands.ts';
import { faultWords } from './causes/node.ts';
import { LONG_RUN } from './causes/restart.ts';
import { containerWords } from './causes/sidecar.ts';
import type { Container } from './containers.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
import { clockTime, shortDuration } from './lanes/words.ts';
import type { Note, Verdict } from './verdict.ts';

/** A line each beside a verdict, which stays what it is. */
export function notesOf(snapshot: PodSnapshot, { state }: Pick<Verdict, 'state'>): readonly Note[] {
  if (state === 'succeeded' || state === 'failed') return [];
  const ready = state === 'ready' ? [nodeNote(snapshot), gateNote(snapshot), ...restartNotes(snapshot)] : [];
  return [...ready, ...resizeNotes(snapshot), leaseNote(snapshot)].filter((note) => note !== undefined);
}

/** A kubelet that is not heard of for this long is lost (kube-controller-manager --node-monitor-grace-period, 50 s). */
const LEASE_SILENCE = nanosFromMillis(50_000);

/** The node's own clock writes the lease: that it is old may say no more than that this clock is behind. */
function leaseNote({ node, now, pod }: PodSnapshot): Note | undefined {
  if (node?.renewedAt === undefined || node.ready?.status !== 'True' || node.unreachable !== undefined)
    return undefined;
  const age = between(node.renewedAt.at, now);
  if (pod.node === undefined || age <= LEASE_SILENCE) return undefined;
  return {
    text: `the Lease of node ${node.name} is ${shortDuration(age)} old, while the node is Ready: its kubelet is late, or its clock is behind`,
  };
}

const NOT_READY = 'node.kubernetes.io/not-ready';

/** How long the pod stays on a node with that NoExecute taint; undefined: for good. */
const staySeconds = ({ pod }: PodSnapshot): number | undefined => {
  const tolerated = pod.tolerations.filter(
    ({ key, effect }) => (key === undefined || key === NOT_READY) && (effect === undefined || effect === 'NoExecute'),
  );
  if (tolerated.length === 0) return 0;
  // The shortest counts (pkg/controller/tainteviction/taint_eviction.go, getMinTolerationTime).
  const limits = tolerated.flatMap(({ seconds }) => seconds ?? []);
  return limits.length === 0 ? undefined : limits.reduce((least, limit) => Math.min(least, limit));
};

/** Pods of a DaemonSet do, as the network plugin that is to make the node ready: their own Ready is what counts. */
export const staysOnFaultyNode = (snapshot: PodSnapshot): boolean =>
  snapshot.node?.unreachable === undefined &&
  snapshot.node?.ready?.status === 'False' &&
  staySeconds(snapshot) === undefined;

function nodeNote(snapshot: PodSnapshot): Note | undefined {
  const { node, pod } = snapshot;
  if (node === undefined || pod.node === undefined) return undefined;
  if (!node.exists) return { text: `node ${pod.node} no longer exists: the pod will be deleted in about a minute` };
  if (node.unreachable !== undefined) {
    return { text: `the kubelet of node ${node.name} does not report, so Ready may be outdated` };
  }
  if (node.ready?.status !== 'False') return undefined;
  const seconds = staySeconds(snapshot);
  const since = node.ready.changed;
  const evicted =
    seconds === undefined || since === undefined
      ? ''
      : `; unless it recovers, the pod is evicted at ${clockTime(epochNanos(since.at + BigInt(seconds) * 1_000_000_000n))}`;
  return { text: shortened(`node ${node.name} is not ready: ${faultWords(node.ready)}${evicted}`) };
}

/** A controller may take its word back; the kubelet then follows with Ready. */
function gateNote({ pod }: PodSnapshot): Note | undefined {
  const open = pod.readinessGates.filter((type) => pod.conditions.get(type)?.status !== 'True');
  return open.length === 0 ? undefined : { text: `readiness gate ${open.join(', ')} is not True` };
}

const EXIT_SAYS_AS_MUCH = new Set(['Completed', 'Error']);

function restartNotes(snapshot: PodSnapshot): Note[] {
  return snapshot.pod.containers.flatMap((container) => restartNote(container, snapshot) ?? []);
}

function restartNote(container: Container, snapshot: PodSnapshot): Note | undefined {
  const { state, last, restarts, name } = container;
  if (restarts === 0 || state?.kind !== 'running' || state.startedAt === undefined) return undefined;
  const age = between(state.startedAt.at, snapshot.now);
  if (age >= LONG_RUN) return undefined;
  const ended =
    last === undefined
      ? ''
      : `; its last run ended with ${exitWords(last, onWindows(snapshot))}${last.reason === undefined || EXIT_SAYS_AS_MUCH.has(last.reason) ? '' : `, ${last.reason}`}`;
  const times = counted(restarts, 'restart');
  return {
    text: `${containerWords(container)} was restarted ${shortDuration(Math.max(0, age))} ago (${times} in all)${ended}`,
    next: {
      command: shell`kubectl logs ${snapshot.pod.name}${inNamespace(snapshot)} -c ${name} --previous`,
      when: 'for the log of the previous run',
    },
  };
}

/**
 * Resizes in place (KEP-1287): conditions since 1.33, `status.resize` before. A pending one is Deferred until there is
 * room, or Infeasible on this node whatever ends; one in progress has a reason only for an error.
 */
function resizeNotes({ pod }: PodSnapshot): Note[] {
  const pending = pod.conditions.get('PodResizePending');
  const under = pod.conditions.get('PodResizeInProgress');
  const notes: Note[] = [];
  if (pending?.status === 'True') {
    notes.push({ text: resizeText(pending.reason ?? 'Pending', pending.message) });
  } else if (under === undefined && pod.resize !== undefined && pod.resize !== 'InProgress') {
    notes.push({ text: resizeText(pod.resize, undefined) });
  }
  if (under?.status === 'True' || (pending === undefined && under === undefined && pod.resize === 'InProgress')) {
    const error = under?.reason === 'Error' ? `, with an error: ${under.message ?? 'no message'}` : '';
    notes.push({ text: shortened(`an in-place resize is in progress${error}`) });
  }
  return notes;
}

const MEANINGS: Readonly<Record<string, string>> = tableOf({
  Deferred: 'the node has no room for it now; the kubelet will retry',
  Infeasible: 'this node can never grant it',
  Proposed: 'the kubelet has not processed it yet',
});

const resizeText = (reason: string, message: string | undefined): string =>
  shortened(
    `the in-place resize is ${reason}: ${[MEANINGS[reason], message].filter((word) => word !== undefined).join('; ')}`,
  );
