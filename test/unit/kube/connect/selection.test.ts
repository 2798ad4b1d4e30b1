import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionFlags } from '../../../../src/connection.ts';
import type { Kubeconfig } from '../../../../src/kube/connect/kubeconfig.ts';
import { noConfiguration, selectConnection, type Selection } from '../../../../src/kube/connect/selection.ts';

const kubeconfig: Kubeconfig = {
  clusters: new Map([
    ['red', { server: 'https://red', certificateAuthorityData: 'cGVt', tlsServerName: 'red.example' }],
    ['blue', { server: 'https://blue' }],
    ['empty', {}],
  ]),
  users: new Map([
    ['me', { token: 'mine', tokenFile: '/token', clientCertificateData: 'YQ==', clientKeyData: 'Yg==' }],
    ['you', {}],
  ]),
  contexts: new Map([
    ['prod', { cluster: 'red', user: 'me', namespace: 'shop' }],
    ['stage', { cluster: 'blue', user: 'you' }],
    ['broken', { cluster: 'gone', user: 'me' }],
    ['nobody', { cluster: 'blue', user: 'gone' }],
    ['hollow', { cluster: 'empty', user: 'you' }],
  ]),
  currentContext: 'prod',
  missing: [],
};
const select = (flags: ConnectionFlags = {}): Selection => selectConnection(kubeconfig, flags)!;

test('the current context is taken, or that of --context', () => {
  assert.equal(select().cluster.server, 'https://red');
  assert.equal(select().namespace, 'shop');
  const stage = select({ context: 'stage' });
  assert.deepEqual([stage.contextName, stage.userName, stage.namespace], ['stage', 'you', 'default']);
});

test('--cluster, --user and --namespace replace a part of the context', () => {
  const selection = select({ cluster: 'blue', user: 'you', namespace: 'kube-system' });
  assert.deepEqual([selection.clusterName, selection.userName, selection.namespace], ['blue', 'you', 'kube-system']);
});

test('--server alone needs no kubeconfig', () => {
  const none: Kubeconfig = {
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
    currentContext: undefined,
    missing: [],
  };
  const selection = selectConnection(none, { server: 'https://other:6443', token: 't' })!;
  assert.deepEqual([selection.contextName, selection.namespace, selection.user], [null, 'default', { token: 't' }]);
  assert.equal(selectConnection(none, {}), undefined);
});

test('--server makes the tls-server-name of the kubeconfig void, unless given too', () => {
  assert.equal(select().cluster.tlsServerName, 'red.example');
  assert.equal(select({ server: 'https://x' }).cluster.tlsServerName, undefined);
  assert.equal(select({ server: 'https://x', tlsServerName: 'y' }).cluster.tlsServerName, 'y');
});

test('flags about trust replace the CA of the kubeconfig', () => {
  assert.equal(select({ insecureSkipTLSVerify: true }).cluster.certificateAuthorityData, undefined);
  const { cluster } = select({ certificateAuthority: '/ca' });
  assert.deepEqual([cluster.certificateAuthority, cluster.certificateAuthorityData], ['/ca', undefined]);
});

test('credentials of flags replace those of the kubeconfig', () => {
  assert.deepEqual(
    [select({ token: 'flag' }).user.token, select({ token: 'flag' }).user.tokenFile],
    ['flag', undefined],
  );
  const { user } = select({ clientCertificate: '/c', clientKey: '/k' });
  assert.deepEqual(
    [user.clientCertificate, user.clientCertificateData, user.clientKeyData],
    ['/c', undefined, undefined],
  );
});

test('--as-user-extra is a list for each key', () => {
  const { user } = select({ as: 'x', asUserExtra: ['a=1', 'b=2=3', 'a=4', 'nothing'] });
  assert.deepEqual(user.asUserExtra, { a: ['1', '4'], b: ['2=3'] });
});

for (const [what, flags, reason, message, hint] of [
  [
    'context',
    { context: 'prd' },
    'ContextNotFound',
    'Error in configuration: context was not found for specified context: prd',
    'did you mean "prod"?',
  ],
  [
    'far context',
    { context: 'qwertz' },
    'ContextNotFound',
    undefined,
    'the kubeconfig has: prod, stage, broken, nobody, hollow',
  ],
  ['cluster', { cluster: 'rde' }, 'ClusterNotFound', 'no server found for cluster "rde"', 'did you mean "red"?'],
  ['user', { user: 'yo' }, 'UserNotFound', 'auth info "yo" does not exist', 'did you mean "you"?'],
  [
    'cluster of a context',
    { context: 'broken' },
    'InvalidKubeconfig',
    'cluster "gone" was not found for context "broken"',
    undefined,
  ],
  [
    'user of a context',
    { context: 'nobody' },
    'InvalidKubeconfig',
    'user "gone" was not found for context "nobody"',
    undefined,
  ],
  ['server', { context: 'hollow' }, 'InvalidKubeconfig', 'no server found for cluster "empty"', undefined],
] as const) {
  test(`an unknown ${what} is a usage error`, () => {
    assert.throws(
      () => {
        if (select(flags) === undefined) throw noConfiguration(kubeconfig, flags);
      },
      (error: Error & { reason: string; exitCode: number; hint?: string }) => {
        assert.deepEqual([error.reason, error.exitCode], [reason, 2]);
        if (message !== undefined) assert.equal(error.message, message);
        if (hint !== undefined) assert.equal(error.hint, hint);
        return true;
      },
    );
  });
}
