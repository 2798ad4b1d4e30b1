import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podOf } from '../../../src/pod/objects.ts';
import { podLifecycle } from '../../../src/pod/lifecycle.ts';
import { drawSnapshot, secondsLater } from '../../support/pod-snapshot.ts';

interface Killed {
  readonly resources?: object;
  readonly phase?: string;
  readonly owner?: string;
  /** The owner may not be read. */
  readonly hidden?: boolean;
}

/** Commands for a pod whose container ran out of memory. */
function commands({ resources = { limits: { memory: '32Mi' } }, phase, owner, hidden = false }: Killed): string[] {
  const ended = { exitCode: 137, reason: 'OOMKilled', finishedAt: secondsLater(20) };
  const snapshot = drawSnapshot({
    spec: {
      restartPolicy: phase === undefined ? 'Always' : 'Never',
      containers: [{ name: 'c', image: 'i', resources }],
    },
    status: {
      phase: phase ?? 'Running',
      containerStatuses: [
        phase === undefined
          ? {
              name: 'c',
              restartCount: 3,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: ended },
            }
          : { name: 'c', restartCount: 0, state: { terminated: ended } },
      ],
    },
  });
  const { pod } = snapshot;
  const { createdAt } = podOf({ metadata: { name: 'x', uid: 'x', creationTimestamp: secondsLater(0) } })!;
  const references = owner === undefined ? [] : [{ kind: owner, name: 'shop', uid: 'o' }];
  const { verdict } = podLifecycle({
    ...snapshot,
    pod: { ...pod, owners: references },
    owners: hidden ? [] : references.map((reference) => ({ ...reference, createdAt })),
  });
  assert.equal(verdict.reason, 'OOMKilled');
  return verdict.cause!.next.map(({ command }) => command);
}

const RECREATE = 'kubectl replace --force -f FILE -n shop';
const LOGS = 'kubectl logs web -n shop -c c';
const resize = (resources: object): string =>
  `kubectl patch pod web -n shop --subresource resize -p '${JSON.stringify({ spec: { containers: [{ name: 'c', resources }] } })}'`;

// `kubectl set resources pod/web` is refused: only a pod's resize changes resources (pkg/apis/core/validation).
suite('a container that ran out of memory', () => {
  test('in a pod without an owner gets more memory by recreating or resizing the pod', () => {
    const limits = { memory: 'SIZE' };
    const burstable = { limits: { memory: '32Mi' }, requests: { memory: '16Mi' } };
    assert.deepEqual(commands({ resources: burstable }), [RECREATE, resize({ limits }), `${LOGS} --previous`]);
  });

  test('whose request equals its limit has both raised, because the QoS class of a pod cannot change', () => {
    const memory = { memory: 'SIZE' };
    const guaranteed = { limits: { memory: '32Mi' }, requests: { memory: '32Mi' } };
    assert.equal(commands({ resources: guaranteed })[1], resize({ requests: memory, limits: memory }));
  });

  test('in a finished pod, or without a limit, is not resized', () => {
    assert.deepEqual(commands({ phase: 'Failed' }), [RECREATE, LOGS]);
    assert.deepEqual(commands({ resources: {} }), [RECREATE, `${LOGS} --previous`]);
  });

  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']) {
    test(`of a ${kind} gets more memory through the pod template`, () => {
      const command = `kubectl set resources ${kind.toLowerCase()}/shop -c c --limits=memory=SIZE -n shop`;
      assert.deepEqual(commands({ owner: kind }), [command, `${LOGS} --previous`]);
    });
  }

  test('of a Job shows the template, which cannot be changed', () => {
    assert.deepEqual(commands({ owner: 'Job' }), ['kubectl get job/shop -o yaml -n shop', `${LOGS} --previous`]);
  });

  test('with an unreadable owner suggests kubectl describe pod', () => {
    assert.equal(commands({ owner: 'ReplicaSet', hidden: true })[0], 'kubectl describe pod web -n shop');
  });
});
