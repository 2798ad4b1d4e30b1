import { falsehoods } from './expected.ts';
import { writeRehearsal } from './recording.ts';
import { rehearse } from './rehearse.ts';
import { judge, untilInterrupted, whereMachinesRun } from '../kubeadm/rehearsing.ts';

/**
 * `npm run rehearse:serve-pod`: the manifests of `setup backend serve` on a control-plane node that a real kubeadm set up:
 * a real kubelet and containerd run the pod, the real control plane sends spans to it, and they are read through a
 * port-forward. The recording in test/fixtures/serve-pod/ is replaced.
 */
const signal = untilInterrupted();

await whereMachinesRun(async () => {
  const progress = (line: string): void => void process.stdout.write(`${line}\n`);
  const rehearsal = await rehearse(progress, signal);
  judge(falsehoods(rehearsal.steps), progress);
  writeRehearsal(rehearsal);
});
