import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunInvocation } from '../../../../src/commands/run/arguments.ts';
import { parse } from '../../../support/parse.ts';
import { redactCommand } from '../../../../src/format/redact-command.ts';
import { UsageError } from '../../../../src/errors.ts';

function run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): RunInvocation {
  const invocation = parse(['run', ...argv], env);
  assert.equal(invocation.kind, 'run');
  return invocation;
}

const refused = (argv: readonly string[]): UsageError => {
  try {
    parse(['run', ...argv], {});
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error;
  }
  throw new assert.AssertionError({ message: `${argv.join(' ')} was understood` });
};

test('run: arguments before -- belong to kubectl trace, arguments after it to the command', () => {
  const command = ['helm', 'get', 'all', '-o', 'yaml', '--context=x', '-n', 'shop', '--', 'a'];
  const invocation = run(['--context', 'staging', '-ojson', '--', ...command]);
  assert.deepEqual(invocation.command, command);
  assert.equal(invocation.connection.context, 'staging');
  assert.equal(invocation.draw.output, 'json');
  assert.equal(invocation.traceOutput, undefined);
  assert.equal(run(['--trace-output', 't.json', '--', 'x']).traceOutput, 't.json');
});

test('run: flags of kubectl say where the proxy leads, and those that lead around it are not for kubectl', () => {
  const { command, connection, ran, plainCommand } = run(
    '--context a -n b -- ./kubectl --context=c get -s h:1 pods --kubeconfig f -n d --token t -- --server=x'.split(' '),
  );
  assert.deepEqual(command.join(' '), './kubectl --context=c get pods -n d -- --server=x');
  const { context, namespace, server, kubeconfig, token } = connection;
  assert.deepEqual([context, namespace, server, kubeconfig, token], ['c', 'd', 'h:1', 'f', 't']);
  assert.match(ran.join(' '), /^\.\/kubectl --context=c get -s h:1 pods --kubeconfig f -n d --token REDACTED -- /);
  assert.match(plainCommand.join(' '), /^\.\/kubectl --context=a --namespace=b --context=c get -s h:1 pods /);
  const acting = run('-- kubectl get pods --as jane --as-group=ops'.split(' '));
  assert.deepEqual([acting.connection.as, acting.connection.asGroup], [undefined, undefined]);
  assert.equal(acting.command.join(' '), 'kubectl get pods --as jane --as-group=ops');
  assert.equal(run('-- kubectl create rolebinding a --user jane'.split(' ')).connection.user, undefined);
});

test('run: kubectl commands that send nothing are recognized behind any flags', () => {
  for (const [line, isLocal] of [
    ['kubectl config view', true],
    ['kubectl -n shop --context x kustomize .', true],
    ['kubectl', true],
    ['kubectl.exe plugin list', true],
    ['kubectl -s config get pods', false],
    ['helm config', false],
  ] as const) {
    assert.equal(run(['--', ...line.split(' ')]).isLocal, isLocal, line);
  }
});

test('run: a missing command and an empty one are usage errors', () => {
  for (const argv of [[], ['--'], ['--', '']]) assert.match(refused(argv).message, /must specify the command/);
  assert.match(refused(['--', 'x', 'a\0b']).message, /NUL/);
  assert.match(refused(['--trace-output=', '--', 'x']).message, /--trace-output/);
});

test('run: --export works without a value, with a URL, and from the environment', () => {
  assert.equal(run(['--export', '--', 'x']).exportTo, 'default');
  assert.equal(run(['--export=http://c:4317', '--', 'x']).exportTo, 'http://c:4317');
  assert.equal(run(['--', 'x'], { KUBECTL_TRACE_EXPORT: 'http://d:4317' }).exportTo, 'http://d:4317');
  assert.equal(run(['--', 'x']).exportTo, undefined);
});

const redactions: readonly (readonly [given: string, shown: string])[] = [
  ['kubectl get pods --token abc', 'kubectl get pods --token REDACTED'],
  ['kubectl --token=abc get pods', 'kubectl --token=REDACTED get pods'],
  ['kubectl --password abc --username me', 'kubectl --password REDACTED --username me'],
  ['helm install x --set db.password=abc,replicas=2', 'helm install x --set db.password=REDACTED'],
  ['helm install x --set=a=1,authToken=abc', 'helm install x --set=a=1,authToken=REDACTED'],
  ['helm registry login --password-stdin r', 'helm registry login --password-stdin r'],
  [
    'kubectl create secret generic s --from-literal=key=abc',
    'kubectl create secret generic s --from-literal=key=REDACTED',
  ],
  [
    'kubectl create secret generic s --from-literal key=abc',
    'kubectl create secret generic s --from-literal key=REDACTED',
  ],
  ['kubectl create token build', 'kubectl create token build'],
  ['tool --token-file /run/token', 'tool --token-file /run/token'],
  ['kubectl get pods -n token', 'kubectl get pods -n token'],
];
for (const [given, shown] of redactions) {
  test(`run: ${given} is shown as ${shown}`, () => assert.equal(redactCommand(given.split(' ')).join(' '), shown));
}

test('run: the credentials of a command are used, and not reported', () => {
  const { command, args, connection } = run([
    '--token',
    'ours',
    '--',
    'kubectl',
    '--token',
    'theirs',
    'get',
    '--server=https://me:pw@h/',
  ]);
  assert.deepEqual(command, ['kubectl', 'get']);
  assert.equal(connection.token, 'theirs');
  assert.equal(args.join(' '), 'run --token REDACTED -- kubectl --token REDACTED get --server=https://me:REDACTED@h/');
});
