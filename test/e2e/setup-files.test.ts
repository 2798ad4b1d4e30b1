import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { load } from 'js-yaml';
import { run } from '../../src/run.ts';
import { readAs, readAsKubeadm } from '../support/setup-readers.ts';
import { testRuntime } from '../unit/kube/fixture.ts';

/* The printed files are read by the Go types of the projects that they are for, strictly. */

async function setup(kind: string, version: string): Promise<string> {
  let stdout = '';
  const runtime = testRuntime({ out: { write: (text) => void (stdout += text) } });
  const args = ['setup', kind, '--kubernetes-version', version, '--endpoint', '10.0.0.5:4317'];
  assert.equal(await run(args, runtime, '0.1.0'), 0);
  return stdout;
}

/** A file that the text writes. */
const fileIn = (text: string, path: string): string =>
  text.split(`cat > ${path} <<'EOF'\n`)[1]!.split('\nEOF\n')[0]! + '\n';

/** The ClusterConfiguration that is to be merged. A version keeps kubeadm from looking one up. */
const clusterConfiguration = (text: string, version: string): string =>
  `${/^apiVersion: kubeadm[\s\S]*?(?=^LINES$)/m.exec(text)![0]}kubernetesVersion: v${version}\n`;

const misspelt = (text: string): string => text.replace('extraVolumes', 'extraVolume');

suite('a ClusterConfiguration', () => {
  const cases = [
    ['1.32', '1.30.14', 'v1beta3'],
    ['1.32', '1.32.13', 'v1beta4'],
    ['1.37', '1.37.2', 'v1beta4'],
  ] as const;
  for (const [kubeadm, version, api] of cases) {
    test(`of ${version} is read by kubeadm ${kubeadm}`, async () => {
      const text = clusterConfiguration(await setup('kubeadm', version), kubeadm === '1.32' ? '1.32.13' : '1.37.2');
      assert.match(text, new RegExp(`kubeadm\\.k8s\\.io/${api}\n`));
      const { code, stderr } = await readAsKubeadm(kubeadm, text);
      assert.equal(code, 0, stderr);
      const refused = await readAsKubeadm(kubeadm, misspelt(text));
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /unknown field/);
    });
  }
});

suite('a Cluster of kind', () => {
  for (const version of ['1.26.3', '1.33.1', '1.36.1', '1.37.2']) {
    test(`of ${version} is read by kind, and its patch by kubeadm`, async () => {
      const text = fileIn(await setup('kind', version), 'kind-tracing.yaml');
      const { code, stdout, stderr } = await readAs('kind', text);
      assert.equal(code, 0, stderr);
      const { nodes } = load(stdout) as { nodes: [{ kubeadmConfigPatches: [string, string?]; extraMounts: object[] }] };
      assert.equal(nodes[0].extraMounts.length, 1);
      const [patch] = nodes[0].kubeadmConfigPatches;
      const [kubeadm, own] = patch.includes('v1beta3') ? (['1.32', '1.32.13'] as const) : (['1.37', '1.37.2'] as const);
      const read = await readAsKubeadm(kubeadm, `${patch}\nkubernetesVersion: v${own}\n`);
      assert.equal(read.code, 0, read.stderr);
      assert.equal((await readAs('kind', text.replace('extraMounts', 'extraMount'))).code, 1);
    });
  }
});

suite('a KubeadmControlPlane', () => {
  for (const api of ['v1beta1', 'v1beta2'] as const) {
    test(`of ${api} is read by Cluster API`, async () => {
      const path = `kubeadm-control-plane-tracing${api === 'v1beta1' ? '.v1beta1' : ''}.yaml`;
      const text = fileIn(await setup('cluster-api', '1.33.1'), path);
      const { code, stdout, stderr } = await readAs(`cluster-api-${api}`, text);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /tracing-config-file/);
      assert.equal((await readAs(`cluster-api-${api}`, misspelt(text))).code, 1);
    });
  }
});
