import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podLifecycle } from '../../../src/pod/lifecycle.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { drawSnapshot, secondsLater } from '../../support/pod-snapshot.ts';
import { span } from '../../support/spans.ts';

const at = (seconds: number): ReturnType<typeof epochNanos> =>
  epochNanos(BigInt(Date.parse(secondsLater(seconds))) * 1_000_000n);
const UID = '0a1b2c3d-0000-4000-8000-000000000001';

/** A look of the kubelet whose pull of the image ended with an error at that second. */
function failedPull(trace: string, seconds: number) {
  const times = {
    start: at(seconds - 1),
    end: at(seconds),
    trace,
    service: 'kubelet',
    status: { code: 'error' },
  } as const;
  return [
    span({ ...times, id: '1', name: 'syncPod', attributes: { 'k8s.pod.uid': UID } }),
    span({ ...times, id: '2', parent: '1', kind: 'client', name: 'runtime.v1.ImageService/PullImage' }),
  ];
}

const retryAt = (now: number, pulls: readonly number[]): bigint | undefined => {
  const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "reg.test/web:1"' };
  const snapshot = drawSnapshot({
    now,
    status: { containerStatuses: [{ name: 'c', state: { waiting } }] },
    events: [
      {
        reason: 'Failed',
        message: 'Failed to pull image "reg.test/web:1": not found',
        count: 2,
        lastTimestamp: secondsLater(12),
      },
    ],
  });
  const spans = pulls.flatMap((seconds, index) => failedPull(`a${index + 1}`, seconds));
  return podLifecycle({ ...snapshot, spans }).verdict.cause?.retryAt;
};

suite('next pull of an image whose events have stopped', () => {
  test('follows from the last pull in the spans, with a back-off that doubles', () => {
    assert.equal(retryAt(50, [2, 12, 33]), at(33 + 40));
  });

  test('is at most 300 s after the last pull', () => {
    assert.equal(retryAt(950, [2, 12, 33, 74, 155, 316, 617, 918]), at(918 + 300));
  });

  test('is not shown without spans if it would be in the past', () => {
    assert.equal(retryAt(30, []), at(12 + 20));
    assert.equal(retryAt(950, []), undefined);
  });
});
