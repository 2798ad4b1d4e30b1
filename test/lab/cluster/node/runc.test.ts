import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runcPath } from './runc.ts';

/** An environment with an empty cache and, on its PATH, only the programs given by their scripts. */
async function environment(t: TestContext, programs: Record<string, string> = {}): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-runc-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'bin'));
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'bin', name), 0o755);
  }
  return { HOME: folder, PATH: join(folder, 'bin') };
}

const silent = (): void => {};
// In place of apt-get and dpkg: what is tested is what happens around them.
const download = 'case "$*" in *download*) : >runc_1.1.5_amd64.deb;; esac';
const unpack = '/bin/mkdir -p "$3/usr/sbin"; : >"$3/usr/sbin/runc"';

test('a named runc is used, and a missing one is an error', async (t) => {
  const env = await environment(t, { runc: '', mine: '' });
  const mine = join(env['PATH']!, 'mine');
  assert.equal(await runcPath({ ...env, KUBECTL_TRACE_TEST_RUNC: mine }, silent), mine);
  await assert.rejects(
    runcPath({ ...env, KUBECTL_TRACE_TEST_RUNC: '/nowhere/runc' }, silent),
    /KUBECTL_TRACE_TEST_RUNC names \/nowhere\/runc, which does not exist/,
  );
});

test('an installed runc is preferred to a downloaded one', async (t) => {
  const env = await environment(t, { runc: '' });
  assert.equal(await runcPath(env, silent), join(env['PATH']!, 'runc'));
});

test("Debian's runc is downloaded once, and only it stays in the cache", async (t) => {
  const env = await environment(t, { 'apt-get': download, dpkg: unpack });
  const lines: string[] = [];
  const path = await runcPath(env, (line) => void lines.push(line));
  assert.ok(existsSync(path));
  assert.match(lines.join('\n'), /^fetching Debian's runc \(once, cached in .*\)$/);
  lines.length = 0;
  assert.equal(await runcPath(env, (line) => void lines.push(line)), path);
  assert.deepEqual(lines, []);
  const cache = join(env['HOME']!, '.cache', 'kubectl-trace', 'servers');
  assert.deepEqual(await readdir(cache), [`runc-debian-${process.arch}`]);
});

test('if the download fails, the error says what was tried', async (t) => {
  const env = await environment(t, { 'apt-get': 'echo no network >&2; exit 100' });
  await assert.rejects(runcPath(env, silent), /no runc on the PATH, and Debian's could not be fetched: .*no network/s);
});
