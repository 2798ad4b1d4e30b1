import { whyNoNode } from '../cluster/node/machine.ts';
import { falsehoods } from './expected.ts';
import { writeRehearsal } from './recording.ts';
import { rehearse } from './rehearse.ts';

/**
 * `npm run rehearse:serve-pod`: the manifests of `setup backend serve` on a control-plane node that a real kubeadm set up:
 * a real kubelet and containerd run the pod, the real control plane sends spans to it, and they are read through a
 * port-forward. The recording in test/fixtures/serve-pod/ is replaced.
 */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

const why = await whyNoNode();
if (why !== undefined) {
  process.stderr.write(`no machine for kubeadm can run here: ${why}\n`);
  process.exitCode = 1;
} else {
  const progress = (line: string): void => void process.stdout.write(`${line}\n`);
  const rehearsal = await rehearse(progress, interrupted.signal);
  const problems = falsehoods(rehearsal.steps);
  for (const problem of problems) progress(problem);
  progress(problems.length === 0 ? 'every step ended as expected' : `${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
  writeRehearsal(rehearsal);
}
