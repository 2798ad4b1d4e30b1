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

/** The runtime reports this start of a container that it could not start. */
const NEVER = '1970-01-01T00:00:00Z';

suite('stages of a pod whose container has ended', () => {
  test('a failed pod that is not deleted ends with its container, not in Termination', () => {
    assert.deepEqual(stagesOf('Error', [secondsLater(4), 9]), ['Sandbox 0–4', 'Running 4–9']);
  });

  test('a container that could not be started has not run', () => {
    assert.deepEqual(stagesOf('StartError', [NEVER, 5]), ['ContainerStart 0–5']);
  });

  test('neither has one that the kubelet has tried to start several times', () => {
    const run = { exitCode: 128, reason: 'StartError', startedAt: NEVER, finishedAt: secondsLater(40) };
    const stages = stagesOf('StartError', [NEVER, 5], {
      spec: { restartPolicy: 'Always' },
      status: {
        phase: 'Running',
        conditions: [
          condition('PodScheduled', 'True', 0),
          condition('PodReadyToStartContainers', 'True', 3),
          condition('Ready', 'False', 1),
        ],
        containerStatuses: [
          {
            name: 'c',
            ready: false,
            restartCount: 3,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container=c' } },
            lastState: { terminated: run },
          },
        ],
      },
    });
    assert.deepEqual(stages, ['Sandbox 0–3', 'ContainerCreate 3–40', 'ContainerStart 40–200']);
  });
});
