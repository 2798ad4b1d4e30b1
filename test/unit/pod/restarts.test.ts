import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podLifecycle, type PodLifecycle } from '../../../src/pod/lifecycle.ts';
import { stateSentence, stateWords } from '../../../src/render/pod/words.ts';
import { drawSnapshot, secondsLater } from '../../support/pod-snapshot.ts';

const ended = (from: number, to: number, more: object = {}): object => ({
  terminated: { exitCode: 1, reason: 'Error', startedAt: secondsLater(from), finishedAt: secondsLater(to), ...more },
});

const BACK_OFF = {
  waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s restarting failed container=c pod=web' },
};

function lifecycleOf(status: object, resources: object = {}): PodLifecycle {
  const container = { name: 'c', ready: false, ...status };
  const spec = { containers: [{ name: 'c', image: 'reg.test/web:1', resources }] };
  return podLifecycle(drawSnapshot({ spec, status: { phase: 'Running', containerStatuses: [container] } }));
}

/** `back-off 20 s 40 60`: short label of each back-off, from, and to in seconds after the creation. */
const backOffs = (lifecycle: PodLifecycle): string[] =>
  lifecycle.trace.spans
    .filter(({ span }) => span.name.startsWith('back-off'))
    .map(({ span }) => {
      const second = (at: bigint): number => Number(at - lifecycle.startedAt) / 1e9;
      return `${span.name} ${second(span.start)} ${second(span.end)}`;
    });

suite('the back-off of a container that is restarted', () => {
  test('is drawn from the end of its last run until now, with the length that the kubelet reports', () => {
    const lifecycle = lifecycleOf({ restartCount: 5, state: BACK_OFF, lastState: ended(50, 60) });
    assert.deepEqual(backOffs(lifecycle), ['back-off 2m40s, still open before container c restarts (inferred) 60 120']);
  });

  test('is drawn between its last two runs', () => {
    const lifecycle = lifecycleOf({ restartCount: 2, state: ended(80, 90), lastState: ended(50, 60) });
    assert.deepEqual(backOffs(lifecycle), ['back-off 20 s before container c restarts (inferred) 60 80']);
  });

  test('is not drawn for a restart that came at once', () => {
    const lifecycle = lifecycleOf({ restartCount: 1, state: ended(61, 90), lastState: ended(50, 60) });
    assert.deepEqual(backOffs(lifecycle), []);
  });
});

suite('the words for a container that is restarted again and again', () => {
  const oom = { restartCount: 5, state: BACK_OFF, lastState: ended(50, 60, { exitCode: 137, reason: 'OOMKilled' }) };

  test('a crash loop is called one, in a headline and in a sentence', () => {
    const lifecycle = lifecycleOf({ restartCount: 5, state: BACK_OFF, lastState: ended(50, 60) });
    assert.equal(stateWords(lifecycle.verdict, lifecycle, lifecycle.end), 'CRASH LOOP for 1m00s');
    assert.equal(stateSentence(lifecycle.verdict, lifecycle.end), 'has been in a crash loop for 1m00s');
  });

  for (const [resources, words] of [
    [{ limits: { memory: '64Mi' }, requests: { memory: '32Mi' } }, 'limit 64Mi, request 32Mi'],
    [{ limits: { memory: '64Mi' } }, 'limit 64Mi'],
    [{ requests: { memory: '32Mi' } }, 'no limit, request 32Mi'],
    [{}, 'no limit'],
  ] as const) {
    test(`one that ran out of memory is shown with ${words}`, () => {
      const { cause } = lifecycleOf(oom, resources).verdict;
      assert.match(cause?.message ?? '', new RegExp(`ran out of memory \\(${words}\\), exit code 137`));
    });
  }
});
