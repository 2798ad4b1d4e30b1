import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { startBalancer, type Balancer } from '../support/balancer.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { unlessNamespaces } from '../support/namespaces.ts';
import { parseDiagnosis, type DiagnosisDocument } from '../support/schema.ts';
import { startSecondAPIServer } from '../support/second-apiserver.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const portOf = (server: string): number => Number(new URL(server).port);

async function diagnose(balancer: Balancer, user: string): Promise<DiagnosisDocument> {
  const server = `https://127.0.0.1:${balancer.port}`;
  const args = [
    'doctor',
    '--server',
    server,
    '--context',
    user,
    '--backend',
    `jaeger=${cluster().backendURL}`,
    '-o',
    'json',
  ];
  const { stdout } = await kubectlTrace(home.path, args, { env: { KUBECONFIG: cluster().kubeconfig } });
  return parseDiagnosis(stdout);
}

suite('with two API servers behind a balancer', { skip: await unlessNamespaces() }, () => {
  let balancer: Balancer;
  before(async () => {
    const second = await startSecondAPIServer(cluster(), 'control-plane-2', { apiserverTracing: false });
    balancer = await startBalancer([portOf(cluster().server), portOf(second)]);
  });
  after(() => balancer.close());

  for (const [title, first] of [
    ['the one that traces', 0],
    ['the one that does not', 1],
  ] as const) {
    for (const user of ['admin', 'masters']) {
      test(`${user}: one without tracing is named, although the canary is served by ${title}`, async () => {
        balancer.begin((connection) => (connection === 0 ? first : connection % 2));
        const document = await diagnose(balancer, user);
        assert.deepEqual(document.causes, ['ReplicaWithoutTracing']);
        const replicas = document.checks.find(({ id }) => id === 'replicas');
        assert.equal(replicas?.state, 'failed');
        assert.match(replicas.summary, /control-plane-2/);
        assert.equal(document.brokenLink, first === 0 ? null : 'replicas');
        assert.equal(document.exitCode, 3);
      });
    }
  }

  test('a balancer that leads to one of them leaves the other unknown', async () => {
    balancer.begin(() => 0);
    const document = await diagnose(balancer, 'masters');
    assert.deepEqual(document.causes, []);
    assert.equal(document.checks.find(({ id }) => id === 'replicas')?.state, 'unknown');
  });
});
