import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runKubectl } from '../../../src/process/kubectl.ts';
import { HERE } from '../../support/platforms.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-kubectl-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

const env = (): Record<string, string> => ({ PATH: `${folder}:/usr/bin:/bin`, FOLDER: folder });

/** A program in kubectl's place. */
function kubectlIs(script: string): void {
  writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

const LATER = 60_000;

const kubectl = (args: readonly string[], untilMillis: number, environment: Record<string, string>) =>
  runKubectl(join(folder, 'kubectl'), args, { untilMillis, env: environment, platform: HERE });

suite('kubectl for completion', { skip: process.platform === 'win32' ? 'needs a shell' : false }, () => {
  test('gets its arguments and this environment, and returns its standard output', async () => {
    kubectlIs('printf "%s," "$@" "$MORE"');
    const output = await kubectl(['__complete', 'get', ''], performance.now() + LATER, { ...env(), MORE: 'more' });
    assert.equal(output, '__complete,get,,more,');
  });

  test('has no standard input, no controlling terminal and its own session, so that nothing can prompt', async () => {
    kubectlIs('cat; if (: < /dev/tty) 2>/dev/null; then echo terminal; fi; ps -o sid= -p $$; echo $$');
    const output = await kubectl([], performance.now() + LATER, env());
    const [session = '', pid = ''] = (output ?? '').trim().split(/\s+/);
    assert.match(pid, /^\d+$/);
    assert.equal(session, pid);
  });

  test('returns nothing where it fails, where it does not exist, and where it prints without an end', async () => {
    kubectlIs('echo web; exit 1');
    assert.equal(await kubectl([], performance.now() + LATER, env()), undefined);
    kubectlIs('exec yes');
    assert.equal(await kubectl([], performance.now() + LATER, env()), undefined);
    rmSync(join(folder, 'kubectl'));
    assert.equal(await kubectl([], performance.now() + LATER, { PATH: folder }), undefined);
  });

  test('is ended when it is too late, with all that it started', async () => {
    // What it starts, as a credential plugin, holds its standard output open.
    kubectlIs('sleep 600 & echo $! > "$FOLDER/new"; mv "$FOLDER/new" "$FOLDER/pid"; wait');
    for (let millis = 250; !existsSync(join(folder, 'pid')); millis *= 2) {
      assert.equal(await kubectl([], performance.now() + millis, env()), undefined);
    }
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    while (isRunning(pid)) await sleep(20);
  });
});

/** A process that has ended and was not waited for yet is a zombie, Z. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
