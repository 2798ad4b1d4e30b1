import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { cleanHome, kubectlTrace, launcher, type Outcome } from '../../../support/kubectl-trace.ts';

let folder: string;
const home = cleanHome();
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-wrapped-'));
  // The system's own folders may have a kubectl.
  mkdirSync(join(folder, 'tools'));
  for (const name of ['sh', 'wc', 'readlink']) symlinkSync(`/usr/bin/${name}`, join(folder, 'tools', name));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
  home.remove();
});

const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trimEnd().split('\n');
beforeEach(() => writeFileSync(join(folder, 'calls'), ''));

/** A folder with a `kubectl` that lists its calls. It ends the fifth, which a program that nests without end would reach. */
function kubectlIn(name: string, ending: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const list = `${folder}/calls`;
  const script = `#!/bin/sh\necho "$1" >> ${list}\n[ "$(wc -l < ${list})" -ge 5 ] && exit 9\n${ending}\n`;
  writeFileSync(join(path, 'kubectl'), script);
  chmodSync(join(path, 'kubectl'), 0o755);
  return path;
}

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: none
contexts: [{ name: none, context: { cluster: none } }]
clusters: [{ name: none, cluster: { server: 'http://127.0.0.1:1' } }]
`;

function trace(path: readonly string[], ...args: readonly string[]): Promise<Outcome> {
  writeFileSync(join(folder, 'config'), KUBECONFIG);
  const env = { PATH: [...path, join(folder, 'tools')].join(':'), KUBECONFIG: join(folder, 'config') };
  return kubectlTrace(home.path, args, {
    env: { ...env, KUBECTL_TRACE_NO_HISTORY: 'true', KUBECTL_TRACE_COMPLETION_TIMEOUT: '1m' },
  });
}

suite('a kubectl on the PATH that runs kubectl trace', () => {
  for (const line of [
    ['describe', 'ns', 'default'],
    ['config', 'view'],
    ['create', 'namespace', 'shop'],
    ['--context', 'absent', 'describe', 'ns'],
  ]) {
    test(`is an error after its first call: ${line.join(' ')}`, async () => {
      const path = kubectlIn('wrap', `exec ${launcher} "$@"`);
      const { stderr, code } = await trace([path], ...line);
      assert.equal(calls().length, 1);
      assert.equal(code, 2);
      assert.match(
        stderr,
        new RegExp(
          `^error: ${path}/kubectl is no kubectl: it runs "\\w+" with kubectl trace, which needs kubectl$`,
          'm',
        ),
      );
      assert.match(stderr, /^hint: put kubectl itself before it on the PATH, or /m);
    });
  }

  test('is an error behind run -- too', async () => {
    const path = kubectlIn('wrap-run', `exec ${launcher} run -- kubectl "$@"`);
    const { stderr, code } = await trace([path], 'run', '--', 'kubectl', 'describe', 'ns');
    assert.deepEqual([calls().length, code], [1, 2]);
    assert.match(stderr, /is no kubectl/);
  });

  test('is called once to complete a word', async () => {
    const path = kubectlIn('wrap', `exec ${launcher} "$@"`);
    await trace([path], '__complete', 'describe', '--chunk');
    assert.deepEqual(calls(), ['__complete']);
  });
});

suite('kubectl trace that is called by what it started goes on', () => {
  const plain = (): string => kubectlIn('plain', 'echo "plain $*"');

  test('for another command', async () => {
    const path = kubectlIn('other', `[ "$1" = describe ] && exec ${launcher} explain pods; echo "plain $1"`);
    const { stdout, code } = await trace([path], 'describe', 'ns');
    assert.deepEqual([stdout, code, calls()], ['plain explain\n', 0, ['describe', 'explain']]);
  });

  test('where a script has put another kubectl on the PATH', async () => {
    const path = kubectlIn('guarded', `PATH=${plain()}:$PATH exec ${launcher} "$@"`);
    const { stdout, code } = await trace([path], 'describe', 'ns');
    assert.deepEqual([stdout, code], ['plain describe ns\n', 0]);
  });

  test('behind run --, with the same command', async () => {
    const script = `${launcher} describe ns`;
    const { stdout, code } = await trace([plain()], 'run', '--', 'sh', '-c', script);
    assert.deepEqual([stdout, code], ['plain describe ns\n', 0]);
  });
});

suite('a link to kubectl trace with the name of kubectl', () => {
  const linked = (): string => {
    const path = join(folder, 'linked');
    mkdirSync(path, { recursive: true });
    rmSync(join(path, 'kubectl'), { force: true });
    symlinkSync(launcher, join(path, 'kubectl'));
    return path;
  };

  test('is passed over', async () => {
    const { stdout, code } = await trace([linked(), kubectlIn('plain', 'echo "plain $*"')], 'describe', 'ns');
    assert.deepEqual([stdout, code], ['plain describe ns\n', 0]);
  });

  test('is no kubectl where there is no other', async () => {
    const { stderr, code } = await trace([linked()], 'describe', 'ns');
    assert.equal(code, 2);
    assert.match(stderr, /^error: "describe" is run by kubectl, which cannot be found: /);
  });
});
