import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { replacePipe } from '../../../src/proxy/awaited-file.ts';
import { folderOf } from '../kube/folder.ts';

async function pipeOf(context: TestContext): Promise<string> {
  const path = join(await folderOf(context, {}), 'file');
  execFileSync('mkfifo', [path]);
  return path;
}

test('awaited file: who waits gets the text and its end, who comes later a file', async (context) => {
  const path = await pipeOf(context);
  const waiting = readFile(path, 'utf8');
  const file = replacePipe(path, 'text');
  assert.equal(await waiting, 'text');
  assert.equal(readFileSync(path, 'utf8'), 'text');
  assert.ok(statSync(path).isFile());
  assert.equal(statSync(path).mode & 0o777, 0o600);
  file.close();
});

test('awaited file: who has found the pipe and opens it only later gets the text too', async (context) => {
  const path = await pipeOf(context);
  const file = replacePipe(path, 'text');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(await readFile(`${path}.pipe`, 'utf8'), 'text');
  file.close();
});

test('awaited file: a text that is longer than the pipe arrives complete', async (context) => {
  const path = await pipeOf(context);
  const text = 'kubeconfig '.repeat(100_000);
  const waiting = readFile(path, 'utf8');
  const file = replacePipe(path, text);
  assert.equal(await waiting, text);
  file.close();
});

test('awaited file: a reader that ends early is no error', async (context) => {
  const path = await pipeOf(context);
  const file = replacePipe(path, 'kubeconfig '.repeat(100_000));
  const reader = spawn('head', ['-c', '1', `${path}.pipe`], { stdio: 'ignore' });
  assert.deepEqual(await once(reader, 'exit'), [0, null]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  file.close();
});
