import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { failureHint, statusesOf } from '../../../../src/commands/run/failure-hint.ts';
import { get } from '../../../../src/kube/api/request.ts';
import { parse } from '../../../../src/commands/parse.ts';
import { exchange } from '../../kube/fixture.ts';

/** The hint for a command line that ended with this exit code, after requests with these statuses. */
function hintOf(line: string, { code = 1, statuses = [] as readonly (number | null)[] } = {}): string {
  const { invocation } = parse(line.split(' '), {});
  assert.ok(invocation.kind === 'kubectl' || invocation.kind === 'run');
  return failureHint(invocation, { code, statuses });
}

suite('flags of kubectl trace behind the command', () => {
  for (const [line, moved] of [
    ['describe pod web --wait 0', '--wait 0 describe pod web'],
    ['logs -o json crash', '-o json logs crash'],
    ['-n shop describe pod web --require-complete', '-n shop --require-complete describe pod web'],
    ['rollout status deployment/web -o json', '-o json rollout status deployment/web'],
    ['run -- kubectl get pods --trace-output x', 'run --trace-output x -- kubectl get pods'],
    ['run -n shop -- kubectl describe pod --wait=0', 'run -n shop --wait 0 -- kubectl describe pod'],
  ] as const) {
    test(`${line}: a hint with the command line to use`, () => {
      const hint = `hint: flags of kubectl trace go before the command: kubectl trace ${moved}\n`;
      assert.equal(hintOf(line), hint);
      assert.equal(hintOf(line, { code: 0 }), '');
      assert.equal(hintOf(line, { statuses: [404] }), '');
    });
  }

  for (const line of [
    'events -o json',
    'describe pod --unknown',
    'exec web -- app --wait 0',
    'some-plugin --wait 0',
    'run -- kubectl get -o nonsense',
    'run -- kubectl delete pod web --wait=maybe',
  ]) {
    test(`${line}: none, since kubectl or another program has the flag`, () => assert.equal(hintOf(line), ''));
  }
});

test('discovery of a dispatcher comes before kubectl reads its flags, and is no request', () => {
  const version = exchange({ request: { ...get('discovery', '/version', 'application/json') } });
  assert.deepEqual(statusesOf({ exchanges: [version, exchange({ status: 404 })] }), [404]);
});

suite('pods that do not become ready', () => {
  for (const [line, target] of [
    ['rollout status deployment/web', 'deployment/web'],
    ['-n shop rollout status deploy web --timeout 5s', 'deploy/web -n shop'],
    ['rollout status -w --timeout=5s daemonset.apps/agent -n shop', 'daemonset.apps/agent -n shop'],
    ['wait --for=condition=Ready pod/web --context staging', 'web --context staging'],
    ['wait pod web --for condition=ready', 'web'],
    ['wait --for=condition=Available=true --timeout 5s deployment/web', 'deployment/web'],
    ['run -n shop -- kubectl rollout status sts/db', 'sts/db -n shop'],
    ['--as jane rollout status sts/db -s https://a:6443 -n shop', 'sts/db -n shop --as jane -s https://a:6443'],
    ['rollout status sts/db --user=jane --token x -n default', 'sts/db --user=jane -n default'],
    ['run --cluster east -- kubectl rollout status sts/db --as-group b', 'sts/db --cluster east --as-group b'],
  ] as const) {
    test(`${line}: a hint at the command that says why`, () => {
      const hint = `hint: why its pods are not ready: kubectl trace pod ${target}\n`;
      assert.equal(hintOf(line, { statuses: [200, 200] }), hint);
      assert.equal(hintOf(line, { statuses: [200], code: 0 }), '');
      assert.equal(hintOf(line, { statuses: [200], code: 130 }), '');
      // It does not exist, or may not be read.
      assert.equal(hintOf(line, { statuses: [404] }), '');
      assert.equal(hintOf(`--redact ${line}`, { statuses: [200] }), '');
    });
  }

  for (const line of [
    'rollout history deployment/web',
    'wait --for=delete pod/web',
    'wait --for=condition=Ready node/one',
    'wait --for=condition=Ready pod --all',
    'wait --for=condition=Ready pod/a pod/b',
    'describe pod ready',
  ]) {
    test(`${line}: none`, () => assert.equal(hintOf(line, { statuses: [200] }), ''));
  }
});
