import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { completionData } from '../../src/commands/complete/data.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { printCompletion } from '../../src/complete.ts';
import { epochNanos } from '../../src/trace/time.ts';
import { HERE } from '../support/platforms.ts';

/** Completes the types of `get`, which come from kubectl. */
async function completeTypes(
  PATH: string,
  timeout = '1m',
): Promise<{ readonly files: readonly string[]; readonly text: string }> {
  const files: string[] = [];
  let text = '';
  await printCompletion(['__complete', 'get', ''], completionData(COMMANDS), {
    cwd: '/',
    env: { PATH, KUBECTL_TRACE_COMPLETION_TIMEOUT: timeout },
    home: '/none',
    platform: HERE,
    uid: process.geteuid?.(),
    now: epochNanos(0n),
    out: { write: (written) => void (text += written) },
    listNames: async () => undefined,
    runKubectl: async (file) => {
      files.push(file);
      return 'pods\n:4\n';
    },
  });
  return { files, text };
}

test('kubectl is run by the path that a look-up gives, which is never below the current directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-complete-'));
  try {
    assert.deepEqual(await completeTypes(folder), { files: [], text: ':4\n' });
    writeFileSync(join(folder, 'kubectl'), '', { mode: 0o755 });
    assert.deepEqual(await completeTypes(folder), { files: [join(folder, 'kubectl')], text: 'pods\n:4\n' });
    assert.deepEqual(await completeTypes('.'), { files: [], text: ':4\n' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('kubectl is not started when the time is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-complete-'));
  try {
    writeFileSync(join(folder, 'kubectl'), '', { mode: 0o755 });
    assert.deepEqual(await completeTypes(folder, '1ms'), { files: [], text: ':4\n' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
