import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BackendAccessFlags } from '../../../src/backend-access.ts';
import { parse } from '../../support/parse.ts';

const access = (args: string, env = {}): BackendAccessFlags | undefined => {
  const invocation = parse(['get', 'nodes', ...args.split(' ').filter(Boolean)], env);
  assert.ok(invocation.kind === 'get');
  return invocation.lookup.access;
};
const argsOf = (...args: readonly string[]): readonly string[] => {
  const invocation = parse(['get', 'nodes', ...args], {});
  assert.ok(invocation.kind === 'get');
  return invocation.args;
};

test('backend flags: without flags no credentials are sent', () => {
  assert.equal(access(''), undefined);
  assert.equal(access('--backend-insecure-skip-tls-verify=false'), undefined);
});

test('backend flags: each flag is read', () => {
  const all =
    '--backend-header=A:1 --backend-header=B:2 --backend-username=u --backend-password=@p --backend-token-file=t ' +
    '--backend-tenant=team --backend-ca=ca --backend-client-certificate=c --backend-client-key=k --backend-insecure-skip-tls-verify';
  assert.deepEqual(access(all), {
    headers: ['A:1', 'B:2'],
    username: 'u',
    password: '@p',
    tokenFile: 't',
    tenant: 'team',
    certificateAuthority: 'ca',
    clientCertificate: 'c',
    clientKey: 'k',
    insecureSkipTLSVerify: true,
    explicit: [
      'headers',
      'tokenFile',
      'username',
      'password',
      'clientCertificate',
      'clientKey',
      'certificateAuthority',
      'insecureSkipTLSVerify',
      'tenant',
    ],
    literalSecrets: [],
  });
});

test('backend flags: environment variables are equivalent, with one header per line', () => {
  const env = { KUBECTL_TRACE_BACKEND_HEADER: 'A: 1\nB: 2\n', KUBECTL_TRACE_BACKEND_PASSWORD: 's3cret' };
  const { headers, password, explicit, literalSecrets } = access('', env) ?? {};
  assert.deepEqual([headers, password, explicit, literalSecrets], [['A: 1', 'B: 2'], 's3cret', [], []]);
  assert.deepEqual(access('--backend-header=C:3', env)?.headers, ['C:3']);
});

suite('a secret on the command line', () => {
  for (const [args, literal] of [
    [['--backend-password=s3cret'], ['--backend-password']],
    [['--backend-password=$PASSWORD'], []],
    [['--backend-password', '@file'], []],
    [['--backend-header', 'Authorization: Bearer s3cret'], ['--backend-header']],
    [['--backend-header', 'Authorization: Bearer $TOKEN'], []],
    [['--backend-header', 'Authorization: Bearer @token'], []],
    [['--backend-header', 'DD-API-KEY: s3cret'], ['--backend-header']],
    [['--backend-header', 'X-Scope-OrgID: team-a'], []],
    [['--backend-header', 'A: 1', '--backend-header', 'Cookie: x'], ['--backend-header']],
  ] as const) {
    test(args.join(' '), () => {
      const invocation = parse(['get', 'nodes', ...args], {});
      assert.deepEqual(invocation.kind === 'get' && invocation.lookup.access?.literalSecrets, literal);
    });
  }
  test('is not stored', () => {
    assert.deepEqual(argsOf('--backend-password', 's3cret', '--backend-header=Authorization: s3cret'), [
      'get',
      'nodes',
      '--backend-password',
      'REDACTED',
      '--backend-header=REDACTED',
    ]);
  });
});

test('backend flags: an empty --backend is as none, so that the environment counts where it has one', () => {
  const backend = (args: readonly string[], env = {}): string | undefined => {
    const invocation = parse(['get', 'nodes', ...args], env);
    assert.ok(invocation.kind === 'get');
    return invocation.lookup.backend;
  };
  const env = { KUBECTL_TRACE_BACKEND: 'http://jaeger:16686' };
  for (const empty of [['--backend='], ['--backend', '']]) {
    assert.equal(backend(empty), undefined);
    assert.equal(backend(empty, env), 'http://jaeger:16686');
  }
  assert.equal(backend(['--backend', 'local'], env), 'local');
});
