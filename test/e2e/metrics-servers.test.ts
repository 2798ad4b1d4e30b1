import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { startBalancer, type Balancer, type Cut } from '../support/balancer.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { unlessNamespaces } from '../support/namespaces.ts';
import { parseDocument, type Document } from '../support/schema.ts';
import { startSecondAPIServer } from '../support/second-apiserver.ts';

const OPTIONS = { apiserverTracing: false } as const;
const cluster = sharedCluster(OPTIONS);
const home = cleanHome();
after(() => home.remove());

suite('two API servers behind a balancer', { skip: await unlessNamespaces() }, () => {
  let balancer: Balancer;
  let kubeconfig = '';

  before(async () => {
    const second = await startSecondAPIServer(cluster(), 'control-plane-2', OPTIONS);
    balancer = await startBalancer([cluster().server, second].map((url) => Number(new URL(url).port)));
    kubeconfig = join(home.path, 'balanced.yaml');
    const direct = readFileSync(cluster().kubeconfig, 'utf8');
    writeFileSync(kubeconfig, direct.replaceAll(cluster().server, `https://127.0.0.1:${balancer.port}`), {
      mode: 0o600,
    });
  });
  after(() => balancer.close());

  async function get(
    pick: (connection: number) => number,
    cut: Cut,
  ): Promise<{ readonly document: Document; readonly stderr: string }> {
    balancer.begin(pick, cut);
    const args = ['get', '--raw', '/api/v1/namespaces/default', '-o', 'json'];
    const { stdout, stderr } = await kubectlTrace(home.path, args, { env: { KUBECONFIG: kubeconfig } });
    return { document: parseDocument(stdout), stderr };
  }

  for (const cut of ['after the response', 'at the next request'] as const) {
    for (const first of [0, 1]) {
      test(`server ${first}, whose connection is closed ${cut}, is found in turn`, async () => {
        const { document, stderr } = await get((connection) => (first + connection) % 2, cut);
        assert.equal(document.verdict, 'measured', stderr);
      });
    }
  }

  test('a server that no other connection leads to is reported as not found', async () => {
    const { document, stderr } = await get((connection) => Number(connection > 0), 'after the response');
    assert.equal(document.verdict, null);
    assert.match(stderr, /the metrics of 1 API server, of 2, have no exemplar of it/);
  });
});
