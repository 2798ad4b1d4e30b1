import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EVENT_MEANINGS } from '../../../src/pod/event-table.ts';
import { REJECTIONS } from '../../../src/pod/rejections.ts';
import { podLifecycle } from '../../../src/pod/lifecycle.ts';
import { drawSnapshot, secondsLater, type DrawnSnapshot } from '../../support/pod-snapshot.ts';

const verdict = (drawn: DrawnSnapshot): ReturnType<typeof podLifecycle>['verdict'] =>
  podLifecycle(drawSnapshot(drawn)).verdict;

const condition = (type: string, seconds: number): object => ({
  type,
  status: 'True',
  lastTransitionTime: secondsLater(seconds),
});

const READY = {
  phase: 'Running',
  conditions: ['PodScheduled', 'PodReadyToStartContainers', 'ContainersReady', 'Ready'].map((type) =>
    condition(type, 5),
  ),
  containerStatuses: [{ name: 'c', ready: true, started: true, state: { running: { startedAt: secondsLater(4) } } }],
};
const CREATING = {
  conditions: [condition('PodScheduled', 1)],
  containerStatuses: [{ name: 'c', state: { waiting: { reason: 'ContainerCreating' } } }],
};

const happened = (reason: string, message = 'x', count = 5): object => ({
  reason,
  message,
  count,
  lastTimestamp: secondsLater(25),
});

suite('an event', () => {
  for (const { says, kind, stage } of EVENT_MEANINGS) {
    for (const reason of says) {
      test(`${reason} leaves a ready pod ready`, () => {
        assert.equal(verdict({ status: READY, events: [happened(reason)] }).state, 'ready');
      });

      if (kind !== 'trouble') {
        test(`${reason} (${kind}) raises no alarm while a pod is being created`, () => {
          assert.equal(verdict({ status: CREATING, events: [happened(reason)], now: 30 }).state, 'progressing');
        });
      } else if (
        (stage === 'Volumes' || stage === 'Sandbox') &&
        reason !== 'NetworkNotReady' &&
        reason !== 'FailedBinding'
      ) {
        test(`${reason} blocks a pod at ${stage}`, () => {
          const { state, stage: at } = verdict({ status: CREATING, events: [happened(reason)], now: 30 });
          assert.deepEqual([state, at], ['stuck', stage]);
        });
      }
    }
  }

  test('is no longer a problem once a later step has succeeded', () => {
    const trouble = happened('FailedCreatePodSandBox', 'rpc error');
    const { state, cause } = verdict({
      status: CREATING,
      events: [trouble, { reason: 'Pulling', type: 'Normal', firstTimestamp: secondsLater(26) }],
    });
    assert.equal(state, 'progressing');
    assert.match(cause?.message ?? '', /has been pulling image reg\.test\/web:1/);
  });
});

suite('a rejection', () => {
  for (const { says } of REJECTIONS) {
    for (const reason of says.map((word) => word.replace('*', 'example.com/fpga'))) {
      test(`${reason} is final, and shows its node and the kubelet's message`, () => {
        const status = { phase: 'Failed', reason, message: 'Pod was rejected: because of this', startTime: undefined };
        const {
          state,
          stage,
          reason: ours,
          cause,
        } = verdict({ status, events: [happened(reason, 'because of this', 1)] });
        assert.deepEqual([state, stage, ours], ['failed', 'Admission', 'Rejected']);
        assert.match(cause?.message ?? '', new RegExp(`node n1 rejected it \\(${reason}\\).*because of this`));
        assert.match(cause?.who ?? '', /no controller owns this pod/);
      });
    }
  }

  test('an evicted pod is evicted, rejected or not', () => {
    const status = {
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    };
    assert.equal(verdict({ status }).reason, 'Evicted');
  });
});
