import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeFolder, type FolderContent } from '../../../src/proxy/folder.ts';
import { kubeconfigText } from '../../../src/proxy/kubeconfig.ts';
import { testRuntime } from '../kube/fixture.ts';
import { folderOf } from '../kube/folder.ts';

const content = (kubectlCache: string): FolderContent => ({
  kubeconfig: 'text',
  url: 'https://127.0.0.1:41234',
  server: 'https://kube.example:6443/k8s/c-1',
  kubectlCache,
});

function setTemporary(context: TestContext, folder: string): void {
  const before = process.env['TMPDIR'];
  context.after(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });
  process.env['TMPDIR'] = folder;
}

test('folder: only its owner can read it, and it is removed', async (context) => {
  const cache = await folderOf(context, {});
  const folder = makeFolder(testRuntime({ env: process.env }));
  folder.write(content(cache));
  assert.equal(readFileSync(folder.kubeconfig, 'utf8'), 'text');
  assert.equal(statSync(folder.kubeconfig).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(folder.kubeconfig)).mode & 0o777, 0o700);
  // kubectl finds what it has stored under the server's own name.
  const link = join(folder.cache, 'discovery', '127.0.0.1_41234');
  assert.equal(readlinkSync(link), join(cache, 'discovery', 'kube.example_6443', 'k8s', 'c_1'));
  folder.remove();
  assert.ok(!existsSync(dirname(folder.kubeconfig)));
  assert.ok(existsSync(join(cache, 'discovery', 'kube.example_6443')), 'what kubectl has stored stays');
});

test('folder: where it cannot be made, the error says why and what to do', async (context) => {
  const cache = await folderOf(context, {});
  setTemporary(context, join(cache, 'none'));
  assert.throws(() => makeFolder(testRuntime({ env: process.env })), {
    name: 'UsageError',
    exitCode: 2,
    message: `cannot write a temporary kubeconfig in ${join(cache, 'none')}: no such file or directory`,
    hint: 'set TMPDIR to a folder that can be written; the command was not run',
  });
});

test('folder: nothing is left where its files cannot be written', async (context) => {
  const cache = await folderOf(context, {});
  const temporary = join(cache, 'tmp');
  mkdirSync(temporary);
  setTemporary(context, temporary);
  const full = {
    ...content(cache),
    // Read between the first file and the last.
    get server(): string {
      throw Object.assign(new Error('ENOSPC: no space left on device, mkdir'), { code: 'ENOSPC' });
    },
  };
  const folder = makeFolder(testRuntime({ env: process.env }));
  assert.throws(() => folder.write(full), {
    exitCode: 2,
    message: `cannot write a temporary kubeconfig in ${temporary}: no space left on device`,
  });
  assert.deepEqual(readdirSync(temporary), []);
});

test('folder: it is removed when this process is killed', async (context) => {
  const cache = await folderOf(context, {});
  const program = fileURLToPath(new URL('programs/killed.ts', import.meta.url));
  const child = spawn(process.execPath, [program, cache], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [path] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const [, signal] = (await once(child, 'exit')) as [null, string];
  assert.equal(signal, 'SIGKILL');
  while (existsSync(dirname(path.trim()))) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('folder: its kubeconfig is a named pipe until it is written, and it is removed with that', async (context) => {
  const cache = await folderOf(context, {});
  const folder = makeFolder(testRuntime({ env: process.env }), { isAwaited: true });
  assert.equal(await folder.isAwaited, true);
  assert.ok(statSync(folder.kubeconfig).isFIFO());
  assert.equal(statSync(folder.kubeconfig).mode & 0o777, 0o600);
  const reader = spawn('cat', [folder.kubeconfig], { stdio: ['ignore', 'pipe', 'inherit'] });
  folder.write(content(cache));
  assert.deepEqual(await once(reader.stdout.setEncoding('utf8'), 'data'), ['text']);
  assert.equal(readFileSync(folder.kubeconfig, 'utf8'), 'text');
  assert.equal(folder.hasChanged(), false);
  folder.remove();
  assert.ok(!existsSync(dirname(folder.kubeconfig)));
});

test('folder: without a program that makes named pipes there is none', async () => {
  const folder = makeFolder(testRuntime({ env: { PATH: '/none' } }), { isAwaited: true });
  assert.equal(await folder.isAwaited, false);
  folder.remove();
});

test("folder: a kubeconfig with one context, with the names and settings of the user's own", () => {
  const access = { url: 'https://127.0.0.1:1', certificate: 'PEM', token: 'secret' };
  const read = (compressed: boolean): Record<string, unknown> =>
    JSON.parse(
      kubeconfigText(access, {
        name: 'staging: "1"',
        cluster: 'one',
        user: 'jane',
        namespace: 'shop',
        compressed,
      }),
    ) as Record<string, unknown>;
  const config = read(true);
  assert.equal(config['current-context'], 'staging: "1"');
  assert.deepEqual(config['contexts'], [
    { name: 'staging: "1"', context: { cluster: 'one', user: 'jane', namespace: 'shop' } },
  ]);
  assert.deepEqual(config['clusters'], [
    { name: 'one', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'UEVN' } },
  ]);
  assert.match(JSON.stringify(read(false)['clusters']), /"disable-compression":true/);
});
