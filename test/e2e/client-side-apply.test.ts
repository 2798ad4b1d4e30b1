import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { runKubectl } from '../contract/kubectl.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { webDeployment } from '../support/web-deployment.ts';

const cluster = sharedCluster();
const home = cleanHome();
const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-apply-'));
after(() => {
  home.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Client = (...args: readonly string[]) => Promise<void>;

const alone: Client = async (...args) => {
  const { exitCode, stderr } = await runKubectl(cluster().binaries.kubectl, args, { KUBECONFIG: cluster().kubeconfig });
  assert.equal(exitCode, 0, stderr);
};

const behindTrace: Client = async (...args) => {
  const { kubeconfig, binaries } = cluster();
  const PATH = [dirname(binaries.kubectl), process.env['PATH']].join(delimiter);
  const env = { KUBECONFIG: kubeconfig, KUBECTL_TRACE_WAIT: '0', PATH };
  const { code, stderr } = await kubectlTrace(home.path, args, { env });
  assert.equal(code, 0, stderr);
};

/** The object without what is different in each: identity, times, and the name of its namespace. */
async function stored(namespace: string): Promise<unknown> {
  const { body } = await cluster().call('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/web`);
  return JSON.parse(body, (key, value: unknown) =>
    /^(?:uid|resourceVersion|creationTimestamp|time|namespace)$/.test(key)
      ? undefined
      : typeof value === 'string'
        ? value.replaceAll(namespace, 'NAMESPACE')
        : value,
  );
}

/** Each step, and whether the fields have the same managers and values after it. */
test('client-side apply leaves the object that kubectl leaves, managedFields included', async () => {
  const [first, second] = [join(folder, 'first.yaml'), join(folder, 'second.yaml')];
  writeFileSync(first, webDeployment('web:1'));
  writeFileSync(second, webDeployment('web:2'));
  const steps: readonly (readonly string[])[] = [
    ['apply', '-f', first],
    ['apply', '-f', first],
    ['scale', 'deployment/web', '--replicas=5'],
    ['apply', '-f', second],
  ];
  for (const namespace of ['plain', 'traced']) await alone('create', 'namespace', namespace);
  for (const step of steps) {
    await alone(...step, '-n', 'plain');
    await behindTrace(...step, '-n', 'traced');
    const object = await stored('traced');
    assert.deepEqual(object, await stored('plain'), step.join(' '));
    assert.match(JSON.stringify(object), /"manager":"kubectl-client-side-apply"/);
  }
});
