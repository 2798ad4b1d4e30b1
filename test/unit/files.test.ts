import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFile as readWhole, readOwnFile, replaceFile } from '../../src/files.ts';

suite('a file that is replaced', () => {
  test('is its owner’s alone, in a folder that is made for it', async (t) => {
    const folder = await temporary(t.after.bind(t));
    const path = join(folder, 'a', 'b.json');
    await replaceFile(path, 'new');
    assert.equal(await readFile(path, 'utf8'), 'new');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(folder, 'a'))).mode & 0o777, 0o700);
  });

  test('has its new text, and mode 0600, if other users could read the old one', async (t) => {
    const folder = await temporary(t.after.bind(t));
    const path = join(folder, 'b.json');
    await writeFile(path, 'a much longer old text', { mode: 0o644 });
    await replaceFile(path, 'new');
    assert.equal(await readFile(path, 'utf8'), 'new');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test('is complete at every moment, however many replace it', async (t) => {
    const folder = await temporary(t.after.bind(t));
    const path = join(folder, 'c.json');
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
    await replaceFile(path, texts[0] ?? '');
    const writing = Promise.all(texts.map((text) => replaceFile(path, text)));
    for (let looks = 0; looks < 50; looks++) assert.ok(texts.includes(await readFile(path, 'utf8')));
    await writing;
    assert.deepEqual(await readdir(folder), ['c.json']);
  });

  test('stays as it was where it cannot be replaced, and nothing is left beside it', async (t) => {
    const folder = await temporary(t.after.bind(t));
    // What cannot be renamed over, whoever runs this: a folder that is not empty.
    await replaceFile(join(folder, 'd.json', 'inside'), 'old');
    await assert.rejects(replaceFile(join(folder, 'd.json'), 'new'), { code: /^(EISDIR|ENOTEMPTY|EEXIST|EPERM)$/ });
    assert.deepEqual(await readdir(folder), ['d.json']);
  });
});

test('a pipe is read while everything else goes on', async (t) => {
  const folder = await temporary(t.after.bind(t));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reading = readWhole(pipe, 'utf8');
  await sleep(50);
  await writeFile(pipe, 'what came late');
  assert.equal(await reading, 'what came late');
});

test('a pipe in place of an own file is refused, and not waited for', async (t) => {
  const folder = await temporary(t.after.bind(t));
  const pipe = join(folder, 'own.json');
  execFileSync('mkfifo', ['-m', '600', pipe]);
  assert.throws(() => readOwnFile(pipe, process.geteuid?.()), /it is no regular file/);
});

async function temporary(after: (clean: () => Promise<void>) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-files-'));
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}
