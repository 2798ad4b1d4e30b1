import { after, between, nanosFromMillis } from '../../trace/time.ts';
import type { Container, TerminatedState } from '../containers.ts';
import type { Instant } from '../fields.ts';
import { isStartError } from '../never-started.ts';
import { onWindows } from '../node-commands.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Cause } from '../verdict.ts';
import { crashCause } from './crash.ts';
import { shortened } from './evidence.ts';
import { exitWords } from './exit.ts';
import { containerWords } from './sidecar.ts';

/**
 * The kubelet starts the back-off of a container afresh when its last run was this long: twice MaxContainerBackOff
 * (k8s.io/client-go util/flowcontrol/backoff.go, pkg/kubelet/kubelet.go). A run like that was no part of a loop.
 */
export const LONG_RUN = nanosFromMillis(600_000);

/** Once is no loop. */
export const MIN_RESTARTS = 2;

/** A container that has ended with an error: it is restarted, in a crash loop, or over for good. */
export const endedWithError = (container: Container, ended: TerminatedState, snapshot: PodSnapshot): Cause =>
  isRestarting(container, ended, snapshot)
    ? restartCause(container, ended, snapshot)
    : crashCause(container, ended, snapshot);

/** A kubelet that does not back off needs no longer than this to start a container again. */
const RESTART = nanosFromMillis(5000);

/**
 * The kubelet restarts a container at once after its first error, and backs off after the next ones. Until it reports the
 * back-off, or takes longer than a restart takes, the container is about to run again.
 */
function isRestarting(container: Container, ended: TerminatedState, snapshot: PodSnapshot): boolean {
  const { pod, now, untilStuck } = snapshot;
  const policy = container.restartPolicy ?? pod.restartPolicy;
  if (policy === 'Never' || pod.phase === 'Failed') return false;
  // The runtime says why it cannot start the program: another try changes nothing.
  if (isStartError(ended)) return false;
  const since = ended.finishedAt ?? pod.createdAt;
  const isFresh = container.restarts === 0 || isLongRun(ended);
  if (isBackedOff(container, since, snapshot) || (!isFresh && container.restarts >= MIN_RESTARTS)) return false;
  return now < after(since.at, isFresh ? untilStuck : RESTART);
}

const isBackedOff = ({ name }: Container, since: Instant, { events }: PodSnapshot): boolean =>
  events.some(({ reason, container, last }) => reason === 'BackOff' && container === name && last.at >= since.at);

const isLongRun = ({ startedAt, finishedAt }: TerminatedState): boolean =>
  startedAt !== undefined && finishedAt !== undefined && between(startedAt.at, finishedAt.at) >= LONG_RUN;

/** Progress. It is not called a crash loop: nothing says so yet. */
function restartCause(container: Container, ended: TerminatedState, snapshot: PodSnapshot): Cause {
  const crash = crashCause(container, ended, snapshot);
  const said = ended.message === undefined ? '' : `: ${ended.message}`;
  const reason = ended.reason === undefined || ended.reason === 'Error' ? '' : ` (${ended.reason})`;
  return {
    ...crash,
    reason: crash.reason === 'CrashLoop' ? 'Unknown' : crash.reason,
    proven: false,
    since: ended.finishedAt ?? crash.since,
    message: shortened(
      `${containerWords(container)} ended with ${exitWords(ended, onWindows(snapshot))}${reason}, and is being restarted${said}`,
    ),
  };
}
