import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sharedCluster } from '../cluster/shared.ts';
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

test('the tree names the command, the API server and etcd, and is no wider than asked', async () => {
  const { code, stdout, stderr } = await run('get', 'nodes', '--width', '80');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^GET \/api\/v1\/nodes\?limit=500 {2}200 {2}/);
  assert.match(stdout, /^kubectl trace get nodes/m);
  assert.match(stdout, /[├└]─ apiserver {2}GET/);
  assert.match(stdout, /[├└]─ etcd {2}KV\/Range/);
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('open ')) assert.ok(line.length <= 80, line);
  }
});
