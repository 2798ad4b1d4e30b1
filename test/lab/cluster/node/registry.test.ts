import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Registry } from './registry.ts';

const program = Buffer.from('#!/bin/sh\necho a program of an odd number of bytes\n');

async function started(t: TestContext): Promise<{ folder: string; url: (path: string) => string }> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-registry-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'program'), program);
  const registry = await Registry.start(join(folder, 'program'));
  t.after(() => registry.stop());
  return { folder, url: (path) => `http://127.0.0.1:${registry.port}${path}` };
}

interface Reference {
  readonly digest: string;
  readonly size: number;
}

test('an image can be pulled, and its layer holds the program', async (t) => {
  const { folder, url } = await started(t);
  const manifest = await fetch(url('/registry.test/v2/lab/manifests/1'));
  const text = await manifest.text();
  assert.equal(manifest.headers.get('docker-content-digest'), digest(Buffer.from(text)));
  const { config, layers } = JSON.parse(text) as { config: Reference; layers: Reference[] };
  const [layer] = layers as [Reference];
  const archive = await blob(url, layer);
  await writeFile(join(folder, 'layer.tar'), archive);
  execFileSync('tar', ['-xf', 'layer.tar'], { cwd: folder });
  assert.deepEqual(await readFile(join(folder, 'lab')), program);
  assert.equal(execFileSync(join(folder, 'lab'), { encoding: 'utf8' }), 'a program of an odd number of bytes\n');
  for (const name of ['tar', 'test']) assert.equal(await readlink(join(folder, 'bin', name)), '/lab');
  const { rootfs } = JSON.parse((await blob(url, config)).toString()) as { rootfs: { diff_ids: string[] } };
  assert.deepEqual(rootfs.diff_ids, [layer.digest]);
});

test('HEAD reports that an image exists without its content', async (t) => {
  const { url } = await started(t);
  const answer = await fetch(url('/registry.test/v2/pause/manifests/1'), { method: 'HEAD' });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), '');
  assert.ok(Number(answer.headers.get('content-length')) > 0);
});

test('any other image is unknown', async (t) => {
  const { url } = await started(t);
  for (const path of ['absent/manifests/1', 'lab/manifests/2', `lab/blobs/sha256:${'0'.repeat(64)}`]) {
    assert.equal((await fetch(url(`/registry.test/v2/${path}`))).status, 404, path);
  }
});

test('the private registry requires credentials from every client', async (t) => {
  const { url } = await started(t);
  const answer = await fetch(url('/private.test/v2/lab/manifests/1'));
  assert.equal(answer.status, 401);
  assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="private.test"');
});

async function blob(url: (path: string) => string, { digest: wanted, size }: Reference): Promise<Buffer> {
  const content = Buffer.from(await (await fetch(url(`/registry.test/v2/lab/blobs/${wanted}`))).arrayBuffer());
  assert.equal(content.length, size);
  assert.equal(digest(content), wanted);
  return content;
}

function digest(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
