import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../cluster/shared.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { storeConfigMaps } from '../support/many-objects.ts';
import { startRelay } from '../support/relay.ts';
import type { Document } from '../support/schema.ts';
import { agrees, audited, documentOf, findingsOf, spansOf, timeOf } from '../support/told-findings.ts';
import { TestWebhookServer } from '../support/webhook-server.ts';

// With so few seats a priority level of one share has a single one. Thousands of objects are there sooner without fsync.
const cluster = sharedCluster({
  auditLog: true,
  apiserverArgs: ['--max-requests-inflight=40', '--max-mutating-requests-inflight=20'],
  etcdArgs: ['--unsafe-no-fsync'],
});
const home = cleanHome();
after(() => home.remove());

const document = (...args: string[]): Promise<Document> => documentOf(cluster(), home.path, args);

/** Stops etcd, and lets it go on so many milliseconds after the request's connection was opened. */
async function whileStopped(millis: number, ...args: string[]): Promise<Document> {
  const relay = await startRelay(cluster().ports.apiserver, {
    onFirstBytes: () => void setTimeout(() => cluster().resume('etcd'), millis),
  });
  cluster().pause('etcd');
  try {
    return await document(...args, '--server', `https://127.0.0.1:${relay.port}`);
  } finally {
    cluster().resume('etcd');
    await relay.close();
  }
}

for (const millis of [300, 700]) {
  test(`etcd stopped for ${millis} ms: etcd is blamed, not the API server`, async () => {
    const told = await whileStopped(millis, 'get', '--raw', '/api/v1/nodes', '--context', 'masters');
    const [first, ...others] = findingsOf(told);
    assert.deepEqual(others, []);
    assert.equal(first?.id, 'etcd-not-answering');
    assert.ok(first.nanos >= millis * 0.8e6 && first.nanos <= millis * 1e6 + 100e6, String(first.nanos));
    const [call] = spansOf(told, 'etcdserverpb.KV/Range', 'client');
    assert.deepEqual(first.spanIDs, [call?.spanID]);
    const server = told.summary?.components.find(({ component }) => component === 'apiserver');
    assert.ok(server !== undefined && server.nanos < first.nanos / 10, String(server?.nanos));
    if (millis <= 500) return;

    const times = await audited(cluster(), told);
    agrees('total', timeOf(spansOf(told, 'GET /api/v1/nodes', 'server')), times['total']);
    agrees('etcd', first.nanos, times['etcd']);
    const [authorization] = spansOf(told, 'authorization', 'internal');
    const [list] = spansOf(told, 'List', 'internal');
    assert.ok(authorization && list);
    agrees('authorization', list.startOffsetNanos - authorization.startOffsetNanos, times['authorization']);
  });
}

test('a slow webhook: what its configuration says, and what the audit log says of it', async () => {
  const name = 'slow.inject.example.com';
  const webhooks = new TestWebhookServer();
  await webhooks.start();
  try {
    await webhooks.configure(cluster(), [{ name, type: 'mutating', resources: ['configmaps'], sleepMillis: 600 }]);
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } };
    const trial = '/api/v1/namespaces/default/configmaps?dryRun=All';
    await webhooks.untilCalled(name, () => cluster().call('POST', trial, { body: object }));
    const file = join(home.path, 'web.json');
    writeFileSync(file, JSON.stringify(object));
    const told = await document('create', '-f', file, '--context', 'masters');
    const [first, ...others] = findingsOf(told);
    assert.deepEqual(others, []);
    assert.equal(first?.id, 'slow-webhook');
    assert.match(first.title, /was the mutating webhook slow\.inject\.example\.com$/);
    assert.equal(
      first.detail,
      `configuration config-${name}, timeout 7 s, failurePolicy Fail; it exports no spans, so what it did is not visible.`,
    );
    assert.equal(first.command, `kubectl get mutatingwebhookconfiguration config-${name} -o yaml`);
    agrees('mutating-webhook', first.nanos, (await audited(cluster(), told))['mutating-webhook']);
  } finally {
    await webhooks.stop();
  }
});

test('a network that delays everything by 200 ms is blamed', async () => {
  const relay = await startRelay(cluster().ports.apiserver, { delayMillis: 100 });
  try {
    const server = `https://127.0.0.1:${relay.port}`;
    const told = await document('get', '--raw', '/api/v1/nodes', '--context', 'masters', '--server', server);
    const [first, ...others] = findingsOf(told);
    assert.deepEqual(others, []);
    assert.equal(first?.id, 'slow-network');
    // A handshake and the request: two round trips.
    assert.ok(first.share > 0.9 && first.nanos >= 400e6, `${first.nanos} ${first.share}`);
    assert.match(first.detail, /for connecting, .* on the way there.*, .* on the way back/);
  } finally {
    await relay.close();
  }
});

test('5000 ConfigMaps of 10 kB: the list is unpaged, and in pages it is not', async () => {
  await storeConfigMaps(cluster(), 5000, 10_000);
  const told = await document('get', '--raw', '/api/v1/namespaces/default/configmaps', '--context', 'masters');
  const [first] = findingsOf(told);
  assert.equal(first?.id, 'unpaged-list', JSON.stringify(findingsOf(told)));
  // "web" of the webhook's test is one of them.
  assert.match(first.title, /was one unpaged list of 50\d\d configmaps$/);
  assert.match(first.detail, /\d\d MiB before compression\.$/);
  const command = /^kubectl trace get --raw '(.*)'$/.exec(first.command ?? '');
  assert.ok(command?.[1], first.command ?? 'no command');
  const paged = await document('get', '--raw', command[1], '--context', 'masters');
  assert.ok(findingsOf(paged).every(({ id }) => id !== 'unpaged-list'));
});

test('a saturated priority level: the queue is blamed, for as long as the audit log says', async () => {
  await makeNarrow();
  const path = '/api/v1/namespaces/default/configmaps';
  const lists = Array.from({ length: 6 }, () => cluster().call('GET', path, { user: 'monitoring' }));
  const told = await document('get', '--raw', '/api/v1/nodes', '--context', 'monitoring');
  await Promise.all(lists);
  const [first] = findingsOf(told);
  assert.equal(first?.id, 'priority-queueing', JSON.stringify(findingsOf(told)));
  assert.ok(first.share > 0.5, String(first.share));
  assert.match(first.detail, /\(priority level narrow, flow schema narrow\)\.$/);
  const times = await audited(cluster(), told);
  agrees('apf-queue-wait', first.nanos, times['apf-queue-wait']);
  agrees('total', timeOf(spansOf(told, 'GET /api/v1/nodes', 'server')), times['total']);
  agrees('etcd', timeOf(spansOf(told, 'etcdserverpb.KV/Range', 'client')), times['etcd']);
});

/** A priority level with one seat and one queue, for everything that the user "monitoring" asks for. */
async function makeNarrow(): Promise<void> {
  const api = '/apis/flowcontrol.apiserver.k8s.io/v1';
  const limited = {
    nominalConcurrencyShares: 1,
    lendablePercent: 0,
    borrowingLimitPercent: 0,
    limitResponse: { type: 'Queue', queuing: { queues: 1, handSize: 1, queueLengthLimit: 50 } },
  };
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] };
  const objects = [
    ['prioritylevelconfigurations', 'PriorityLevelConfiguration', { type: 'Limited', limited }],
    [
      'flowschemas',
      'FlowSchema',
      {
        matchingPrecedence: 10,
        priorityLevelConfiguration: { name: 'narrow' },
        rules: [{ subjects: [{ kind: 'User', user: { name: 'monitoring' } }], resourceRules: [everything] }],
      },
    ],
  ] as const;
  for (const [resource, kind, spec] of objects) {
    const body = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind, metadata: { name: 'narrow' }, spec };
    const answer = await cluster().call('POST', `${api}/${resource}`, { body });
    assert.equal(answer.status, 201, answer.body);
  }
  // The API server learns of both by watching: until then its answers name another level.
  const level = await cluster().call('GET', `${api}/prioritylevelconfigurations/narrow`);
  const { uid } = (JSON.parse(level.body) as { metadata: { uid: string } }).metadata;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { headers } = await cluster().call('GET', '/api/v1/nodes', { user: 'monitoring' });
    if (headers['x-kubernetes-pf-prioritylevel-uid'] === uid) return;
  }
  assert.fail('the priority level is not in force');
}
