import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { cachedExecutable, withLock } from './cache.ts';
import { serversOf } from './versions.ts';

const servers = serversOf();

async function lockPath(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-lock-'));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, 'lock');
}

const never = new AbortController().signal;
const unexpected = (): void => assert.fail('nobody else should hold the lock');

test('the lock file holds the process ID during the work, and is removed after it', async (t) => {
  const path = await lockPath(t);
  const text = await withLock(path, () => readFile(path, 'utf8'), unexpected, never);
  assert.equal(text, `${process.pid}\n`);
  assert.deepEqual(await readdir(join(path, '..')), []);
});

test('failed work releases the lock', async (t) => {
  const path = await lockPath(t);
  await assert.rejects(
    withLock(path, () => Promise.reject(new Error('broken')), unexpected, never),
    /broken/,
  );
  assert.ok(!existsSync(path));
});

test("a dead process's lock is taken over", async (t) => {
  const path = await lockPath(t);
  const { pid } = spawnSync(process.execPath, ['--version']);
  await writeFile(path, `${pid}\n`);
  assert.equal(await withLock(path, () => Promise.resolve('done'), unexpected, never), 'done');
});

test('the lock of a live process is waited for, and the wait can be aborted', async (t) => {
  const path = await lockPath(t);
  await writeFile(path, `${process.ppid}\n`);
  const abort = new AbortController();
  const holders: number[] = [];
  const waiting = (holder: number): void => {
    holders.push(holder);
    abort.abort();
  };
  await assert.rejects(
    withLock(path, () => assert.fail('worked without the lock'), waiting, abort.signal),
    { name: 'AbortError' },
  );
  assert.deepEqual(holders, [process.ppid]);
  assert.equal(await readFile(path, 'utf8'), `${process.ppid}\n`);
});

test('the cache is named by version and platform, in XDG_CACHE_HOME or else in the home folder', async () => {
  const [server] = servers.filter(({ name }) => name === 'etcd');
  const path = await cachedExecutable(server!, { XDG_CACHE_HOME: '/cache' });
  const key = `etcd-${server!.version}-${process.platform}-${process.arch}-[0-9a-f]{12}`;
  assert.match(path, new RegExp(`^/cache/kubectl-trace/servers/${key}/etcd`));
  assert.ok((await cachedExecutable(server!, { HOME: '/home/ada' })).startsWith('/home/ada/.cache/kubectl-trace/'));
});

test('other linker flags make another executable', async () => {
  const env = { XDG_CACHE_HOME: '/cache' };
  const [server] = servers;
  assert.notEqual(await cachedExecutable(server!, env), await cachedExecutable({ ...server!, ldflags: '' }, env));
});
