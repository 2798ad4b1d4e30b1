import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inClusterConnection } from '../../../../src/kube/connect/in-cluster.ts';
import { folderOf } from '../folder.ts';

const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

test('a pod is its service account, in its own namespace', async (context) => {
  const folder = await folderOf(context, { token: 'abc', 'ca.crt': 'pem', namespace: 'shop\n' });
  const selection = await inClusterConnection({}, env, folder);
  assert.deepEqual([selection?.cluster.server, selection?.namespace], ['https://10.96.0.1:443', 'shop']);
  assert.equal(selection?.user.tokenFile, `${folder}/token`);
  assert.equal((await inClusterConnection({ namespace: 'other' }, env, folder))?.namespace, 'other');
});

test('an IPv6 address is bracketed', async (context) => {
  const folder = await folderOf(context, { token: 'abc' });
  const selection = await inClusterConnection({}, { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder);
  assert.equal(selection?.cluster.server, 'https://[fd00::1]:443');
});

test('without the variables or the token it is no pod', async (context) => {
  const folder = await folderOf(context, { token: 'abc' });
  assert.equal(await inClusterConnection({}, {}, folder), undefined);
  assert.equal(await inClusterConnection({}, env, `${folder}/missing`), undefined);
});
