import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { OPEN } from '../../src/analysis/assemble/client-time.ts';
import { isObject } from '../../src/kube/json.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument, type Document, type JSONSpan } from '../support/schema.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    env: { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` },
  });

/** Span names from a span down to one of its descendants, by parent IDs alone. */
function pathTo(document: Document, leaf: JSONSpan): string[] {
  const byID = new Map(document.trace?.spans.map((span) => [span.spanID, span]));
  const path: string[] = [];
  for (let at: JSONSpan | undefined = leaf; at !== undefined; at = byID.get(at.parentSpanID ?? '')) {
    path.unshift(`${at.service} ${at.kind} ${at.name}`);
  }
  return path;
}

for (const user of ['masters', 'monitoring', 'admin']) {
  for (const resource of ['nodes', 'namespaces']) {
    test(`get ${resource} as ${user}: one tree from the command to etcd`, async () => {
      const { code, stdout, stderr } = await run('get', resource, '--context', user, '-o', 'json');
      assert.equal(code, 0, stderr);
      const document = parseDocument(stdout);
      assert.equal(document.verdict, 'complete');
      const request = document.requests.find(({ purpose }) => purpose === 'request');
      assert.equal(request?.path, `/api/v1/${resource}`);
      // v1.37 keeps the trace ID of system:masters and system:monitoring, and of nobody else.
      assert.equal(request.lookup?.foundBy, user === 'admin' ? 'audit-id' : 'trace-id');
      assert.equal(request.lookup.contextKept, user !== 'admin');

      const range = document.trace?.spans.find((span) => span.service === 'etcd' && span.name === 'range');
      assert.ok(range, 'etcd 3.7 reports its own range span');
      const path = pathTo(document, range);
      assert.equal(path[0], `kubectl-trace internal kubectl trace get ${resource} --context ${user} -o json`);
      assert.equal(path[1], 'kubectl-trace client GET');
      assert.deepEqual(
        path
          .slice(2)
          .filter((name) => !/ (audit|constrainedimpersonation|priorityandfairness|authorization)$/.test(name)),
        [
          `apiserver server GET /api/v1/${resource}`,
          'apiserver internal List',
          'apiserver internal cacher.GetList',
          'apiserver client etcdserverpb.KV/Range',
          'etcd server etcdserverpb.KV/Range',
          'etcd internal range',
        ],
      );
      for (const span of document.trace?.spans ?? []) {
        assert.ok(span.durationNanos >= 0 && span.selfNanos >= 0 && span.selfNanos <= span.durationNanos, span.name);
      }
      const total = document.summary?.components.reduce((sum, { nanos }) => sum + nanos, 0);
      assert.equal(total, document.trace?.durationNanos);
    });
  }
}

for (const args of [['-ojson'], ['-o', 'json'], ['-o=json'], ['--output=json'], ['--output', 'json']]) {
  test(`get configmaps ${args.join(' ')} -n kube-system in both spellings`, async () => {
    for (const namespace of [['-n', 'kube-system'], ['-nkube-system']]) {
      const { code, stdout, stderr } = await run(
        'get',
        'configmaps',
        ...namespace,
        ...args,
        '--context',
        'masters',
        '--wait',
        '0',
      );
      assert.equal(code, 0, stderr);
      const document = parseDocument(stdout);
      assert.equal(document.verdict, 'skipped');
      assert.equal(document.requests.at(-1)?.path, '/api/v1/namespaces/kube-system/configmaps');
    }
  });
}

test('the tree names the command, the API server and etcd, and fits the width', async () => {
  // A stall of the machine makes the other rows fast ones, which fold.
  const { code, stdout, stderr } = await run('get', 'nodes', '--width', '80', '--full');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^nothing stands out: [^]*?\n\nGET \/api\/v1\/nodes\?limit=500 {2}200 {2}/);
  assert.match(stdout, /^get nodes --width/m);
  assert.match(stdout, /[├└]─ apiserver {2}GET/);
  assert.match(stdout, /[├└]─ etcd {2}KV\/Range/);
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('open ')) assert.ok(line.length <= 80, line);
  }
});

test('--show-response comes first, as kubectl prints it, and is in the JSON document', async () => {
  const flags = ['get', 'nodes', '--show-response=name', '--wait', '0'];
  const shown = await run(...flags);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /^node\/demo-node\n\n.+ the server and etcd\n\nGET \/api\/v1\/nodes\?limit=500 {2}200/);
  const { stdout } = await run(...flags, '-o', 'json');
  const body = parseDocument(stdout).requests.at(-1)?.body;
  assert.ok(isObject(body) && Array.isArray(body['items']));
  assert.deepEqual([body['kind'], body['items'].length], ['NodeList', 1]);
  const without = await run('get', 'nodes', '--wait', '0', '-o', 'json');
  assert.equal(parseDocument(without.stdout).requests.at(-1)?.body, null);
});

test('a watch is traced from its list to its end', async () => {
  const watch = ['get', 'namespaces', '-w', '--for', '500ms', '--show-response', '-o', 'json'];
  const { code, stdout, stderr } = await run(...watch, '--context', 'masters');
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const [list, changes] = document.requests.filter(({ purpose }) => purpose === 'request');
  assert.equal(list?.query, 'limit=500');
  assert.match(changes?.query ?? '', /^resourceVersion=\d+&watch=true$/);
  assert.ok(Array.isArray(changes?.body));
  for (const request of [list, changes]) {
    assert.equal(request?.lookup?.foundBy, 'trace-id');
    assert.ok(request.lookup.received > 0);
    // Its span ends with it, so that nothing is waited for: no silence of 6 s.
    assert.equal(request.lookup.verdict, 'complete');
    assert.ok(request.lookup.waitedNanos < 5e9, `${request.lookup.waitedNanos} ns`);
  }
  // The time that it was open is nobody's work.
  const open = document.trace?.spans.find((span) => span.name === OPEN);
  assert.deepEqual([open?.component, open?.inferred], ['open', false]);
});

test('--repeat: each request has its own trace, and the slowest is drawn', async () => {
  const { code, stdout, stderr } = await run(
    'get',
    'nodes',
    '--repeat',
    '6',
    '--warmup',
    '2',
    '--context',
    'admin',
    '-o',
    'json',
  );
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const requests = document.requests.filter(({ purpose }) => purpose === 'request');
  assert.equal(requests.length, 6);
  assert.equal(new Set(requests.map(({ auditID }) => auditID)).size, 6);
  assert.equal(new Set(requests.map(({ lookup }) => lookup?.traceID)).size, 6, 'the server began one for each');
  assert.ok(requests.every(({ lookup }) => lookup?.verdict === 'complete'));
  const roots = document.trace?.spans.filter(({ kind, name }) => kind === 'server' && name === 'GET /api/v1/nodes');
  assert.equal(roots?.length, 6, 'those that warm up are in no trace');
  const shown = await run('show', 'last', '--wait', '0');
  assert.match(shown.stdout, /^6 times {2}p50 .* {2}p95 /);
  assert.match(shown.stdout, /^ +p50 +p95 +self +total/m);
});

test('--redact: the output has no names, and the stored document keeps them', async () => {
  const secret = /demo-node|127\.0\.0\.1|nobody|payroll|initech/;
  const path = '/api/v1/namespaces/payroll/configmaps/demo-node?labelSelector=customer%3Dinitech';
  for (const format of ['tree', 'json', 'otlp', 'markdown', 'perfetto', 'svg', 'speedscope', 'folded']) {
    const { code, stdout, stderr } = await run('get', '--raw', path, '--context', 'nobody', '--redact', '-o', format);
    assert.equal(code, 1);
    assert.match(stderr, /Error from server \(Forbidden\): configmaps "name-[0-9a-f]{6}" is forbidden/);
    assert.equal(
      `${stdout}${stderr}`.split('\n').find((line) => secret.test(line)),
      undefined,
      format,
    );
  }
  assert.match((await run('show', 'last', '--wait', '0')).stdout, /payroll/);
});
