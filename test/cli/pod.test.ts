import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PodInvocation } from '../../src/cli/pod.ts';
import { parse } from '../../src/cli/parse.ts';
import { UsageError } from '../../src/errors.ts';

const pod = (line: string, env = {}): PodInvocation =>
  parse(['pod', ...line.split(' ').filter(Boolean)], env) as PodInvocation;

suite('kubectl trace pod', () => {
  test('NAME is a pod, and nothing is followed', () => {
    const { resource, name, follow } = pod('web');
    assert.deepEqual([resource, name], ['pods', 'web']);
    assert.deepEqual(follow, { follow: false, untilStuck: 60e9, timeout: 300e9 });
  });

  test('TYPE/NAME is what makes pods', () => {
    const { resource, name } = pod('deploy/web -n shop');
    assert.deepEqual([resource, name], ['deploy', 'web']);
  });

  test('the flags of following', () => {
    const { follow } = pod('web --follow --until-stuck 20s --timeout=1m30s');
    assert.deepEqual(follow, { follow: true, untilStuck: 20e9, timeout: 90e9 });
    assert.equal(pod('web', { KUBECTL_TRACE_UNTIL_STUCK: '5s' }).follow.untilStuck, 5e9);
  });

  for (const [line, reason] of [
    ['', 'PodRequired'],
    ['web more', 'TooManyArguments'],
    ['deploy/', 'InvalidArguments'],
    ['/web', 'InvalidArguments'],
    ['a/b/c', 'InvalidArguments'],
    ['web --until-stuck -1s', 'InvalidValue'],
    ['web -f x.yaml', 'UnknownFlag'],
  ] as const) {
    test(`"${line}" is refused: ${reason}`, () => {
      assert.throws(
        () => pod(line),
        (error) => error instanceof UsageError && error.reason === reason,
      );
    });
  }

  test('what is not stored cannot be followed', () => {
    assert.throws(() => parse('create -f web.yaml --follow --dry-run=server'.split(' '), {}), /--follow and --dry-run/);
    assert.throws(() => parse('apply -f web.yaml --follow --dry-run=server'.split(' '), {}), /--follow and --dry-run/);
  });
});
