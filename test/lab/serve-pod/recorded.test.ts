import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { defaultKubernetes } from '../cluster/versions.ts';
import { EXPECTED, falsehoods } from './expected.ts';
import { readRehearsal } from './recording.ts';

suite('the manifests of setup backend serve on a real kubelet', () => {
  const { kubernetes, steps } = readRehearsal();

  test('every step ended as it was written down before', () => {
    assert.equal(kubernetes, defaultKubernetes);
    assert.deepEqual(
      steps.map(({ name }) => name),
      EXPECTED.map(({ name }) => name),
    );
    assert.deepEqual(falsehoods(steps), []);
  });

  test('a step that ends in another way, or is missing, is found', () => {
    for (const [index, step] of steps.entries()) {
      assert.equal(falsehoods(steps.with(index, { ...step, code: 99 })).length, 1, step.name);
      assert.equal(falsehoods(steps.with(index, { ...step, output: 'other' })).length, 1, step.name);
      assert.equal(falsehoods(steps.toSpliced(index, 1)).length, 1, step.name);
    }
  });

  test('the recording contains no secret and no data of the machine', () => {
    const text = JSON.stringify(steps);
    assert.doesNotMatch(text, /\/tmp\/|\/root\/|\/home\/|PRIVATE KEY|[0-9a-f]{64}/);
  });
});
