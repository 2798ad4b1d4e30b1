import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { load } from 'js-yaml';
import { run } from '../../../../src/run.ts';
import type { Runtime } from '../../../../src/runtime.ts';
import { LINUX, WINDOWS } from '../../../support/platforms.ts';
import { parseVersion } from '../../../support/schema.ts';
import { testRuntime } from '../../kube/fixture.ts';

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function version(args: readonly string[], over: Partial<Runtime> = {}): Promise<Printed> {
  let [stdout, stderr] = ['', ''];
  const runtime = testRuntime({
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
    ...over,
  });
  const code = await run(['version', ...args], runtime, '0.12.3');
  return { code, stdout, stderr };
}

const LINUX_PACKAGE = {
  platform: LINUX,
  nodejs: { version: 'v24.22.3', arch: 'x64', isExecutable: false },
} satisfies Partial<Runtime>;

const IN_DOCUMENT = {
  apiVersion: 'kubectl-trace/v1alpha1',
  kind: 'Version',
  clientVersion: {
    major: '0',
    minor: '12',
    gitVersion: 'v0.12.3',
    platform: 'linux/amd64',
    nodeVersion: 'v24.22.3',
    executable: false,
  },
};

suite('version', () => {
  for (const args of [[], ['--client'], ['--client=true'], ['--output='], ['-o', '']]) {
    test(`${args.join(' ') || 'alone'} prints one line`, async () => {
      assert.deepEqual(await version(args), { code: 0, stdout: 'kubectl-trace v0.12.3\n', stderr: '' });
    });
  }

  test('-o json prints a document', async () => {
    const { code, stdout, stderr } = await version(['--client', '-ojson'], LINUX_PACKAGE);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(parseVersion(stdout), IN_DOCUMENT);
  });

  test('-o yaml prints the same, with texts that look like numbers in quotes', async () => {
    const { stdout } = await version(['--output=yaml'], LINUX_PACKAGE);
    assert.deepEqual(load(stdout), IN_DOCUMENT);
    assert.match(stdout, /^ {2}minor: '12'$/m);
  });

  test('the platform has the names of Go, as that of kubectl', async () => {
    const nodejs = { version: 'v26.10.0', arch: 'x64', isExecutable: true } as const;
    const { stdout } = await version(['-o', 'json'], { platform: WINDOWS, nodejs });
    assert.equal(parseVersion(stdout).clientVersion.platform, 'windows/amd64');
    assert.equal(parseVersion(stdout).clientVersion.executable, true);
  });

  test('no variable changes it', async () => {
    const { stdout } = await version([], { env: { KUBECTL_TRACE_OUTPUT: 'json' } });
    assert.equal(stdout, 'kubectl-trace v0.12.3\n');
  });

  for (const [args, message] of [
    [['-o', 'wide'], "error: --output must be 'yaml' or 'json'\n"],
    [['--output=JSON'], "error: --output must be 'yaml' or 'json'\n"],
    [
      ['--client=false'],
      'error: version is that of kubectl trace, and no server has one\n' +
        'hint: the versions of kubectl and of the API server: kubectl version\n',
    ],
    [['nodes'], 'error: unexpected argument "nodes"\n'],
  ] as const) {
    test(`${args.join(' ')} is refused`, async () => {
      assert.deepEqual(await version(args), { code: 2, stdout: '', stderr: message });
    });
  }
});
