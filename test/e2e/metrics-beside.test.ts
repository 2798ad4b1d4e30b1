import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';

/** An API server that traces, and whose metrics are read beside its spans. */
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const MAX_TRIES = 5;

test('a complete trace has the admission plug-ins from the metrics', async () => {
  let document = await create();
  // The metrics are not waited for once the trace is complete.
  for (let tries = 2; tries <= MAX_TRIES && pluginsOf(document).length === 0; tries++) document = await create();
  const request = document.requests.at(-1);
  assert.equal(request?.lookup?.verdict, 'complete');
  assert.deepEqual(request.lookup.reasons, []);
  const plugins = pluginsOf(document);
  for (const name of ['NamespaceLifecycle', 'LimitRanger', 'ResourceQuota', 'ValidatingAdmissionPolicy']) {
    assert.ok(
      plugins.some((row) => row.name === name && row.precision === 'exact'),
      name,
    );
  }
  const byID = new Map(document.trace?.spans.map((row) => [row.spanID, row]));
  const parents = new Set(plugins.map(({ parentSpanID }) => byID.get(parentSpanID ?? '')?.name));
  assert.ok(parents.size > 0);
  for (const parent of parents) assert.match(parent ?? '', /^(Create|built-in admission, validation \(inferred\))$/);
});

async function create(): Promise<Document> {
  const file = join(home.path, 'one.json');
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'one-', namespace: 'default' } }),
  );
  const { code, stdout, stderr } = await kubectlTrace(
    home.path,
    ['create', '-f', file, '--context', 'masters', '--backend', `jaeger=${cluster().backendURL}`, '-o', 'json'],
    { env: { KUBECONFIG: cluster().kubeconfig } },
  );
  assert.equal(code, 0, stderr);
  return parseDocument(stdout);
}

const pluginsOf = ({ trace }: Document) => trace?.spans.filter(({ source }) => source === 'metric') ?? [];
