import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test } from 'node:test';
import type { Answer } from '../lab/cluster/api.ts';
import type { ContextName } from '../lab/cluster/cluster.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { storeMany } from '../support/many-objects.ts';
import { startRelay } from '../support/relay.ts';
import type { Document } from '../support/schema.ts';
import {
  agrees,
  audited,
  documentOf,
  findingOf,
  findingsOf,
  onlyFinding,
  spansOf,
  timeOf,
} from '../support/told-findings.ts';
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

/** Stops etcd, and lets it go on this many milliseconds after the request's connection was made. */
async function whileStopped(millis: number, ...args: string[]): Promise<Document> {
  let timer: NodeJS.Timeout | undefined;
  const relay = await startRelay(cluster().ports.apiserver, {
    // The first connection is the request's; what is asked after it may take another.
    onConnected: () => void (timer ??= setTimeout(() => cluster().resume('etcd'), millis)),
  });
  cluster().pause('etcd');
  try {
    return await document(...args, '--server', `https://127.0.0.1:${relay.port}`);
  } finally {
    clearTimeout(timer);
    cluster().resume('etcd');
    await relay.close();
  }
}

for (const millis of [300, 700]) {
  test(`etcd stopped for ${millis} ms: etcd is blamed, not the API server`, async () => {
    const told = await whileStopped(millis, 'get', '--raw', '/api/v1/nodes', '--context', 'masters');
    const first = onlyFinding(told, 'etcd-not-answering');
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

test('a slow webhook: the finding matches its configuration and the audit log', async () => {
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
    const first = onlyFinding(told, 'slow-webhook');
    assert.match(first.title, /was the mutating webhook slow\.inject\.example\.com$/);
    assert.equal(
      first.detail,
      `configuration config-${name}, timeout 7 s, failurePolicy Fail; it exports no spans, so its work is not visible.`,
    );
    assert.equal(first.command, `kubectl --context masters get mutatingwebhookconfiguration config-${name} -o yaml`);
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
    const components = told.summary?.components ?? [];
    const rest = components.filter(({ component }) => component !== 'network');
    // Within 10 % of the truth: what this process does meanwhile is the client's time, and timers may be early.
    assert.ok(first.nanos >= 0.9 * 400e6, `${first.nanos}`);
    assert.ok(
      rest.every(({ nanos }) => nanos < first.nanos),
      JSON.stringify(components),
    );
    assert.match(first.detail, /^A round trip took 2\d\d ms\. .* to connect, .* for requests and responses\./);
  } finally {
    await relay.close();
  }
});

test('5000 ConfigMaps of 10 kB: the list without paging is a finding, with paging it is not', async () => {
  await storeMany(cluster(), 'configmaps', 5000, 10_000);
  const told = await document('get', '--raw', '/api/v1/namespaces/default/configmaps', '--context', 'masters');
  const [first] = findingsOf(told);
  assert.equal(first?.id, 'unpaged-list', JSON.stringify(findingsOf(told)));
  // "web" of the webhook's test is one of them.
  assert.match(first.title, /was one unpaged list of 50\d\d configmaps$/);
  assert.match(first.detail, /\d\d MiB before compression\.$/);
  const command = /^kubectl trace --context masters get --raw '(.*)'$/.exec(first.command ?? '');
  assert.ok(command?.[1], first.command ?? 'no command');
  const paged = await document('get', '--raw', command[1], '--context', 'masters');
  assert.ok(findingsOf(paged).every(({ id }) => id !== 'unpaged-list'));
});

test('events, which have no watch cache, are read from etcd', async () => {
  await storeMany(cluster(), 'events', 2000, 10_000);
  const path = '/api/v1/namespaces/default/events?limit=2000';
  const told = await document('get', '--raw', path, '--context', 'masters');
  const found = findingOf(told, 'list-from-etcd');
  assert.match(found.title, /was a list of \/events\/default\/? read from etcd, bypassing the watch cache$/);
  assert.match(found.hint ?? '', /^Events are not in the watch cache/);
  assert.equal(found.command, null);
});

test('a client that stops reading for a while: the connection is blamed, not the API server', async () => {
  // More than two sockets hold, and so slow that four mebibytes a second are not reached.
  const [objects, millis] = [1500, 5000];
  const relay = await startRelay(cluster().ports.apiserver, {
    onLongAnswer: () => {
      relay.pauseAnswers();
      void setTimeout(() => relay.resume(), millis);
    },
  });
  try {
    const path = `/api/v1/namespaces/default/configmaps?limit=${objects}`;
    const server = ['--server', `https://127.0.0.1:${relay.port}`, '--disable-compression'];
    const told = await document('get', '--raw', path, '--context', 'masters', ...server);
    const [first] = findingsOf(told);
    assert.equal(first?.id, 'slow-client', JSON.stringify(findingsOf(told)));
    assert.match(first.detail, /^1[45](\.\d)? MiB \(before compression\) took .* to write\./);
    assert.ok(first.nanos >= millis * 0.7e6, String(first.nanos));
  } finally {
    await relay.close();
  }
});

test('a saturated priority level: the queue is blamed, for the duration in the audit log', async () => {
  const queuing = { queues: 1, handSize: 1, queueLengthLimit: 50 };
  await makeNarrow('narrow', { user: 'monitoring', name: 'monitoring' }, { type: 'Queue', queuing });
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

test('a throttled request: the finding names the full priority level', async () => {
  const admin = { user: 'admin', name: 'kubernetes-admin' } as const;
  await makeNarrow('refusing', admin, { type: 'Reject' });
  const cached = '/api/v1/nodes?resourceVersion=0';
  cluster().pause('etcd');
  // It holds the only seat until etcd answers again, once it has got it: others are asking too.
  const hold = async (): Promise<void> => {
    let status: number;
    do ({ status } = await cluster().call('GET', '/api/v1/namespaces/default/events?limit=1', { user: 'admin' }));
    while (status === 429);
  };
  const holding = hold();
  let timer: NodeJS.Timeout | undefined;
  const relay = await startRelay(cluster().ports.apiserver, {
    // It is refused at once, and asked again a second later, as the answer says, until there is a seat.
    onConnected: () => void (timer ??= setTimeout(() => cluster().resume('etcd'), 2000)),
  });
  try {
    await untilAnswered(cached, 'admin', ({ status }) => status === 429);
    const server = `https://127.0.0.1:${relay.port}`;
    const told = await document('get', '--raw', cached, '--context', 'admin', '--server', server);
    const found = findingOf(told, 'throttled');
    assert.match(found.title, /^The API server throttled (a request|\d requests) \(429 Too Many Requests\)$/);
    assert.match(found.detail, /were full \(priority level (refusing|UID [0-9a-f-]{36})\);/);
    assert.ok(found.nanos >= 0.9e9, String(found.nanos));
  } finally {
    clearTimeout(timer);
    cluster().resume('etcd');
    await holding;
    await relay.close();
  }
});

/** A priority level with one seat, for everything that a user asks for. */
async function makeNarrow(
  level: string,
  { user, name }: { readonly user: ContextName; readonly name: string },
  limitResponse: object,
): Promise<void> {
  const api = '/apis/flowcontrol.apiserver.k8s.io/v1';
  const limited = { nominalConcurrencyShares: 1, lendablePercent: 0, borrowingLimitPercent: 0, limitResponse };
  const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] };
  const objects = [
    ['prioritylevelconfigurations', 'PriorityLevelConfiguration', { type: 'Limited', limited }],
    [
      'flowschemas',
      'FlowSchema',
      {
        matchingPrecedence: 10,
        priorityLevelConfiguration: { name: level },
        rules: [{ subjects: [{ kind: 'User', user: { name } }], resourceRules: [everything] }],
      },
    ],
  ] as const;
  for (const [resource, kind, spec] of objects) {
    const body = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind, metadata: { name: level }, spec };
    const answer = await cluster().call('POST', `${api}/${resource}`, { body });
    assert.equal(answer.status, 201, answer.body);
  }
  // The API server learns of both by watching: until then its answers name another level.
  const { body } = await cluster().call('GET', `${api}/prioritylevelconfigurations/${level}`);
  const { uid } = (JSON.parse(body) as { metadata: { uid: string } }).metadata;
  await untilAnswered('/api/v1/nodes', user, ({ headers }) => headers['x-kubernetes-pf-prioritylevel-uid'] === uid);
}

async function untilAnswered(path: string, user: ContextName, as: (answer: Answer) => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (as(await cluster().call('GET', path, { user }))) return;
    await sleep(20);
  }
  assert.fail(`${path} is never answered so`);
}
