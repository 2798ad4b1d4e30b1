import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { differences, type Comparison } from './comparison.ts';
import { readResults } from './record.ts';
import { rollouts } from './rollouts.ts';

suite('a rollout that was followed in parallel with `kubectl rollout status`', () => {
  const results = new Map(readResults().map((result) => [result.rollout, result]));
  for (const { name, says, ends } of rollouts) {
    test(`${name}: the same result, and not earlier. ${says}`, () => {
      const result = results.get(name);
      assert.ok(result !== undefined, 'it was not rehearsed: npm run rehearse:rollouts');
      assert.equal(result.ends, ends);
      assert.deepEqual(differences(result), []);
    });
  }
});

suite('a comparison finds', () => {
  const same: Comparison = {
    rollout: 'good',
    ends: 'done',
    timeoutSeconds: 60,
    kubectl: { exitCode: 0, seconds: 8.2, said: 'deployment "web" successfully rolled out' },
    program: { exitCode: 0, seconds: 8.4, said: 'ready' },
    waitingUntil: 8,
  };
  const failed = { exitCode: 1, seconds: 60, said: 'error: timed out waiting for the condition' };
  const found: readonly (readonly [what: string, change: Partial<Comparison>, line: RegExp])[] = [
    ['an end that comes too early', { program: { ...same.program, seconds: 7.9 } }, /under way until 8 s/],
    ['another exit status', { program: { ...same.program, exitCode: 6, said: 'stuck, ImagePull' } }, /exit status 6/],
    ['a success that kubectl does not see', { ends: 'timeout', kubectl: failed }, /exit status 0 in place of 6/],
    ['a rollout that was not what it was meant to be', { ends: 'timeout' }, /kubectl did not end/],
    [
      'a following that ends before its timeout',
      { ends: 'timeout', kubectl: failed, program: { exitCode: 6, seconds: 12, said: 'stuck, Readiness' } },
      /not after the timeout of 60 s/,
    ],
  ];
  test('no difference if both end in the same way', () => assert.deepEqual(differences(same), []));
  for (const [what, change, line] of found) {
    test(what, () => assert.match(differences({ ...same, ...change }).join('\n'), line));
  }
});
