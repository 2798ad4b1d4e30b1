import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elsewhere } from '../../../../src/commands/run/elsewhere.ts';

for (const [line, expected] of [
  ['helm list --kube-context staging', 'kubectl trace run --context staging -- helm list'],
  ['env A=b kubectl --context=x get pods', 'kubectl trace run --context x -- env A=b kubectl get pods'],
  ['tool --server https://h --token t', 'kubectl trace run --server https://h -- tool --token REDACTED'],
] as const) {
  test(`the flag of ${line} stands before the two dashes`, () => {
    const [flag = ''] = /--[a-z-]+/.exec(line) ?? [];
    const hint = elsewhere(line.split(' '));
    assert.equal(hint, `the proxy leads to one server, so that ${flag} stands before the two dashes: ${expected}`);
  });
}

test('a command that names no server gets no hint, nor does one whose flags are those of another command', () => {
  assert.equal(elsewhere(['helm', 'list', '-n', 'shop']), undefined);
  assert.equal(elsewhere(['sh', '-c', 'kubectl', '--', '--context', 'x']), undefined);
});
