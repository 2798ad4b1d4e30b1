import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

/** An API server that traces, and whose spans go nowhere. */
const cluster = sharedCluster({ exportTo: '127.0.0.1:9' });
const home = cleanHome();
after(() => home.remove());

const run = (...args: readonly string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, { env: { KUBECONFIG: cluster().kubeconfig } });

test('a user whose trace context is accepted gets the tree from the metrics', async () => {
  const { code, stdout, stderr } = await run('get', 'namespace', 'default', '--context', 'masters', '-o', 'json');
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const { lookup } = document.requests.at(-1) ?? {};
  assert.deepEqual([lookup?.verdict, lookup?.foundBy], ['measured', 'metrics']);
  assert.notEqual(lookup?.prediction, 'untraced');
  const names = document.trace?.spans.filter(({ source }) => source === 'metric').map(({ name }) => name) ?? [];
  for (const name of ['audit', 'priorityandfairness', 'authorization']) assert.ok(names.includes(name), name);
  // The server's spans, of which there are several, are not taken for a proxy.
  assert.deepEqual(
    lookup?.reasons.map(({ code: reason }) => reason),
    ['etcd-included'],
  );
});

test('another user gets none: the exemplars are of traces that the server began', async () => {
  const { code, stderr } = await run('get', 'namespace', 'default', '-o', 'json');
  assert.equal(code, 5);
  assert.match(stderr, /have no exemplar of it/);
});

test('so it is with --metrics=delta, which shows how long the request and etcd took', async () => {
  const file = join(home.path, 'one.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'one-' } }));
  const { code, stdout, stderr } = await run('create', '-f', file, '--metrics=delta', '-o', 'json');
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  assert.equal(document.verdict, 'measured');
  const rows = document.trace?.spans.filter(({ source }) => source === 'metric') ?? [];
  assert.deepEqual(
    rows.map(({ name, precision }) => `${name} ${precision}`),
    ['POST /api/v1/namespaces/default/configmaps length-only', 'etcd create (length only) length-only'],
  );
});
