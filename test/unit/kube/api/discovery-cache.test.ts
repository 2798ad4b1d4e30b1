import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, chown, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDiscoveryCache } from '../../../../src/kube/api/discovery-cache.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import type { Clock } from '../../../../src/runtime.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { NEEDS_ROOT, OTHER_UID } from '../../../support/other-user.ts';
import { folderOf } from '../folder.ts';

const server = 'https://127.0.0.1:6443';
const types: ResourceType[] = [
  {
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    kind: 'Deployment',
    singular: 'deployment',
    namespaced: true,
    shortNames: ['deploy'],
    categories: ['all'],
    verbs: ['get', 'list'],
  },
  {
    group: '',
    version: 'v1',
    resource: 'nodes',
    kind: 'Node',
    singular: 'node',
    namespaced: false,
    shortNames: [],
    categories: [],
    verbs: [],
  },
];

const start = 1_795_000_000_000_000_000n;
const hours = (count: number): bigint => BigInt(count * 3_600_000) * 1_000_000n;
const clockAt = (now: bigint): Clock => ({ now: () => epochNanos(now), sleep: () => Promise.resolve() });

const WORLD = { env: {}, home: '/nowhere', clock: clockAt(start) };

function open(cacheDir: string, { now = start, of = server } = {}) {
  return openDiscoveryCache({ cacheDir }, of, {
    env: {},
    home: '/nowhere',
    clock: clockAt(now),
    uid: process.geteuid?.(),
  });
}

const file = (cacheDir: string): string => join(cacheDir, 'kubectl-trace/discovery/127.0.0.1_6443.json');

test('what was written is read again, by the owner alone, and nothing else is left', async (context) => {
  const folder = await folderOf(context);
  await open(folder).write(types);
  assert.deepEqual(await open(folder).read(), types);
  assert.equal((await stat(file(folder))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(folder, 'kubectl-trace/discovery')), ['127.0.0.1_6443.json']);
});

test('it is too old after six hours, and wrong when it is from the future', async (context) => {
  const folder = await folderOf(context);
  await open(folder).write(types);
  assert.deepEqual(await open(folder, { now: start + hours(6) }).read(), types);
  assert.equal(await open(folder, { now: start + hours(6) + 1_000_000n }).read(), undefined);
  assert.equal(await open(folder, { now: start - hours(1) }).read(), undefined);
});

test('another server with the same file name has another cache', async (context) => {
  const folder = await folderOf(context);
  await open(folder).write(types);
  assert.equal(await open(folder, { of: 'https://127.0.0.1_6443' }).read(), undefined);
});

for (const [what, text] of [
  ['empty', ''],
  ['half', '{"format":1,"server":"https://127.0.0.1:6443","types":[["apps"'],
  ['not ours', '[]'],
  ['of rows that are too short', `{"format":1,"server":"${server}","writtenMillis":1795000000000,"types":[["apps"]]}`],
  ['of rows that are none', `{"format":1,"server":"${server}","writtenMillis":1795000000000,"types":[null]}`],
] as const) {
  test(`a file that is ${what} is as none`, async (context) => {
    const folder = await folderOf(context);
    await open(folder).write(types);
    await writeFile(file(folder), text);
    assert.equal(await open(folder).read(), undefined);
  });
}

test('a file that another user may have written is as none', { skip: NEEDS_ROOT }, async (context) => {
  const folder = await folderOf(context);
  await open(folder).write(types);
  await chown(file(folder), OTHER_UID, OTHER_UID);
  assert.equal(await open(folder).read(), undefined);
  await chown(file(folder), 0, 0);
  await chmod(file(folder), 0o644);
  assert.deepEqual(await open(folder).read(), types);
  const other = openDiscoveryCache({ cacheDir: folder }, server, { ...WORLD, uid: OTHER_UID });
  assert.deepEqual(await other.read(), types, 'the file of root');
  await chmod(file(folder), 0o666);
  assert.equal(await open(folder).read(), undefined);
});

test('a pipe is as none, and is not waited for', async (context) => {
  const folder = await folderOf(context);
  await open(folder).write(types);
  await rm(file(folder));
  execFileSync('mkfifo', ['-m', '600', file(folder)]);
  assert.equal(await open(folder).read(), undefined);
});

test('a folder that cannot be made is no error', async (context) => {
  const folder = await folderOf(context, { 'kubectl-trace': 'a file where the folder should be' });
  await open(folder).write(types);
  assert.equal(await open(folder).read(), undefined);
  assert.match(await readFile(join(folder, 'kubectl-trace'), 'utf8'), /a file/);
});

test('KUBECACHEDIR is used without --cache-dir', async (context) => {
  const folder = await folderOf(context);
  const runtime = { env: { KUBECACHEDIR: folder }, home: '/nowhere', clock: clockAt(start) };
  await openDiscoveryCache({}, server, runtime).write(types);
  assert.equal((await stat(file(folder))).isFile(), true);
});
