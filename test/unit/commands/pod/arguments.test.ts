import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PodInvocation } from '../../../../src/commands/pod/arguments.ts';
import { parse } from '../../../support/parse.ts';
import { UsageError } from '../../../../src/errors.ts';

const pod = (line: string, env = {}): PodInvocation =>
  parse(['pod', ...line.split(' ').filter(Boolean)], env) as PodInvocation;

suite('kubectl trace pod', () => {
  test('NAME is a pod, and is not followed', () => {
    const { resource, name, follow } = pod('web');
    assert.deepEqual([resource, name], ['pods', 'web']);
    assert.deepEqual(follow, { follow: false, untilStuck: 60e9, timeout: 300e9 });
  });

  test('TYPE/NAME is a workload', () => {
    const { resource, name } = pod('deploy/web -n shop');
    assert.deepEqual([resource, name], ['deploy', 'web']);
  });

  test('flags for following', () => {
    const { follow } = pod('web --follow --until-stuck 20s --timeout=1m30s');
    assert.deepEqual(follow, { follow: true, untilStuck: 20e9, timeout: 90e9 });
    assert.equal(pod('web', { KUBECTL_TRACE_UNTIL_STUCK: '5s' }).follow.untilStuck, 5e9);
  });

  const ALL = { kind: 'all', allNamespaces: false, labelSelector: null, fieldSelector: null };
  for (const [line, selection] of [
    ['', ALL],
    ['-A', { ...ALL, allNamespaces: true }],
    ['-n shop -l app=web', { ...ALL, labelSelector: 'app=web' }],
    ['--field-selector=spec.nodeName=node-1', { ...ALL, fieldSelector: 'spec.nodeName=node-1' }],
    ['web', undefined],
    ['web web', undefined],
    ['deploy/web', undefined],
    ['web api', { kind: 'named', names: ['web', 'api'] }],
    ['web pod/api po/web', { kind: 'named', names: ['web', 'api'] }],
    ['svc/web', { kind: 'service', name: 'web' }],
    ['services/web', { kind: 'service', name: 'web' }],
  ] as const) {
    test(`"${line}" selects ${selection === undefined ? 'one pod or workload' : JSON.stringify(selection)}`, () => {
      assert.deepEqual(pod(line).selection, selection);
    });
  }

  for (const [line, reason] of [
    ['web -l app=web', 'NameAndSelector'],
    ['web --field-selector=status.phase=Running', 'NameAndSelector'],
    ['web -A', 'NameAcrossNamespaces'],
    ['web deploy/api', 'TooManyArguments'],
    ['svc/web svc/api', 'TooManyArguments'],
    ['web --follow --redact', 'InvalidArguments'],
    ['-A --follow', 'InvalidArguments'],
    ['-A -w', 'InvalidArguments'],
    ['web -w --redact', 'InvalidArguments'],
    ['web api --follow', 'InvalidArguments'],
    ['svc/web --follow', 'InvalidArguments'],
    ['web %2e', 'InvalidName'],
    ['deploy/', 'InvalidArguments'],
    ['/web', 'InvalidArguments'],
    ['a/b/c', 'InvalidArguments'],
    ['web --until-stuck -1s', 'InvalidValue'],
    ['web -f x.yaml', 'UnknownFlag'],
  ] as const) {
    test(`"${line}" is rejected: ${reason}`, () => {
      assert.throws(
        () => pod(line),
        (error) => error instanceof UsageError && error.reason === reason,
      );
    });
  }

  for (const line of ['web -w', 'web --watch', 'deploy/web --follow -w']) {
    test(`"${line}" follows, as --follow does`, () => {
      assert.equal(pod(line).follow.follow, true);
    });
  }

  test('--watch=false does not follow', () => {
    assert.equal(pod('web --watch=false').follow.follow, false);
  });

  for (const [line, hint] of [
    ['deployment web', 'type and name are one word: kubectl trace pod deployment/web'],
    ['sts.apps db-0', 'type and name are one word: kubectl trace pod sts.apps/db-0'],
    ['service web', 'type and name are one word: kubectl trace pod service/web'],
    ['web deploy/api', 'only pods can be named together; alone: kubectl trace pod deploy/api'],
    ['web deploy/$(x)', "only pods can be named together; alone: kubectl trace pod 'deploy/$(x)'"],
  ] as const) {
    test(`"${line}" has a useful hint`, () => {
      assert.throws(
        () => pod(line),
        (error) => error instanceof UsageError && error.hint === hint,
      );
    });
  }

  test('a flag of another command is rejected with the name of that command', () => {
    assert.throws(
      () => parse(['show', 'last', '-l', 'app=web'], {}),
      (error) =>
        error instanceof UsageError &&
        error.message === 'unknown flag: --selector' &&
        error.hint === '--selector is a flag of get, delete and pod; kubectl trace help show lists those of show',
    );
  });

  test('a dry run cannot be followed', () => {
    assert.throws(() => parse('create -f web.yaml --follow --dry-run=server'.split(' '), {}), /--follow and --dry-run/);
    assert.throws(() => parse('apply -f web.yaml --follow --dry-run=server'.split(' '), {}), /--follow and --dry-run/);
  });
});
