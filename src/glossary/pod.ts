import type { Entry } from './entry.ts';
import { programName } from '../format/program-name.ts';

const LANES = 'src/pod/lanes';

/** Rows of a pod's timeline that come from objects, conditions and events. */
export const POD: readonly Entry[] = [
  {
    name: 'pod/NAME',
    summary: 'the pod, from its request until now',
    since: 'any version: a row of kubectl trace',
    source: 'src/pod/timeline.ts',
    slow: 'the stage in the verdict',
    next: 'docs/pod.md: stages and reasons',
    pattern: /^pod\/\S+$/,
  },
  {
    name: 'created TIME by OWNER',
    summary: 'when the object was created',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/controllers.ts`,
    slow: 'a moment; a long time before it is the controller that creates the pod',
    next: 'the owner, and kube-controller-manager',
    pattern: /^(?:\S+ )?created \d.*$/,
  },
  {
    name: 'scheduler to NODE',
    summary: 'from creation to the choice of the node',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/steps.ts`,
    slow: 'no node fits: then that has its own row with the message',
    get next() {
      return `docs/scheduling.md; ${programName()} pod NAME`;
    },
    pattern: /^scheduler:?\s+(?:to .+|no node fits.*)$|^(?:scheduling )?gate .+$/,
  },
  {
    name: 'COMPONENT REASON (event)',
    summary: 'events of one reason, first to last',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/events.ts`,
    slow: 'an event is a moment; a long row is one that came again and again (×N)',
    next: 'kubectl describe pod NAME, for the messages',
    pattern: /^.+ \(event\)$/,
  },
  {
    name: 'back-off before CONTAINER restarts',
    summary: "the kubelet's pause before it tries again",
    about: 'Inferred. It doubles from 10 s to 5 minutes (CrashLoopBackOff, ImagePullBackOff).',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/restarts.ts, back-off.ts`,
    slow: 'a container that ends again and again, or an image that cannot be pulled',
    next: 'kubectl logs --previous; the message of the pull',
    also: ['back-off'],
    pattern: /^back-off .+$/,
  },
  {
    name: 'CONTAINER runs',
    summary: 'a run of a container, and how it ended',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/containers.ts`,
    slow: 'a container runs as long as it should, or until it fails',
    next: 'the exit code in the row; kubectl logs',
    pattern: /^.+ \(status, ± 1 s\)$/,
  },
  {
    name: 'STAGE, still open',
    summary: 'what the pod waits for now',
    about: 'Inferred: no report has ended the stage yet.',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/steps.ts`,
    slow: 'the cause in the headline',
    get next() {
      return `${programName()} pod NAME: the cause, who can fix it, and what to do`;
    },
    pattern: /^(?!back-off\b).+, still open(?:: .+)?$/,
  },
  {
    name: 'deleted TIME, N s to end',
    summary: 'the grace period of the deletion',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/steps.ts`,
    slow: 'a preStop hook, or a program that does not end on SIGTERM',
    next: 'syncTerminatingPod and StopContainer, where the kubelet traces',
    pattern: /^deleted(?: \d.*)?, \d+ s to end(?: \(.*\))?$/,
  },
  {
    name: 'finalizer NAME',
    summary: 'a finalizer that holds a deleted object',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/steps.ts`,
    slow: 'the controller that has to remove the finalizer does not run, or fails',
    next: 'the logs of that controller; metadata.finalizers',
    pattern: /^finalizer .+$/,
  },
  {
    name: 'STEP (condition TYPE)',
    summary: 'a step, by a condition of the pod',
    since: 'any version: a row of kubectl trace',
    source: `${LANES}/steps.ts`,
    slow: 'a moment: the time of the transition, in whole seconds',
    next: 'the rows before it',
    pattern: /^.+ \(condition \w+.*\)$/,
  },
];
