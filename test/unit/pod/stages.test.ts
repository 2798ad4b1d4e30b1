import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podLifecycle } from '../../../src/pod/lifecycle.ts';
import { drawSnapshot, secondsLater, type DrawnSnapshot } from '../../support/pod-snapshot.ts';

const condition = (type: string, status: string, seconds: number): object => ({
  type,
  status,
  lastTransitionTime: secondsLater(seconds),
});

/** A pod whose container has ended once; `start` and `end` are seconds after the pod's creation. */
function stagesOf(
  reason: string,
  [start, end]: readonly [string, number],
  { spec, status, now = 200 }: Pick<DrawnSnapshot, 'spec' | 'status' | 'now'> = {},
): readonly string[] {
  const ended = { exitCode: 128, reason, startedAt: start, finishedAt: secondsLater(end) };
  const snapshot = drawSnapshot({
    spec: { restartPolicy: 'Never', ...spec },
    status: {
      phase: 'Failed',
      conditions: [
        condition('PodScheduled', 'True', 0),
        condition('PodReadyToStartContainers', 'False', end),
        condition('Initialized', 'True', 1),
        condition('Ready', 'False', 1),
      ],
      containerStatuses: [{ name: 'c', ready: false, restartCount: 0, state: { terminated: ended } }],
      ...status,
    },
    now,
  });
  return podLifecycle(snapshot).stages.map(({ stage, from, to }) => `${stage} ${from / 1e9}–${to / 1e9}`);
}

suite('stages of a pod whose container has ended', () => {
  test('a failed pod that is not deleted ends with its container, not in Termination', () => {
    assert.deepEqual(stagesOf('Error', [secondsLater(4), 9]), ['Sandbox 0–4', 'Running 4–9']);
  });
});
