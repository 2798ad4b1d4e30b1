import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { completed } from './world.ts';

const names = ['web-1', 'web-2', 'api'];

suite('names of objects without kubectl', () => {
  const cases: readonly (readonly [line: string, values: readonly string[], wanted: string])[] = [
    ['get pods ', names, 'pods'],
    ['get po web-', ['web-1', 'web-2'], 'po'],
    ['describe deployments.apps web-1 ', ['web-2', 'api'], 'deployments.apps'],
    ['--context staging delete -n shop cm ', names, 'cm --context=staging --namespace=shop'],
    ['get -n ', names, 'namespaces'],
    ['run --namespace web', ['web-1', 'web-2'], 'namespaces'],
    ['run -- kubectl get pods a', ['api'], 'pods'],
    ['pod web-1 ', ['web-2', 'api'], 'pods'],
  ];
  for (const [line, values, wanted] of cases) {
    test(line, async () => {
      const found = await completed(line, { names });
      assert.deepEqual([found.values, found.directive, found.wanted, found.asked], [values, 4, [wanted], []]);
    });
  }

  for (const line of ['get pods,cm ', 'get pods/', 'get pods -l a=b ', 'get pod/web-1 ', 'logs ', 'create cm ']) {
    test(`${line}: kubectl completes`, async () => {
      const found = await completed(line, { names, kubectl: 'theirs\n:4\n' });
      assert.deepEqual([found.values, found.wanted], [['theirs'], []]);
    });
  }

  test('where we have none, kubectl completes', async () => {
    const found = await completed('get pods ', { kubectl: 'theirs\n:4\n' });
    assert.deepEqual([found.values, found.asked], [['theirs'], ["__complete get pods ''"]]);
  });
});
