import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { install } from '../../../../src/commands/completion/install.ts';
import { TraceCommandError } from '../../../../src/errors.ts';
import { HERE } from '../../../support/platforms.ts';

const skip = process.platform === 'win32' ? 'kubectl runs no shell script on Windows' : false;

let folder: string;
let beside: string;
let other: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-install-'));
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  [beside, other] = [join(folder, 'beside'), join(folder, 'other')];
  for (const path of [beside, other]) mkdirSync(path);
  writeFileSync(join(beside, 'kubectl-trace'), '#!/bin/sh\nprintf "%s," "$@"\n', { mode: 0o755 });
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The installation of a plugin that was started as `startedAs`, with these folders on the PATH. */
function installed(
  path: readonly string[],
  startedAs = join(beside, 'kubectl-trace'),
  uid: number | undefined = process.geteuid?.(),
): Promise<string> {
  const plugin = startedAs.replace(/^.*\//, '');
  return install(plugin, { env: { PATH: path.join(':') }, cwd: folder, platform: HERE, uid, startedAs });
}

const refused = (reason: string, hint: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TraceCommandError);
  assert.equal(error.reason, reason);
  assert.match(error.hint ?? '', hint);
  return true;
};

const SHIM = 'kubectl_complete-trace';

suite('completion --install', { skip }, () => {
  test('writes a program beside the plugin that runs it with all words, and says where and what comes next', async () => {
    const message = await installed([other, beside]);
    const file = join(beside, SHIM);
    assert.equal(message.split('\n')[0], `wrote ${file}`);
    assert.match(message, /^next: press Tab behind "kubectl trace "; .*\(kubectl completion --help\)$/m);
    assert.equal(statSync(file).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(beside).toSorted(), ['kubectl-trace', SHIM]);
    const printed = execFileSync(file, ['get', "a 'b", ''], { env: { PATH: `${beside}:/usr/bin:/bin` } });
    assert.equal(printed.toString(), "__complete,get,a 'b,,");
  });

  test('has the name that kubectl looks for where the plugin has another name', async () => {
    for (const [plugin, file] of [
      ['kubectl-api_trace', 'kubectl_complete-api_trace'],
      ['kubectl-net-trace', 'kubectl_complete-net-trace'],
    ] as const) {
      await installed([beside], join(beside, plugin));
      assert.match(readFileSync(join(beside, file), 'utf8'), new RegExp(`^exec ${plugin} __complete "\\$@"$`, 'm'));
    }
  });

  test('finds the folder of a plugin that was started by its name', async () => {
    await installed([other, beside], 'kubectl-trace');
    assert.ok(existsSync(join(beside, SHIM)));
  });

  test('takes another folder of the PATH where kubectl would not look beside the plugin', async () => {
    assert.equal(
      (await installed(['relative', join(folder, 'missing'), other])).split('\n')[0],
      `wrote ${join(other, SHIM)}`,
    );
  });

  test('takes no folder in which another user could replace the file', async () => {
    chmodSync(beside, 0o777);
    assert.equal((await installed([beside, other])).split('\n')[0], `wrote ${join(other, SHIM)}`);
  });

  test("takes krew's folder only where krew has its own receipt there: without one and without a plugin it would not run", async () => {
    const krew = join(folder, 'krew');
    for (const path of ['bin', 'receipts']) mkdirSync(join(krew, path), { recursive: true });
    const plugin = join(krew, 'bin', 'kubectl-trace');
    assert.equal((await installed([join(krew, 'bin'), other], plugin)).split('\n')[0], `wrote ${join(other, SHIM)}`);
    rmSync(join(other, SHIM));
    writeFileSync(join(krew, 'receipts', 'krew.yaml'), '');
    const message = await installed([join(krew, 'bin'), other], plugin);
    assert.equal(message.split('\n')[0], `wrote ${join(krew, 'bin', SHIM)}`);
  });

  test('says what to do where no folder can be written', async () => {
    await assert.rejects(installed(['relative', '']), refused('NoFolder', /put a folder of your own on the PATH/));
  });

  test('leaves its own file as it is, and replaces that of another version', async () => {
    await installed([beside]);
    const file = join(beside, SHIM);
    assert.equal((await installed([other, beside])).split('\n')[0], `found ${file}`);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}# of another version\n`);
    assert.equal((await installed([other, beside])).split('\n')[0], `wrote ${file}`);
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.deepEqual(readdirSync(other), []);
  });

  test('never replaces the file of another program, in any folder that kubectl looks in', async () => {
    const text = '#!/bin/sh\nexec something else\n';
    writeFileSync(join(other, SHIM), text, { mode: 0o755 });
    await assert.rejects(installed([beside, other]), refused('FileExists', /rm \S*other\/kubectl_complete-trace$/));
    assert.equal(readFileSync(join(other, SHIM), 'utf8'), text);
    assert.deepEqual(readdirSync(beside), ['kubectl-trace']);
  });

  test('never replaces a file that cannot be run, nor a link', async () => {
    const target = join(folder, 'target');
    writeFileSync(target, 'text');
    symlinkSync(target, join(beside, SHIM));
    await assert.rejects(installed([beside]), refused('FileExists', /rm /));
    rmSync(join(beside, SHIM));
    mkdirSync(join(beside, SHIM));
    await assert.rejects(installed([beside]), refused('FileExists', /rm /));
    assert.equal(readFileSync(target, 'utf8'), 'text');
  });
});

test('completion --install says what is possible on Windows', async () => {
  await assert.rejects(
    install('kubectl-trace', { env: { PATH: '/usr/bin' }, cwd: '/', platform: HERE, uid: undefined }),
    refused('NotAvailable', /kubectl trace completion powershell \| Out-String \| Invoke-Expression$/),
  );
});
