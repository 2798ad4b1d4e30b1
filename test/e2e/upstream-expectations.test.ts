import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

/**
 * What Kubernetes' own integration test expects of the spans of a request (test/integration/apiserver/tracing of 1.37),
 * held against our JSON. Ours says the same of JSON over HTTP/1.1 where theirs is protobuf over HTTP/2.
 */

// Upstream's configuration has an endpoint and no rate: what a trusted client samples is recorded all the same.
const cluster = sharedCluster({ samplingRatePerMillion: 0 });
const home = cleanHome();
after(() => home.remove());

/** Attributes are there with this value; null: with any that is not empty. Events are there, in this order. */
interface Expected {
  readonly attributes?: Readonly<Record<string, string | null>>;
  readonly events?: readonly string[];
}

const NODE = '/api/v1/nodes/fake';
const handler = (url: string): Readonly<Record<string, string | null>> => ({
  url,
  'user-agent': null,
  'audit-id': null,
  client: '127.0.0.1',
  accept: null,
  protocol: 'HTTP/1.1',
});
const root = (method: string, path: string): Expected => ({
  attributes: { 'user_agent.original': null, 'url.path': path, 'http.request.method': method, 'audit-id': null },
});
const serialize = (method: string, url: string): Expected => ({
  attributes: { url, 'audit-id': null, protocol: 'HTTP/1.1', method, mediaType: 'application/json', encoder: null },
  events: ['About to start writing response', 'Write call succeeded'],
});
const etcdCall: Expected = { attributes: { 'rpc.system.name': 'grpc' } };
const WRITTEN = ['About to write a response', 'Writing http response done'];
/** Of a whole object that is sent, be it new or not. */
const STORED = [
  'limitedReadBody succeeded',
  'About to convert to expected version',
  'Conversion done',
  'About to store object in database',
  'Write to database call succeeded',
  ...WRITTEN,
];
const guaranteedUpdate: Expected = {
  attributes: { 'audit-id': null, key: '/minions/fake', type: '*core.Node', resource: 'nodes' },
  events: [
    'initial value restored',
    'About to Encode',
    'Encode succeeded',
    'TransformToStorage succeeded',
    'Transaction prepared',
    'Txn call completed',
    'Transaction committed',
    'Decode succeeded',
  ],
};

interface Case {
  readonly args: () => readonly string[];
  readonly spans: Readonly<Record<string, Expected>>;
  /** Nothing of it went to etcd. */
  readonly withoutEtcd?: true;
}

function manifest(labels: Readonly<Record<string, string>> = {}): string {
  const file = join(home.path, 'node.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'fake', labels } }));
  return file;
}

/** In upstream's order: each works on what the one before has left. */
const CASES: Readonly<Record<string, Case>> = {
  'create node': {
    args: () => ['create', '-f', manifest()],
    spans: {
      'POST /api/v1/nodes': root('POST', '/api/v1/nodes'),
      Create: {
        attributes: handler('/api/v1/nodes'),
        events: STORED,
      },
      'Create etcd3': {
        attributes: { 'audit-id': null, key: '/minions/fake', type: '*core.Node', resource: 'nodes' },
        events: [
          'About to Encode',
          'Encode succeeded',
          'TransformToStorage succeeded',
          'Txn call succeeded',
          'Decode succeeded',
        ],
      },
      'etcdserverpb.KV/Txn': etcdCall,
      SerializeObject: serialize('POST', '/api/v1/nodes'),
    },
  },
  'get node': {
    args: () => ['get', 'node', 'fake'],
    spans: {
      'GET /api/v1/nodes/{:name}': root('GET', NODE),
      Get: { attributes: handler(NODE), events: ['About to Get from storage', ...WRITTEN] },
      'Get etcd3': {
        attributes: { 'audit-id': null, key: '/minions/fake', resource: 'nodes' },
        events: ['Get call succeeded', 'TransformFromStorage succeeded', 'Decode succeeded'],
      },
      'etcdserverpb.KV/Range': etcdCall,
      SerializeObject: serialize('GET', NODE),
    },
  },
  'get node from cache': {
    args: () => ['get', '--raw', `${NODE}?resourceVersion=0`],
    withoutEtcd: true,
    spans: {
      'GET /api/v1/nodes/{:name}': root('GET', NODE),
      Get: { attributes: handler(NODE), events: ['About to Get from storage', ...WRITTEN] },
      'cacher.Get': {
        attributes: { 'audit-id': null, key: '/minions/fake', 'resource-version': '0' },
        events: ['watchCache locked acquired', 'watchCache fresh enough', 'GetByKey success'],
      },
      SerializeObject: serialize('GET', NODE),
    },
  },
  'list nodes': {
    args: () => ['get', 'nodes'],
    spans: {
      'GET /api/v1/nodes': root('GET', '/api/v1/nodes'),
      List: { attributes: handler('/api/v1/nodes') },
      'cacher.GetList': {
        attributes: { 'audit-id': null, type: 'nodes' },
        events: [
          'Ready',
          'getCurrentRV success',
          'watchCache locked acquired',
          'watchCache fresh enough',
          'GetLatestSnapshotOrBuildLocked success',
          'Listed items from cache',
          'Filtered items',
        ],
      },
      'etcdserverpb.KV/Range': etcdCall,
      SerializeObject: serialize('GET', '/api/v1/nodes'),
    },
  },
  'update node': {
    args: () => ['replace', '-f', manifest({ updated: 'yes' })],
    spans: {
      'PUT /api/v1/nodes/{:name}': root('PUT', NODE),
      Update: {
        attributes: handler(NODE),
        events: STORED,
      },
      'GuaranteedUpdate etcd3': guaranteedUpdate,
      'etcdserverpb.KV/Txn': etcdCall,
      SerializeObject: serialize('PUT', NODE),
    },
  },
  'patch node': {
    args: () => ['patch', 'node', 'fake', '-p', '{"metadata":{"labels":{"patched":"yes"}}}'],
    spans: {
      'PATCH /api/v1/nodes/{:name}': root('PATCH', NODE),
      Patch: {
        attributes: handler(NODE),
        events: ['limitedReadBody succeeded', 'Recorded the audit event', 'Object stored in database', ...WRITTEN],
      },
      'GuaranteedUpdate etcd3': guaranteedUpdate,
      'etcdserverpb.KV/Txn': etcdCall,
      SerializeObject: serialize('PATCH', NODE),
    },
  },
  'delete node': {
    args: () => ['delete', 'node', 'fake'],
    spans: {
      'DELETE /api/v1/nodes/{:name}': root('DELETE', NODE),
      Delete: {
        attributes: handler(NODE),
        events: [
          'limitedReadBody succeeded',
          'Decoded delete options',
          'Recorded the audit event',
          'About to delete object from database',
          'Object deleted from database',
          ...WRITTEN,
        ],
      },
      'etcdserverpb.KV/Txn': etcdCall,
      SerializeObject: serialize('DELETE', NODE),
    },
  },
};

interface Told {
  readonly name: string;
  readonly service: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly events?: readonly { readonly name: string }[];
}

function hasAttributes({ attributes: own = {} }: Told, expected: NonNullable<Expected['attributes']>): boolean {
  return Object.entries(expected).every(([key, value]) => {
    const there = own[key];
    return value === null ? there !== undefined && there !== '' : there === value;
  });
}

function hasEvents({ events: own = [] }: Told, expected: readonly string[]): boolean {
  const names = own.map(({ name }) => name);
  let from = 0;
  return expected.every((name) => (from = names.indexOf(name, from) + 1) > 0);
}

function assertHas(spans: readonly Told[], name: string, { attributes = {}, events = [] }: Expected): void {
  const named = spans.filter((span) => span.name === name && span.service === 'apiserver');
  assert.ok(named.length > 0, `no ${name} in ${spans.map((span) => span.name).join(', ')}`);
  const fits = named.some((span) => hasAttributes(span, attributes) && hasEvents(span, events));
  assert.ok(fits, `${name}: ${JSON.stringify(named)}`);
}

for (const [title, { args, spans, withoutEtcd }] of Object.entries(CASES)) {
  test(title, async () => {
    const env = { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` };
    const { code, stdout, stderr } = await kubectlTrace(
      home.path,
      [...args(), '--context', 'monitoring', '-o', 'json'],
      { env },
    );
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    assert.equal(document.verdict, 'complete');
    const told = (document.trace?.spans ?? []) as unknown as readonly Told[];
    for (const [name, expected] of Object.entries(spans)) assertHas(told, name, expected);
    assert.equal(
      told.some(({ service }) => service === 'etcd'),
      withoutEtcd !== true,
    );
  });
}
