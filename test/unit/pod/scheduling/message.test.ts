import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedulingMessage } from '../../../../src/pod/scheduling/message.ts';
import { readPreemption } from '../../../../src/pod/scheduling/preemption.ts';

/** As FitError.Error of k8s.io/kubernetes pkg/scheduler/framework/types.go writes them, over its versions. */
const MESSAGES: readonly (readonly [string, string, number | null, readonly (readonly [number | null, string])[]])[] = [
  [
    'two causes and preemption',
    '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.',
    3,
    [
      [1, 'Insufficient cpu'],
      [2, 'node(s) had untolerated taint(s)'],
    ],
  ],
  [
    'a taint in braces, as until 1.36',
    '0/2 nodes are available: 1 node(s) had untolerated taint {a: b, c}, 1 Too many pods.',
    2,
    [
      [1, 'node(s) had untolerated taint {a: b, c}'],
      [1, 'Too many pods'],
    ],
  ],
  [
    'a sentence that counts no nodes',
    '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    1,
    [[null, 'pod has unbound immediate PersistentVolumeClaims. not found']],
  ],
  ['no nodes at all', 'no nodes available to schedule pods', null, [[null, 'no nodes available to schedule pods']]],
];

for (const [what, message, nodes, causes] of MESSAGES) {
  test(`the scheduler's message: ${what}`, () => {
    const read = parseSchedulingMessage(message);
    assert.equal(read.nodes, nodes);
    assert.deepEqual(
      read.causes.map((cause) => [cause.nodes, cause.text]),
      causes,
    );
  });
}

test('the preemption result is separate from the causes', () => {
  assert.match(parseSchedulingMessage(MESSAGES[0]![1]).preemption ?? '', /^0\/3 nodes are available: 1 No preemption/);
});

test('preemption with chosen victims is under way in the wording of 1.37', () => {
  const { preemption } = parseSchedulingMessage(
    '0/2 nodes are available: 2 Insufficient cpu. preemption: found a potential placement for pod on node wk-2, preempting 1 victims.',
  );
  assert.deepEqual(readPreemption(preemption), {
    isUnderWay: true,
    words: 'in progress, 1 lower-priority pod on node wk-2 being removed',
  });
});
