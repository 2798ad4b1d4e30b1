import { whyNoNode } from '../cluster/node/machine.ts';
import { falsehoods } from './expected.ts';
import { kubeadmVersions } from './programs.ts';
import { writeRehearsal } from './recording.ts';
import { rehearse } from './rehearse.ts';

/**
 * `npm run rehearse:kubeadm [VERSION…]`: a real kubeadm sets up a control-plane node, whose kubelet and containerd run its
 * static pods; `setup kubeadm --apply` changes it, on a full disk, with a broken file and killed in the middle too. Without
 * a version, all of them. The recordings in test/fixtures/kubeadm/ are replaced.
 */
const wanted = process.argv.slice(2);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

const why = await whyNoNode();
if (why !== undefined) {
  process.stderr.write(`no machine for kubeadm can run here: ${why}\n`);
  process.exitCode = 1;
} else {
  for (const version of kubeadmVersions) {
    if (wanted.length > 0 && !wanted.includes(version.kubernetes)) continue;
    const progress = (line: string): void => void process.stdout.write(`${version.kubernetes}: ${line}\n`);
    const { rehearsal, files } = await rehearse(version, progress, interrupted.signal);
    const problems = falsehoods(rehearsal);
    for (const problem of problems) progress(problem);
    progress(problems.length === 0 ? 'every step ended as expected' : `${problems.length} problems`);
    if (problems.length > 0) process.exitCode = 1;
    writeRehearsal(rehearsal, files);
  }
}
