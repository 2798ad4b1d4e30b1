import { falsehoods } from './expected.ts';
import { kubeadmVersions } from './programs.ts';
import { writeRehearsal } from './recording.ts';
import { rehearse } from './rehearse.ts';
import { judge, untilInterrupted, whereMachinesRun } from './rehearsing.ts';

/**
 * `npm run rehearse:kubeadm [VERSION…]`: a real kubeadm sets up a control-plane node, whose kubelet and containerd run its
 * static pods; `setup kubeadm --apply` changes it, on a full disk, with a broken file and killed in the middle too. Without
 * a version, all of them. The recordings in test/fixtures/kubeadm/ are replaced.
 */
const wanted = process.argv.slice(2);
const signal = untilInterrupted();

await whereMachinesRun(async () => {
  for (const version of kubeadmVersions) {
    if (wanted.length > 0 && !wanted.includes(version.kubernetes)) continue;
    const progress = (line: string): void => void process.stdout.write(`${version.kubernetes}: ${line}\n`);
    const { rehearsal, files } = await rehearse(version, progress, signal);
    judge(falsehoods(rehearsal), progress);
    writeRehearsal(rehearsal, files);
  }
});
