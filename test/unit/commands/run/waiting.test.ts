import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startWaiting, type WaitingKubectl } from '../../../../src/commands/run/waiting.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { folderOf } from '../../kube/folder.ts';

const runtime = testRuntime({ env: process.env });
/** Node.js in the place of kubectl: it reads its kubeconfig, then writes it with a variable of its environment. */
const reads = (mark: string): string[] => {
  const { fs, text } = { fs: "require('node:fs')", text: 'process.env.TRACEPARENT' };
  const script = `const text = ${fs}.readFileSync(process.env.KUBECONFIG); ${fs}.writeFileSync(${JSON.stringify(mark)}, text + ${text});`;
  return [process.execPath, '-e', `${script} process.exitCode = 3;`];
};

async function start(context: TestContext, command: readonly string[]): Promise<WaitingKubectl> {
  const waiting = await startWaiting({ command, readsInput: false }, runtime);
  assert.ok(waiting !== undefined);
  context.after(() => waiting.abandon());
  return waiting;
}

test('waiting: a program waits for its kubeconfig', async (context) => {
  const folder = await folderOf(context, {});
  const mark = join(folder, 'mark');
  const waiting = await start(context, reads(mark));
  waiting.folder.write({
    kubeconfig: 'text',
    url: 'https://127.0.0.1:1',
    server: 'https://127.0.0.1:2',
    kubectlCache: folder,
  });
  assert.equal(await waiting.child.ended(), 3);
  assert.equal(readFileSync(mark, 'utf8'), `text00-${waiting.trace.traceID}-${waiting.trace.spanID}-01`);
  assert.equal(existsSync(dirname(waiting.folder.kubeconfig)), true);
  await waiting.abandon();
  assert.equal(existsSync(dirname(waiting.folder.kubeconfig)), false);
});

test('waiting: one that is given up has read and done nothing', async (context) => {
  const mark = join(await folderOf(context, {}), 'mark');
  const waiting = await start(context, reads(mark));
  assert.equal(await waiting.abandon(), undefined);
  assert.equal(existsSync(mark), false);
  assert.equal(existsSync(dirname(waiting.folder.kubeconfig)), false);
});

test('waiting: one that needs no kubeconfig ends with its own exit code', async (context) => {
  const waiting = await start(context, [process.execPath, '-e', 'process.exitCode = 4']);
  assert.equal(await waiting.child.ended(), 4);
  assert.equal(await waiting.abandon(), 4);
});

test('waiting: neither a script, nor a program that reads standard input, nor one that does not exist', async (context) => {
  const script = join(await folderOf(context, {}), 'kubectl');
  writeFileSync(script, '#!/bin/sh\n');
  chmodSync(script, 0o755);
  assert.equal(await startWaiting({ command: [script], readsInput: false }, runtime), undefined);
  assert.equal(await startWaiting({ command: [process.execPath], readsInput: true }, runtime), undefined);
  assert.equal(await startWaiting({ command: ['/none/kubectl'], readsInput: false }, runtime), undefined);
});

test('waiting: after an interrupt nothing is started', async () => {
  const interrupted = AbortSignal.abort(new Error('interrupted by SIGTERM'));
  const stopped = testRuntime({ env: process.env, interrupted });
  assert.equal(await startWaiting({ command: [process.execPath], readsInput: false }, stopped), undefined);
});

test('waiting: a program does not outlive this process', async () => {
  const program = fileURLToPath(new URL('programs/killed-waiting.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const { kubeconfig } = JSON.parse(line) as { readonly kubeconfig: string };
  while (existsSync(dirname(kubeconfig))) await new Promise((resolve) => setTimeout(resolve, 5));
  // It shares standard output with its child: the pipe ends when both have.
  if (!child.stdout.readableEnded) await once(child.stdout.resume(), 'end');
});
