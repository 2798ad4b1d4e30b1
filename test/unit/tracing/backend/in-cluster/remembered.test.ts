import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Cluster } from '../../../../../src/kube/http/exchange.ts';
import { recallBackend, rememberBackend } from '../../../../../src/tracing/backend/in-cluster/remembered.ts';
import { folderOf } from '../../../kube/folder.ts';
import { HERE } from '../../../../support/platforms.ts';

const cluster = { contextName: 'shop', server: 'https://kube.example' } as Cluster;
const found = {
  kind: 'jaeger',
  url: 'https://kube.example/api/v1/namespaces/tracing/services/http:jaeger:16686/proxy',
  via: 'proxy',
} as const;

test('a remembered backend is used unless another user can have written it', async (t) => {
  const uid = process.geteuid?.() ?? 0;
  const place = { env: {}, home: await folderOf(t), platform: HERE, uid };
  await rememberBackend(found, cluster, place);
  assert.deepEqual(await recallBackend(cluster, place), found);
  assert.equal(await recallBackend(cluster, { ...place, uid: uid + 1 }), undefined);
  chmodSync(join(place.home, '.local/state/kubectl-trace/backends.json'), 0o666);
  assert.equal(await recallBackend(cluster, place), undefined);
});
