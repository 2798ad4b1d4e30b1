import { shell } from '../../../src/format/shell-command.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { eventOf } from '../../../src/pod/events.ts';
import { quotaWords } from '../../../src/pod/workload/quota.ts';
import { readWorkload } from '../../../src/pod/workload/read.ts';
import { withUndo } from '../../../src/pod/workload/undo.ts';
import type { Party, State, Verdict } from '../../../src/pod/verdict.ts';
import { nanos, epochNanos } from '../../../src/trace/time.ts';

const AT = '2026-11-29T08:50:00Z';
const at = { at: epochNanos(BigInt(Date.parse(AT)) * 1_000_000n), uncertainty: nanos(1e9) };

// Texts of k8s.io/apiserver pkg/admission/plugin/resourcequota/controller.go, checkRequest.
suite('a quota that is exceeded', () => {
  const refused = 'pods "web-5d4f-b" is forbidden: exceeded quota: ';
  for (const [text, words] of [
    ['one-pod, requested: pods=1, used: pods=1, limited: pods=1', 'quota one-pod allows 1 pod, 1 is used'],
    ['few, requested: pods=1, used: pods=3, limited: pods=3', 'quota few allows 3 pods, 3 are used'],
    [
      'small, requested: requests.memory=64Mi, used: requests.memory=0, limited: requests.memory=32Mi',
      'quota small allows 32Mi of requests.memory, 0 is used and 64Mi is requested',
    ],
    [
      'two, requested: limits.cpu=2,pods=1, used: limits.cpu=1,pods=4, limited: limits.cpu=2,pods=4',
      'quota two allows 2 of limits.cpu, 1 is used and 2 is requested; 4 pods, 4 are used',
    ],
  ] as const) {
    test(words, () => assert.equal(quotaWords(refused + text), words));
  }

  test('in unknown wording is shown as the API server wrote it', () => {
    const other = 'pods "x" is forbidden: exceeded quota';
    assert.equal(quotaWords(other), other);
  });

  test('has no prefix from the event recorder, which combines similar events', () => {
    const said = 'Error creating: pods "x" is forbidden';
    const event = eventOf({ message: `(combined from similar events): ${said}`, firstTimestamp: AT });
    assert.equal(event?.message, said);
  });
});

interface Rollout {
  readonly state?: State;
  readonly owner?: Party;
  readonly revisions?: readonly string[];
  /** The revisions whose ReplicaSet has an available pod. */
  readonly available?: readonly string[];
  /** When the Deployment stopped being available; it was created at 08:50. */
  readonly unavailableSince?: string;
  readonly progressing?: string;
  readonly paused?: boolean;
  readonly kind?: string;
}

/** The commands of a Deployment with these revisions, the last one its own, whose pod is described first. */
function commands(rollout: Rollout): string[] {
  const { state = 'stuck', owner = 'author', revisions = ['1', '2'], kind = 'Deployment' } = rollout;
  const { progressing = 'ReplicaSetUpdated', paused = false, available = ['1'], unavailableSince } = rollout;
  const template = (image: string): object => ({ spec: { containers: [{ name: 'c', image }] } });
  const object = {
    kind,
    metadata: { name: 'web', namespace: 'shop', uid: 'd', creationTimestamp: AT, generation: 2 },
    spec: { replicas: 2, paused, template: template(revisions.at(-1)!) },
    status: {
      observedGeneration: 2,
      replicas: 3,
      updatedReplicas: 1,
      conditions: [
        { type: 'Progressing', status: 'True', reason: progressing, lastTransitionTime: AT },
        ...(unavailableSince === undefined
          ? []
          : [{ type: 'Available', status: 'False', lastTransitionTime: unavailableSince }]),
      ],
    },
  };
  const makers = revisions.map((revision) => ({
    metadata: { uid: revision, creationTimestamp: AT, annotations: { 'deployment.kubernetes.io/revision': revision } },
    spec: { template: template(revision) },
    status: { replicas: 1, ...(available.includes(revision) && { availableReplicas: 1 }) },
  }));
  const verdict: Verdict = {
    state,
    stage: 'ImagePull',
    reason: 'ImagePull',
    since: at,
    notes: [],
    cause: {
      reason: 'ImagePull',
      stage: 'ImagePull',
      proven: true,
      final: false,
      since: at,
      message: 'not found',
      waitingFor: { kind: 'image', name: 'i' },
      owner,
      who: "the manifest's author",
      evidence: [],
      next: [
        { command: shell`first`, when: '' },
        { command: shell`third`, when: '' },
      ],
    },
  };
  const told = withUndo(verdict, readWorkload({ object, makers, pods: [] })!);
  return told.cause!.next.map(({ command }) => command);
}

suite('a rollout of a Deployment', () => {
  const undo = ['first', 'kubectl rollout undo deployment/web -n shop', 'third'];
  const none = ['first', 'third'];
  for (const [what, rollout, expected] of [
    ['that is stuck can be taken back as a second step', {}, undo],
    ['that is past its deadline can, whoever can end it', { state: 'failed', owner: 'cluster-admin' }, undo],
    ['that goes on is not taken back', { state: 'progressing' }, none],
    ['that waits for the cluster is not', { owner: 'cluster-admin' }, none],
    ['without a revision before it is not', { revisions: ['1'] }, none],
    ['without an older revision that was ever available is not', { available: [] }, none],
    [
      'whose previous revision did not become available is not',
      { available: [], unavailableSince: '2026-11-29T08:50:02Z' },
      none,
    ],
    [
      'whose previous revision was available until a change of strategy Recreate can',
      { available: [], unavailableSince: '2026-11-29T08:55:00Z' },
      undo,
    ],
    [
      'whose previous revision does not work either can be taken back to the one that does',
      { revisions: ['1', '2', '3'] },
      ['first', 'kubectl rollout undo deployment/web -n shop --to-revision=1', 'third'],
    ],
    ['that was complete once is not', { progressing: 'NewReplicaSetAvailable' }, none],
    ['that is paused is not: kubectl refuses that', { paused: true }, none],
  ] as const) {
    test(what, () => assert.deepEqual(commands(rollout), expected));
  }

  test('advice does not apply to a StatefulSet, which has no ReplicaSets', () => {
    assert.deepEqual(commands({ kind: 'StatefulSet' }), none);
  });
});
