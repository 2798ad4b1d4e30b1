import { shell } from '../../format/shell-command.ts';
import { epochNanos } from '../../trace/time.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import type { Container } from '../containers.ts';
import { clockTime } from '../lanes/words.ts';
import type { Progress } from '../progress.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { conditionEvidence, describe, eventEvidence, inNamespace, shortened, stateEvidence } from './evidence.ts';
import { containerWords, isInitialized } from './sidecar.ts';

/** A pod whose containers run but that is not ready: it waits for an init container, a probe or a gate. */
export function runningCause(snapshot: PodSnapshot, progress: Progress): Cause | undefined {
  const { pod } = snapshot;
  // Init containers come one after the other, sidecars among them: the first that is not done holds up the others.
  const init = pod.containers.find(
    (container) => container.init && !isDone(container) && container.state?.kind === 'running',
  );
  if (init !== undefined && !init.sidecar) return initCause(init, snapshot, progress);
  const main = pod.containers.filter((container) => !container.init || container.sidecar);
  const starting = main.find(({ state, started }) => state?.kind === 'running' && !started);
  if (starting !== undefined) return probeCause('Startup', starting, snapshot, progress);
  const unready = main.find(({ state, ready }) => state?.kind === 'running' && !ready);
  if (unready !== undefined) return probeCause('Readiness', unready, snapshot, progress);
  return gateCause(snapshot, progress);
}

/** A sidecar has done its part when its startup probe has succeeded (KEP-753); it is never expected to end. */
const isDone = ({ state, sidecar, started }: Container): boolean =>
  sidecar ? started : state?.kind === 'terminated' && state.exitCode === 0;

/** Never before what had to happen first: a time in whole seconds may seem to be. */
function startOf({ state }: Container, cause: Instant): Instant {
  const started = state?.kind === 'running' ? state.startedAt : undefined;
  return started !== undefined && started.at > cause.at ? started : cause;
}

function initCause(container: Container, snapshot: PodSnapshot, progress: Progress): Cause {
  const { name } = container;
  const since = startOf(container, (progress.sandbox ?? progress.created).at);
  const initialized = snapshot.pod.conditions.get('Initialized');
  return {
    reason: 'InitContainer',
    stage: 'InitContainers',
    proven: false,
    final: false,
    since,
    message: `init container ${name} is running; the containers after it wait until it ends`,
    waitingFor: { kind: 'container', name },
    owner: 'author',
    who: `the author of init container ${name}, or the owner of what it waits for`,
    evidence: [
      ...(container.state === undefined ? [] : [stateEvidence(container, container.state)]),
      ...(initialized === undefined ? [] : [conditionEvidence(initialized)]),
    ],
    next: [logs(container, snapshot), describe(snapshot)],
  };
}

const logs = ({ name }: Container, snapshot: PodSnapshot): NextStep => ({
  command: shell`kubectl logs ${snapshot.pod.name}${inNamespace(snapshot)} -c ${name}`,
  when: 'what is it doing?',
});

/**
 * HTTP 4xx: the server runs, and has no such path or lets the kubelet not in. One that only starts slowly has no connection,
 * or responds with 5xx, or with one of the 4xx after which a client tries again.
 */
const REFUSED = /statuscode: 4(?!08|23|25|29)\d\d\b/i;

function probeCause(
  probe: 'Startup' | 'Readiness',
  container: Container,
  snapshot: PodSnapshot,
  progress: Progress,
): Cause {
  const { name, sidecar } = container;
  const failures = snapshot.events.filter(
    ({ reason, container: of, message }) =>
      reason === 'Unhealthy' && of === name && message.toLowerCase().startsWith(probe.toLowerCase()),
  );
  const failure = failures.at(-1)?.message.replace(/^\w+ probe (?:failed|errored[^:]*): /, '');
  const has = probe === 'Startup' ? container.probes.startup : container.probes.readiness;
  const said = failure === undefined ? 'has not succeeded yet' : `fails: ${failure}`;
  const ready = snapshot.pod.conditions.get('Ready');
  const holdsUp = sidecar && probe === 'Startup' && !isInitialized(snapshot.pod);
  // A container that was ready before has lost that only when the condition says so.
  const lost = ready?.status === 'False' && probe === 'Readiness' ? ready.changed : undefined;
  const since = startOf(container, ((holdsUp ? progress.sandbox : progress.started) ?? progress.created).at);
  const begin = lost !== undefined && lost.at > since.at ? lost : since;
  // The manifest gives the probe this long: before that it may be slow, but it is not stuck.
  const seconds = probe === 'Startup' ? container.probes.startupSeconds : container.probes.readinessSeconds;
  const due = epochNanos(since.at + BigInt(seconds) * 1_000_000_000n);
  const planned = snapshot.now < due && snapshot.now - begin.at >= BigInt(snapshot.untilStuck);
  return {
    reason: probe,
    ...(planned && { planned: true as const }),
    ...(failure !== undefined && REFUSED.test(failure) && { lasting: true as const }),
    stage: !sidecar || probe === 'Readiness' ? probe : holdsUp ? 'InitContainers' : 'Running',
    proven: false,
    final: false,
    since: begin,
    message: shortened(
      `${containerWords(container)} runs, but ${has ? `its ${probe.toLowerCase()} probe ${said}` : 'the kubelet does not report it ready'}${planned ? `; the manifest gives it until ${clockTime(due)}` : ''}${holdsUp ? '; the containers after it wait for that' : ''}`,
    ),
    waitingFor: { kind: 'probe', name: `${probe.toLowerCase()} of ${containerWords(container)}` },
    owner: 'author',
    who: `the author of ${containerWords(container)}, or the manifest's author (probe)`,
    evidence: [
      ...eventEvidence(failures),
      {
        kind: 'status',
        text: `${sidecar ? 'initContainerStatuses' : 'containerStatuses'}[${name}].${probe === 'Startup' ? 'started' : 'ready'}: false`,
      },
      ...(ready === undefined ? [] : [conditionEvidence(ready)]),
    ],
    next: [logs(container, snapshot), describe(snapshot)],
  };
}

function gateCause(snapshot: PodSnapshot, progress: Progress): Cause | undefined {
  const { pod } = snapshot;
  const open = pod.readinessGates.filter((type) => pod.conditions.get(type)?.status !== 'True');
  const ready = pod.conditions.get('Ready');
  const containers = pod.conditions.get('ContainersReady');
  if (open.length === 0 || containers?.status !== 'True') return undefined;
  const names = open.join(', ');
  return {
    reason: 'ReadinessGate',
    stage: 'Readiness',
    proven: false,
    final: false,
    since: gateSince(snapshot, open, (progress.started ?? progress.created).at),
    message: `its containers are ready, but the readiness gate ${names} is not True`,
    waitingFor: { kind: 'gate', name: names },
    owner: 'cluster-admin',
    who: `the controller that sets the condition ${names}`,
    evidence: [
      ...open.flatMap((type) => {
        const condition = pod.conditions.get(type);
        return condition === undefined
          ? [{ kind: 'field' as const, text: `no condition ${type}` }]
          : [conditionEvidence(condition)];
      }),
      ...(ready === undefined ? [] : [conditionEvidence(ready)]),
    ],
    next: [describe(snapshot)],
  };
}

/** Since its containers are ready, or since a gate that was True is not any more. */
function gateSince({ pod }: PodSnapshot, open: readonly string[], earliest: Instant): Instant {
  const times = [
    pod.conditions.get('ContainersReady')?.changed,
    ...open.map((type) => pod.conditions.get(type)?.changed),
  ].filter((time) => time !== undefined);
  return times.reduce((latest, time) => (time.at > latest.at ? time : latest), earliest);
}
