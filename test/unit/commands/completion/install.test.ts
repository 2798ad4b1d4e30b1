import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
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
import { packagedTextFor, textFor } from '../../../../src/commands/completion/shim.ts';
import { uninstall } from '../../../../src/commands/completion/uninstall.ts';
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
      symlinkSync(join(beside, 'kubectl-trace'), join(beside, plugin));
      await installed([beside], join(beside, plugin));
      assert.match(readFileSync(join(beside, file), 'utf8'), new RegExp(`^exec ${plugin} __complete "\\$@"$`, 'm'));
    }
  });

  test('finds the folder of a plugin that was started by its name', async () => {
    await installed([other, beside], 'kubectl-trace');
    assert.ok(existsSync(join(beside, SHIM)));
  });

  test('refuses where kubectl would not find the plugin, and writes nothing', async () => {
    const refusal = refused('NotOnPath', /^put it on the PATH: export PATH="\$PATH:"\S*\/beside$/);
    await assert.rejects(installed(['relative', join(folder, 'missing'), other]), refusal);
    await assert.rejects(installed([other], 'kubectl-trace'), refused('NotOnPath', /^put its folder on the PATH$/));
    chmodSync(join(beside, 'kubectl-trace'), 0o644);
    await assert.rejects(installed([beside]), refusal);
    assert.deepEqual([readdirSync(other), readdirSync(beside)], [[], ['kubectl-trace']]);
  });

  test('says which program is completed where the PATH has another one', async () => {
    const note = `note: the PATH leads to another file, which is the one that is completed: ${join(beside, 'kubectl-trace')}`;
    const started = join(other, 'kubectl-trace');
    symlinkSync(join(beside, 'kubectl-trace'), started);
    assert.ok(!(await installed([beside], started)).includes('note:'), 'a link to the same program');
    rmSync(started);
    writeFileSync(started, '', { mode: 0o755 });
    assert.equal((await installed([beside], started)).split('\n')[1], note);
  });

  test('takes no folder in which another user could replace the file', async () => {
    chmodSync(beside, 0o777);
    assert.equal((await installed([beside, other])).split('\n')[0], `wrote ${join(other, SHIM)}`);
  });

  test("takes krew's folder only where krew has its own receipt there: without one and without a plugin it would not run", async () => {
    const krew = join(folder, 'krew');
    for (const path of ['bin', 'receipts']) mkdirSync(join(krew, path), { recursive: true });
    const plugin = join(krew, 'bin', 'kubectl-trace');
    symlinkSync(join(beside, 'kubectl-trace'), plugin);
    assert.equal((await installed([join(krew, 'bin'), other], plugin)).split('\n')[0], `wrote ${join(other, SHIM)}`);
    rmSync(join(other, SHIM));
    writeFileSync(join(krew, 'receipts', 'krew.yaml'), '');
    const message = await installed([join(krew, 'bin'), other], plugin);
    assert.equal(message.split('\n')[0], `wrote ${join(krew, 'bin', SHIM)}`);
  });

  test('says what to do where no folder can be written', async () => {
    chmodSync(beside, 0o777);
    await assert.rejects(
      installed(['relative', '', beside]),
      refused('NoFolder', /put a folder of your own on the PATH/),
    );
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

  test('lets its own file be executed again, which kubectl would not see otherwise', async () => {
    await installed([beside]);
    const file = join(beside, SHIM);
    chmodSync(file, 0o644);
    assert.equal((await installed([beside])).split('\n')[0], `wrote ${file}`);
    assert.equal(statSync(file).mode & 0o777, 0o755);
  });

  test('can be executed by all users, whatever the umask', async () => {
    const usual = process.umask(0o077);
    try {
      await installed([beside]);
    } finally {
      process.umask(usual);
    }
    assert.equal(statSync(join(beside, SHIM)).mode & 0o777, 0o755);
  });

  test('finds the file of a package, and that behind a link, as Homebrew makes it', async () => {
    const file = join(beside, SHIM);
    for (const text of [packagedTextFor('kubectl-trace'), textFor('kubectl-trace')]) {
      const cellar = join(folder, 'cellar');
      writeFileSync(cellar, text, { mode: 0o755 });
      symlinkSync(cellar, file);
      assert.equal((await installed([beside])).split('\n')[0], `found ${file}`);
      assert.ok(lstatSync(file).isSymbolicLink());
      rmSync(file);
      rmSync(cellar);
    }
    writeFileSync(file, packagedTextFor('kubectl-trace'), { mode: 0o755 });
    assert.equal((await installed([beside])).split('\n')[0], `found ${file}`);
    assert.equal(readFileSync(file, 'utf8'), packagedTextFor('kubectl-trace'));
  });

  for (const [what, make, message, hint] of [
    ['a folder', (path: string) => mkdirSync(path), /_complete-trace is a folder$/, /^rename it, and try again/],
    [
      'a link that leads nowhere',
      (path: string) => symlinkSync('/none/there', path),
      /is a link to \/none\/there, which does not exist$/,
      /^remove it first: rm /,
    ],
    [
      'a link to another program',
      (path: string) => symlinkSync('/bin/sh', path),
      /is a link to \/bin\/sh, which is another program$/,
      /^remove it first: rm /,
    ],
    [
      'a link to a folder',
      (path: string) => symlinkSync('/', path),
      /is a link to \/, which is another program$/,
      /^remove it first: rm /,
    ],
    [
      'a file of another program that cannot be run',
      (path: string) => writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 }),
      /exists, and another program wrote it$/,
      /^to replace it, remove it first: rm /,
    ],
  ] as const) {
    test(`never replaces ${what}, and says so`, async () => {
      const path = join(beside, SHIM);
      make(path);
      const found = lstatSync(path);
      await assert.rejects(installed([beside]), (error: unknown) => {
        assert.match((error as Error).message, message);
        return refused('FileExists', hint)(error);
      });
      assert.equal(lstatSync(path).ino, found.ino);
    });
  }
});

suite('completion --uninstall', { skip }, () => {
  const uninstalled = (path: readonly string[]): Promise<string> =>
    uninstall('kubectl-trace', {
      env: { PATH: path.join(':') },
      cwd: folder,
      platform: HERE,
      uid: process.geteuid?.(),
    });

  test('removes what --install wrote, from each folder of the PATH, and says so', async () => {
    await installed([beside]);
    const file = join(beside, SHIM);
    writeFileSync(join(other, SHIM), `${readFileSync(file, 'utf8')}# of another version\n`, { mode: 0o644 });
    const files = [join(other, SHIM), file];
    assert.equal(
      await uninstalled([other, 'relative', beside, beside]),
      files.map((one) => `removed ${one}\n`).join(''),
    );
    assert.deepEqual([readdirSync(beside), readdirSync(other)], [['kubectl-trace'], []]);
    assert.equal(await uninstalled([other, beside]), `no ${SHIM} is on the PATH: nothing to remove\n`);
  });

  test('leaves the file of another program, of a package and of another plugin', async () => {
    writeFileSync(join(beside, SHIM), '#!/bin/sh\nexec something else\n', { mode: 0o755 });
    writeFileSync(join(other, SHIM), packagedTextFor('kubectl-trace'), { mode: 0o755 });
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    symlinkSync(join(other, SHIM), join(linked, SHIM));
    writeFileSync(join(linked, 'kubectl_complete-api_trace'), textFor('kubectl-api_trace'), { mode: 0o755 });
    const present = [beside, other, linked].map((path) => readdirSync(path));
    assert.equal(
      await uninstalled([beside, other, linked]),
      `left ${join(beside, SHIM)}: completion --install did not write it\n` +
        `left ${join(other, SHIM)}: it goes with its package\nleft ${join(linked, SHIM)}: it goes with its package\n`,
    );
    assert.deepEqual(
      [beside, other, linked].map((path) => readdirSync(path)),
      present,
    );
  });

  const isRoot = process.geteuid?.() === 0 ? 'root may remove every file' : false;
  test('says so where a file cannot be removed', { skip: isRoot }, async () => {
    await installed([beside]);
    chmodSync(beside, 0o555);
    await assert.rejects(uninstalled([beside]), refused('CannotRemove', /as the user who may write to its folder/));
    chmodSync(beside, 0o755);
  });
});

test('completion --install and --uninstall say what is possible on Windows', async () => {
  for (const change of [install, uninstall]) {
    await assert.rejects(
      change('kubectl-trace', { env: { PATH: '/usr/bin' }, cwd: '/', platform: HERE, uid: undefined }),
      refused('NotAvailable', /kubectl trace completion powershell \| Out-String \| Invoke-Expression$/),
    );
  }
});
