import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDiagnosis, type DiagnosisDocument } from '../support/schema.ts';

/** A node whose kubelet traces every pod. */
const { node, skip } = await sharedNode();
const home = cleanHome();
after(() => home.remove());
/** Starting the kubelet again takes a while on a busy machine. */
const options = { skip, timeout: 240_000 };

async function diagnose(): Promise<DiagnosisDocument> {
  const { cluster } = node();
  const args = ['doctor', '--context', 'masters', '--backend', `jaeger=${cluster.backendURL}`, '-o', 'json'];
  const { stdout } = await kubectlTrace(home.path, args, { env: { KUBECONFIG: cluster.kubeconfig } });
  return parseDiagnosis(stdout);
}

/** Starts the kubelet with another section `tracing`; null: without one. */
async function restartWith(tracing: object | null): Promise<void> {
  const file = join(node().cluster.folder, 'node', 'kubelet.json');
  const { tracing: _, ...others } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  await node().end('kubelet');
  writeFileSync(file, JSON.stringify({ ...others, ...(tracing !== null && { tracing }) }));
  await node().launch('kubelet');
}

const kubelet = ({ checks }: DiagnosisDocument) => checks.find(({ id }) => id === 'kubelet');

test('a kubelet that traces is no cause', options, async () => {
  const document = await diagnose();
  assert.deepEqual(document.causes, []);
  assert.equal(kubelet(document)?.state, 'ok');
  assert.match(kubelet(document)?.looked.join('\n') ?? '', /samplingRatePerMillion 1000000/);
});

test('a kubelet that records nothing is named', options, async () => {
  await restartWith({ endpoint: '127.0.0.1:4317' });
  assert.deepEqual((await diagnose()).causes, ['KubeletNotSampled']);
});

test('a kubelet without tracing is named', options, async () => {
  await restartWith(null);
  const document = await diagnose();
  assert.deepEqual(document.causes, ['KubeletTracingOff']);
  assert.equal(document.exitCode, 0);
});
