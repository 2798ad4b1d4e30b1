import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { load } from 'js-yaml';
import { executables } from '../lab/cluster/build.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { runKubectl } from './kubectl.ts';

/** A script that reads the version of kubectl reads that of this program in the same place. */
suite('version -o, next to kubectl version --client -o', () => {
  const home = cleanHome();
  let kubectl: string;
  before(async () => void ({ kubectl } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] })));
  after(() => home.remove());

  for (const [format, parse] of [
    ['json', (text: string): unknown => JSON.parse(text)],
    ['yaml', (text: string): unknown => load(text)],
  ] as const) {
    test(`${format} has the same keys with values of the same types, and the same platform`, async () => {
      const args = ['version', '--client', '-o', format];
      const theirs = clientVersion(parse((await runKubectl(kubectl, args)).stdout));
      const ours = clientVersion(parse((await kubectlTrace(home.path, args)).stdout));
      const common = ['major', 'minor', 'gitVersion', 'platform'];
      for (const key of common) assert.equal(typeof ours[key], typeof theirs[key], key);
      assert.equal(ours['platform'], theirs['platform']);
      for (const { gitVersion, major, minor } of [ours, theirs]) {
        assert.ok(String(gitVersion).startsWith(`v${String(major)}.${String(minor)}.`));
      }
    });
  }

  test('another format is refused in the same words', async () => {
    const args = ['version', '--client', '-o', 'wide'];
    const [ours, theirs] = [await kubectlTrace(home.path, args), await runKubectl(kubectl, args)];
    assert.equal(ours.stderr.trimEnd(), theirs.stderr);
  });
});

function clientVersion(document: unknown): Readonly<Record<string, unknown>> {
  const { clientVersion: version } = document as { readonly clientVersion: Readonly<Record<string, unknown>> };
  return version;
}
