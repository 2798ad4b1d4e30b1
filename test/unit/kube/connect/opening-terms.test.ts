import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCluster } from '../../../../src/kube/cluster.ts';
import { testRuntime } from '../fixture.ts';
import { folderOf } from '../folder.ts';

/** A plugin that writes a credential. */
const CREDENTIAL = JSON.stringify({
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  status: { token: 'secret' },
});
const USERS = {
  token: { token: 'secret' },
  nobody: {},
  plugin: {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'echo',
      args: [CREDENTIAL],
      interactiveMode: 'Never',
    },
  },
  provider: { 'auth-provider': { name: 'oidc', config: { 'id-token': 'secret' } } },
};

test('a cluster is at hand where neither a plugin nor an issuer gives the credentials', async (context) => {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
    users: Object.entries(USERS).map(([name, user]) => ({ name, user })),
    contexts: Object.keys(USERS).map((name) => ({ name, context: { cluster: 'c', user: name } })),
  };
  const kubeconfig = join(await folderOf(context, { config: JSON.stringify(config) }), 'config');
  const atHand: string[] = [];
  for (const name of Object.keys(USERS)) {
    const onAtHand = async (): Promise<void> => void atHand.push(name);
    await openCluster({ kubeconfig, context: name }, testRuntime({ env: process.env }), '0.1.0', { onAtHand })
      .then((cluster) => cluster.close())
      .catch(() => undefined);
  }
  assert.deepEqual(atHand, ['token', 'nobody']);
});

test('a cluster without a configuration is not at hand', async () => {
  const onAtHand = async (): Promise<void> => assert.fail('there is no server');
  await assert.rejects(openCluster({ kubeconfig: '/none' }, testRuntime({ env: {} }), '0.1.0', { onAtHand }));
});
