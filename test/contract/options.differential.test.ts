import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CONNECTION_FLAGS } from '../../src/cli/options/connection.ts';
import { executables } from '../lab/cluster/build.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { runKubectl } from './kubectl.ts';

/** Options of kubectl that no plugin needs: logging and profiling of kubectl itself, and a check of its own version. */
const ONLY_KUBECTL = ['log-flush-frequency', 'match-server-version', 'profile', 'profile-output', 'vmodule'];
/** Options that mean less or more here than in kubectl. */
const OTHER_WORDS = ['cache-dir', 'v'];

const home = cleanHome();
let binary: string;
/** The sentence of each option of `kubectl options`, by its name. */
let theirs: ReadonlyMap<string, string>;

before(async () => {
  ({ kubectl: binary } = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] }));
  const { stdout } = await runKubectl(binary, ['options']);
  const options = [...stdout.matchAll(/^ {4}(?:-\w, )?--([\w-]+)=.*:\n\t(.*)$/gm)];
  theirs = new Map(options.map(([, name = '', help = '']) => [name, help]));
});
after(() => home.remove());

const ours = (...args: string[]) => kubectlTrace(home.path, args);

test('kubectl trace options has every option of kubectl options that concerns requests', async () => {
  const { code, stdout } = await ours('options');
  const names = [...stdout.matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)].map(([, name = '']) => name);
  assert.equal(code, 0);
  assert.deepEqual(
    names.toSorted(),
    [...theirs.keys(), 'help'].filter((name) => !ONLY_KUBECTL.includes(name)).toSorted(),
  );
  assert.match(stdout, /^The following options can be passed to any command:\n\n/);
});

test('descriptions of global options begin as in kubectl', () => {
  const beginning = (text: string): string => text.split(/[\s,;.]+/, 4).join(' ');
  for (const { name, help } of CONNECTION_FLAGS.filter((flag) => !OTHER_WORDS.includes(flag.name))) {
    assert.equal(beginning(help), beginning(theirs.get(name) ?? ''), `--${name}`);
  }
});

test('options --help lists the same options', async () => {
  const [plain, helped] = await Promise.all([ours('options'), ours('options', '--help')]);
  assert.deepEqual(helped, plain);
});

test("an unknown flag of options is rejected in kubectl's words", async () => {
  for (const flag of ['--nosuch', '-x']) {
    const refused = await runKubectl(binary, ['options', flag]);
    const { code, stdout, stderr } = await ours('options', flag);
    assert.deepEqual([refused.exitCode, code, stdout], [1, 2, '']);
    assert.equal(stderr.split('\n')[0], refused.stderr.split('\n')[0]);
  }
});

test('an argument of options is rejected', async () => {
  assert.deepEqual(await ours('options', 'get'), { code: 2, stdout: '', stderr: 'error: unexpected argument "get"\n' });
});
