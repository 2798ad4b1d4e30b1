import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDigest } from '../../../src/tracing/redaction.ts';
import { folderOf } from '../kube/folder.ts';
import { HERE } from '../../support/platforms.ts';

const at = (home: string) => ({ env: {}, home, platform: HERE, random: (size: number) => randomBytes(size) });
const keyFile = (home: string): string => join(home, '.local/state/kubectl-trace/redaction-key');

test('a text has the same digest in every command, by a key readable only by its owner', async (context) => {
  const home = await folderOf(context);
  const digest = await openDigest(at(home));
  assert.match(digest('web'), /^[0-9a-f]{6}$/);
  assert.notEqual(digest('web'), digest('db'));
  assert.equal((await openDigest(at(home)))('web'), digest('web'));
  assert.equal((await stat(keyFile(home))).mode & 0o777, 0o600);
});

test('different users have different digests', async (context) => {
  const [one, other] = [await openDigest(at(await folderOf(context))), await openDigest(at(await folderOf(context)))];
  assert.notEqual(one('web'), other('web'));
});

test('a damaged key is replaced, and without a storable key there are still digests', async (context) => {
  const home = await folderOf(context);
  await openDigest(at(home));
  await writeFile(keyFile(home), 'short');
  const digest = await openDigest(at(home));
  assert.equal((await openDigest(at(home)))('web'), digest('web'));
  assert.match((await openDigest(at('/dev/null')))('web'), /^[0-9a-f]{6}$/);
});

test('a key of another user, or one that others can read, is replaced', async (context) => {
  const home = await folderOf(context);
  const uid = process.geteuid?.() ?? 0;
  const before = (await openDigest({ ...at(home), uid }))('web');
  assert.equal((await openDigest({ ...at(home), uid }))('web'), before);
  await chmod(keyFile(home), 0o644);
  const next = (await openDigest({ ...at(home), uid }))('web');
  assert.notEqual(next, before);
  assert.equal((await stat(keyFile(home))).mode & 0o777, 0o600);
  assert.notEqual((await openDigest({ ...at(home), uid: uid + 1 }))('web'), next);
});
