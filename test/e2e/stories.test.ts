import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

function manifest(name: string, data: Readonly<Record<string, string>> = {}): string {
  const file = join(home.path, `${name}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }));
  return file;
}

interface Story {
  readonly args: (name: string) => readonly string[];
  readonly status: number;
  /** Spans that the tree has somewhere, whoever asked. */
  readonly spans: readonly string[];
}

const ETCD_READ = ['apiserver etcdserverpb.KV/Range', 'etcd etcdserverpb.KV/Range', 'etcd range'];
const ETCD_WRITE = ['apiserver etcdserverpb.KV/Txn', 'etcd etcdserverpb.KV/Txn', 'etcd txn'];

/** In this order: what is created is then changed and deleted. No webhook is registered here. */
const STORIES: Readonly<Record<string, Story>> = {
  list: { args: () => ['get', 'nodes'], status: 200, spans: ['apiserver List', ...ETCD_READ] },
  get: { args: () => ['get', 'namespace', 'default'], status: 200, spans: ['apiserver Get', ...ETCD_READ] },
  'list from cache': {
    args: () => ['get', '--raw', '/api/v1/nodes?resourceVersion=0'],
    status: 200,
    spans: ['apiserver cacher.GetList'],
  },
  'not found': { args: () => ['get', 'configmap', 'absent'], status: 404, spans: ['apiserver Get', ...ETCD_READ] },
  create: {
    args: (name) => ['create', '-f', manifest(name)],
    status: 201,
    spans: ['apiserver Create', 'apiserver Create etcd3', ...ETCD_WRITE],
  },
  conflict: {
    args: (name) => ['create', '-f', manifest(name)],
    status: 409,
    spans: ['apiserver Create', ...ETCD_WRITE],
  },
  patch: {
    args: (name) => ['patch', 'configmap', name, '--type', 'merge', '-p', '{"data":{"a":"b"}}'],
    status: 200,
    spans: ['apiserver Patch', 'apiserver GuaranteedUpdate etcd3', ...ETCD_WRITE],
  },
  'server-side apply': {
    args: (name) => ['apply', '--server-side', '-f', manifest(name, { c: 'd' })],
    status: 200,
    spans: ['apiserver Patch', 'apiserver GuaranteedUpdate etcd3', ...ETCD_WRITE],
  },
  delete: {
    args: (name) => ['delete', 'configmap', name],
    status: 200,
    spans: ['apiserver Delete', ...ETCD_READ, ...ETCD_WRITE],
  },
  discovery: { args: () => ['get', '--raw', '/apis'], status: 200, spans: ['apiserver SerializeObject'] },
  version: { args: () => ['get', '--raw', '/version'], status: 200, spans: ['apiserver authorization'] },
};

const USERS: Readonly<Record<string, readonly string[]>> = {
  masters: ['--context', 'masters'],
  monitoring: ['--context', 'monitoring'],
  'a tracer user': ['--tracer-user', 'monitoring'],
  'a plain admin': [],
};

for (const [user, flags] of Object.entries(USERS)) {
  for (const [title, { args, status, spans }] of Object.entries(STORIES)) {
    test(`${title} as ${user}: found and complete`, async () => {
      const env = { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` };
      const name = `story-${user.replace(/[^a-z]/g, '')}`;
      const { code, stdout, stderr } = await kubectlTrace(home.path, [...args(name), ...flags, '-o', 'json'], { env });
      assert.equal(code, status < 400 ? 0 : 1, stderr);
      const document = parseDocument(stdout);
      const request = document.requests.findLast(({ purpose }) => purpose === 'request');
      assert.equal(request?.status, status, stderr);
      assert.equal(request.lookup?.foundBy, user === 'a plain admin' ? 'audit-id' : 'trace-id');
      assert.equal(request.lookup.verdict, 'complete', JSON.stringify(request.lookup.reasons));
      const names = new Set(document.trace?.spans.map((span) => `${span.service} ${span.name}`));
      for (const span of spans) assert.ok(names.has(span), `${span} is not in ${[...names].join(', ')}`);
    });
  }
}

test('a user without permission: 403, with a complete trace', async () => {
  const env = { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` };
  const { code, stdout } = await kubectlTrace(home.path, ['get', 'nodes', '--context', 'nobody', '-o', 'json'], {
    env,
  });
  assert.equal(code, 1);
  const document = parseDocument(stdout);
  assert.equal(document.requests.at(-1)?.status, 403);
  assert.equal(document.verdict, 'complete');
});

test('rejected credentials: 401, and the authentication span is found', async () => {
  const env = { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` };
  const args = ['get', '--raw', '/api/v1/nodes', '--context', 'wrong-token', '-o', 'json'];
  const { code, stdout } = await kubectlTrace(home.path, args, { env });
  assert.equal(code, 1);
  const document = parseDocument(stdout);
  assert.equal(document.requests.at(-1)?.status, 401);
  assert.ok(document.trace?.spans.some(({ name, service }) => service === 'apiserver' && name === 'authentication'));
  assert.equal(document.verdict, 'complete');
});
