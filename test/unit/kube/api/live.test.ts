import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { after, test } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flowControlOf } from '../../../../src/kube/api/flow-control.ts';
import { openCluster } from '../../../../src/kube/cluster.ts';
import { discover, resolveNamedTypes, type TypeSource } from '../../../../src/kube/api/discovery.ts';
import { openDiscoveryCache } from '../../../../src/kube/api/discovery-cache.ts';
import type { Cluster, KubeRequest } from '../../../../src/kube/http/exchange.ts';
import { identityOf, identityRequest, versionOf, versionRequest } from '../../../../src/kube/api/identity.ts';
import { listRequest } from '../../../../src/kube/api/get-request.ts';
import { encodeQuery, get, nextPage, rawRequest } from '../../../../src/kube/api/request.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import { requestFailure } from '../../../../src/kube/api/request-failure.ts';
import type { ConnectionFlags } from '../../../../src/connection.ts';
import { sharedCluster } from '../../../lab/cluster/shared.ts';
import { send, testRuntime } from '../fixture.ts';
import { runKubectl } from '../../../contract/kubectl.ts';

const fixture = sharedCluster();

const folders: string[] = [];
after(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

async function opened(flags: ConnectionFlags, body: (cluster: Cluster) => Promise<void>): Promise<void> {
  const cluster = await openCluster({ kubeconfig: fixture().kubeconfig, ...flags }, testRuntime(), '0.1.0');
  try {
    await body(cluster);
  } finally {
    cluster.close();
  }
}

const listOptions = { namespace: 'default', allNamespaces: false, asTable: true, chunkSize: 500 };
const nodes: KubeRequest = listRequest(
  {
    group: '',
    version: 'v1',
    resource: 'nodes',
    kind: 'Node',
    singular: 'node',
    namespaced: false,
    shortNames: [],
    categories: [],
    verbs: [],
  },
  listOptions,
);

const resolveResourceType = async (typed: string, source: TypeSource): Promise<ResourceType> =>
  (await resolveNamedTypes([typed], source))[0]!;

async function kubectl(...args: string[]): Promise<string> {
  return (await runKubectl(fixture().binaries.kubectl, ['--kubeconfig', fixture().kubeconfig, ...args])).stderr;
}

test('the first request measures every phase, the next goes over the same connection', async () => {
  await opened({}, async (cluster) => {
    const first = await send(cluster, nodes);
    assert.equal(first.status, 200);
    assert.equal(first.connectionReused, false);
    const { dnsNanos, ...measured } = first.phases;
    assert.equal(dnsNanos, null, 'an IP address is not looked up');
    const durations = Object.values(measured) as number[];
    assert.ok(durations.every((each) => each > 0));
    assert.equal(durations.reduce((sum, each) => sum + each, 0) <= first.durationNanos, true);
    const second = await send(cluster, nodes);
    assert.equal(second.connectionReused, true);
    assert.deepEqual([second.phases.connectNanos, second.phases.tlsNanos], [null, null]);
    assert.notEqual(second.phases.waitNanos, null);
  });
});

test('a host name is looked up', async () => {
  const server = fixture().server.replace('127.0.0.1', 'localhost');
  await opened({ server }, async (cluster) => {
    const { status, phases } = await send(cluster, nodes);
    assert.equal(status, 200);
    assert.notEqual(phases.dnsNanos, null);
  });
});

test('a real API server’s response names our Audit-ID, flow schema and priority level', async () => {
  await opened({}, async (cluster) => {
    const exchange = await send(cluster, nodes);
    assert.equal(exchange.auditID, exchange.context.auditID);
    const { flowSchemaUID, priorityLevelUID } = flowControlOf(exchange);
    assert.match(flowSchemaUID ?? '', /^[0-9a-f-]{36}$/);
    assert.match(priorityLevelUID ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(exchange.responseBytes, exchange.body.length);
  });
});

test('a real API server’s large response is compressed and read', async () => {
  await opened({}, async (cluster) => {
    const exchange = await send(cluster, get('request', '/openapi/v2', 'application/json'));
    assert.equal(exchange.headers['content-encoding'], 'gzip');
    assert.ok(exchange.responseBytes < exchange.body.length);
    assert.equal(JSON.parse(Buffer.from(exchange.body).toString()).swagger, '2.0');
  });
  await opened({ disableCompression: true }, async (cluster) => {
    const exchange = await send(cluster, get('request', '/openapi/v2', 'application/json'));
    assert.equal(exchange.headers['content-encoding'], undefined);
  });
});

test('the identity is requested without impersonation, everything else with it', async () => {
  await opened({ as: 'nobody', asGroup: ['one', 'two'] }, async (cluster) => {
    const identity = identityOf(await send(cluster, identityRequest()));
    assert.equal(identity?.username, 'kubernetes-admin');
    assert.ok(identity.groups.includes('kubeadm:cluster-admins'));
    const acting = identityOf(await send(cluster, { ...identityRequest(), purpose: 'request' }));
    assert.equal(acting?.username, 'nobody');
    assert.deepEqual([...acting.groups].sort(), ['one', 'system:authenticated', 'two']);
  });
});

test('a client certificate identifies the user', async () => {
  await opened({ context: 'cert' }, async (cluster) => {
    assert.equal(identityOf(await send(cluster, identityRequest()))?.username, 'kubernetes-admin');
  });
});

test('a real API server reports its version', async () => {
  await opened({}, async (cluster) => {
    const version = versionOf(await send(cluster, versionRequest()));
    assert.match(version?.gitVersion ?? '', /^v1\.\d+\.\d+/);
    assert.equal(version?.major, 1);
    assert.ok((version?.minor ?? 0) >= 29);
  });
});

test('a list is read to its end page by page', async () => {
  await opened({}, async (cluster) => {
    const request = { ...get('request', '/api/v1/namespaces', 'application/json'), query: [['limit', '2']] as const };
    const first = await send(cluster, request);
    const next = nextPage(first);
    assert.deepEqual(
      next?.query.map(([name]) => name),
      ['continue', 'limit'],
    );
    const second = await send(cluster, next);
    assert.equal(second.status, 200);
    assert.equal(nextPage(second), undefined);
  });
});

const wrongToken = { context: 'wrong-token' };

test('401 of a request is said as kubectl says it when it knows the types already', async () => {
  const cacheDir = await folder();
  await kubectl('--cache-dir', cacheDir, 'get', 'nodes');
  await opened(wrongToken, async (cluster) => {
    const failure = requestFailure(await send(cluster, nodes), cluster);
    assert.equal(failure?.line, await kubectl('--cache-dir', cacheDir, '--context', 'wrong-token', 'get', 'nodes'));
    assert.match(failure.hint ?? '', /context "wrong-token"/);
  });
});

for (const [what, request, flags, args] of [
  ['401 of discovery', get('discovery', '/api', '*/*'), wrongToken, ['--context', 'wrong-token', 'get', 'nodes']],
  ['403', nodes, { context: 'nobody' }, ['--context', 'nobody', 'get', 'nodes']],
  ['404 of a name', { ...nodes, path: '/api/v1/nodes/nope', name: 'nope' }, {}, ['get', 'nodes', 'nope']],
  ['404 of a raw path', rawRequest('/nope'), {}, ['get', '--raw', '/nope']],
  [
    '400 of a list',
    { ...nodes, query: [...nodes.query, ['labelSelector', '=']] as const },
    {},
    ['get', 'nodes', '-l', '='],
  ],
] as const) {
  test(`${what} is said as kubectl says it`, async () => {
    await opened(flags, async (cluster) => {
      const failure = requestFailure(await send(cluster, request), cluster);
      assert.equal(failure?.line, await kubectl(...args));
    });
  });
}

test('what we send for a list is what kubectl sends', async () => {
  const { kubeconfig, binaries } = fixture();
  const selectors = ['-l', 'a in (b, c)', '--field-selector', 'metadata.name!=x y'];
  const { log } = await runKubectl(binaries.kubectl, [
    '--kubeconfig',
    kubeconfig,
    'get',
    'po',
    '-A',
    ...selectors,
    '-v=8',
  ]);
  const urls = [...log.matchAll(/url="([^"]*)" headers=<\n\s*Accept: (.*)/g)];
  const [, url, accept] = urls.find(([, each]) => each!.includes('/pods'))!;
  await opened({}, async (cluster) => {
    const cache = openDiscoveryCache({ cacheDir: await folder() }, cluster.server, testRuntime());
    const type = await resolveResourceType('po', { send: (request) => send(cluster, request), cache });
    const options = { labelSelector: 'a in (b, c)', fieldSelector: 'metadata.name!=x y', allNamespaces: true };
    const request = listRequest(type, { ...listOptions, ...options });
    assert.equal(`${cluster.server}${request.path}?${encodeQuery(request.query)}`, url);
    assert.equal(request.headers['accept'], accept);
  });
});

for (const typed of ['no', 'Node', 'PODS', 'deploy.app', 'deployments.v1.apps', 'pods.v1.', 'events', 'cm', 'crd']) {
  test(`${typed} is the type that kubectl takes it for`, async () => {
    const { binaries, kubeconfig } = fixture();
    const { log } = await runKubectl(binaries.kubectl, ['--kubeconfig', kubeconfig, 'get', typed, '-v=8']);
    const asked = [...log.matchAll(/url="https:\/\/[^/]*([^"?]*)\?limit=500"/g)].map(([, path]) => path);
    await opened({}, async (cluster) => {
      const cache = openDiscoveryCache({ cacheDir: await folder() }, cluster.server, testRuntime());
      const type = await resolveResourceType(typed, { send: (request) => send(cluster, request), cache });
      const request = listRequest(type, listOptions);
      assert.deepEqual([request.path], asked);
    });
  });
}

for (const typed of ['nodez', 'nodez.v1.apps', 'PO', 'deployments.v1.app', 'pod.v1']) {
  test(`${typed} is no type, as kubectl says it`, async () => {
    const expected = await kubectl('get', typed);
    await opened({}, async (cluster) => {
      const cache = openDiscoveryCache({ cacheDir: await folder() }, cluster.server, testRuntime());
      const resolved = resolveResourceType(typed, { send: (request) => send(cluster, request), cache });
      await assert.rejects(resolved, (error: Error & { reason: string }) => {
        assert.equal(`error: ${error.message}`, expected);
        assert.equal(error.reason, 'UnknownResourceType');
        return true;
      });
    });
  });
}

test('types are the same with and without aggregated discovery', async () => {
  await opened({}, async (cluster) => {
    const { types: aggregated } = await discover((request) => send(cluster, request));
    const plain = { accept: 'application/json' };
    const { types: each } = await discover((request) => send(cluster, { ...request, headers: plain }));
    const name = ({ resource, version, group }: { resource: string; version: string; group: string }): string =>
      `${resource}.${version}.${group}`;
    assert.deepEqual(each.map(name).sort(), aggregated.map(name).sort());
    const sorted = (types: typeof each): typeof each => types.toSorted((one, two) => (name(one) < name(two) ? -1 : 1));
    assert.deepEqual(
      sorted(each).map(({ kind, namespaced, singular, shortNames }) => [kind, namespaced, singular, shortNames]),
      sorted(aggregated).map(({ kind, namespaced, singular, shortNames }) => [kind, namespaced, singular, shortNames]),
    );
  });
});

test('discovered types are not requested again', async () => {
  await opened({}, async (cluster) => {
    const cache = openDiscoveryCache({ cacheDir: await folder() }, cluster.server, testRuntime());
    const asked: string[] = [];
    const recorded = (request: KubeRequest) => {
      asked.push(request.path);
      return send(cluster, request);
    };
    await resolveResourceType('nodes', { send: recorded, cache });
    await resolveResourceType('deploy', { send: recorded, cache });
    assert.deepEqual(asked, ['/api', '/apis']);
    await assert.rejects(resolveResourceType('nodez', { send: recorded, cache }));
    assert.deepEqual(asked, ['/api', '/apis', '/api', '/apis']);
  });
});

test('a server that stops responding is given up at --request-timeout, in words that kubectl may use', async () => {
  const cluster = fixture();
  await opened({ requestTimeout: 300_000_000 as never }, async (own) => {
    cluster.pause('kube-apiserver');
    try {
      const exchange = await send(own, nodes);
      assert.equal(exchange.error?.reason, 'RequestTimeout');
      // Go says one of three, by which of its timers is first; without what it adds they are two.
      const said = (await kubectl('--request-timeout=300ms', 'get', 'nodes')).replace(/ \(Client\.Timeout .*\)$/, '');
      const ours = 'Unable to connect to the server: context deadline exceeded';
      const other = 'Unable to connect to the server: net/http: request canceled while waiting for connection';
      assert.equal(requestFailure(exchange)?.line, ours);
      assert.ok([ours, other].includes(said), said);
    } finally {
      cluster.resume('kube-apiserver');
    }
  });
});

test('an interrupted request ends at once, with the time it took', async () => {
  const cluster = fixture();
  await opened({}, async (own) => {
    await send(own, nodes);
    cluster.pause('kube-apiserver');
    const interruption = new AbortController();
    try {
      const pending = send(own, nodes, interruption.signal);
      setImmediate(() => interruption.abort());
      const exchange = await pending;
      assert.equal(exchange.error?.reason, 'Interrupted');
      assert.equal(exchange.status, null);
      assert.ok(exchange.durationNanos > 0);
    } finally {
      cluster.resume('kube-apiserver');
    }
  });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'kubectl-trace-discovery-'));
  folders.push(made);
  return made;
}
