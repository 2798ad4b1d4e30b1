import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packageJSON from '../../package.json' with { type: 'json' };
import { debOf, writeDeb } from '../../scripts/release/deb.ts';
import { makeExecutable } from '../../scripts/release/executable.ts';
import { ownTarget } from '../../scripts/release/targets.ts';
import { writeTexts } from '../../scripts/release/texts.ts';
import { inRoot, unlessNamespaces } from '../support/namespaces.ts';
import { StockRoot } from '../support/stock-root.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const hasDpkg = await run('dpkg-deb', ['--version']).then(
  () => true,
  () => false,
);
const skip =
  ownTarget === undefined
    ? 'the executable of this platform is made on Linux'
    : hasDpkg
      ? await unlessNamespaces()
      : 'needs dpkg';
const { version } = packageJSON;

/** dpkg says what is in it, and installs it. */
suite('the package for Debian and Ubuntu', { skip }, () => {
  let folder: string;
  let files: string;
  let deb: string;
  before(async () => {
    assert.ok(ownTarget);
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-deb-'));
    files = join(folder, 'files');
    mkdirSync(files);
    await makeExecutable(ownTarget, join(root, 'dist'), join(files, 'kubectl-trace'));
    await writeTexts(ownTarget, { dist: join(root, 'dist'), nodeLicense: join(root, 'LICENSE') }, files);
    deb = await build('one');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function build(name: string, from = files): Promise<string> {
    assert.ok(ownTarget);
    mkdirSync(join(folder, name, 'root'), { recursive: true });
    const output = join(folder, name, debOf(ownTarget, version));
    await writeDeb(output, from, join(folder, name, 'root'), {
      target: ownTarget,
      version,
      homepage: 'https://example.test/kubectl-trace',
      maintainer: 'Ada <ada@example.test>',
      time: new Date('2026-11-30T12:00:00Z'),
    });
    return output;
  }

  test('has the same bytes wherever and whenever it is made', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    assert.ok(ownTarget);
    await writeTexts(ownTarget, { dist: join(root, 'dist'), nodeLicense: join(root, 'LICENSE') }, small);
    writeFileSync(join(small, 'kubectl-trace'), 'a program');
    const sums = [];
    for (const name of ['one place', 'another']) {
      utimesSync(join(small, 'kubectl-trace'), sums.length, sums.length);
      sums.push(hash('sha256', readFileSync(await build(name, small))));
    }
    assert.equal(sums[0], sums[1]);
  });

  test('says what it is, and what it needs', async () => {
    const { stdout } = await run('dpkg-deb', ['--field', deb]);
    assert.match(stdout, new RegExp(`^Package: kubectl-trace\nVersion: ${version.replaceAll('.', '\\.')}\n`));
    assert.match(stdout, /^Depends: libc6 \(>= 2\.28\), libgcc-s1 \| libgcc1, libstdc\+\+6 \(>= 8\)$/m);
    assert.match(stdout, /^Maintainer: Ada <ada@example\.test>$/m);
    // What is recommended is installed: see scripts/release/deb.ts.
    assert.match(stdout, /^Suggests: kubectl \| kubernetes-client$/m);
    assert.doesNotMatch(stdout, /^Recommends/m);
    assert.match(stdout, /^Homepage: https:\/\/example\.test\/kubectl-trace$/m);
  });

  test('has files of root alone, with the time of the release', async () => {
    const { stdout } = await run('dpkg-deb', ['--contents', deb], { env: { ...process.env, TZ: 'UTC' } });
    const rows = stdout.trimEnd().split('\n');
    for (const row of rows)
      assert.match(row, /^(?:drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) root\/root +\d+ 2026-11-30 12:00 \.\//);
    const paths = rows.map((row) => row.split(' ./')[1]);
    for (const path of [
      'usr/bin/kubectl-trace',
      'usr/bin/kubectl_complete-trace',
      'usr/share/doc/kubectl-trace/changelog.gz',
      'usr/share/doc/kubectl-trace/copyright',
      'usr/share/man/man1/kubectl-trace.1.gz',
      'usr/share/man/man1/kubectl-trace-get.1.gz',
    ]) {
      assert.ok(paths.includes(path), path);
    }
  });

  test('is installed, verified and removed by dpkg, and runs', async () => {
    const target = await StockRoot.make();
    try {
      const database = join(target.path, 'var/lib/dpkg');
      for (const name of ['info', 'updates', 'triggers']) mkdirSync(join(database, name), { recursive: true });
      writeFileSync(join(database, 'status'), '');
      const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
      const dpkg = (...args: string[]): Promise<{ readonly stdout: string }> =>
        run('dpkg', [`--root=${target.path}`, '--force-not-root', '--force-depends', '--log=/dev/null', ...args], {
          env,
        });
      await dpkg('--install', deb);
      assert.equal((await dpkg('--verify', 'kubectl-trace')).stdout, '');
      const [program, ...args] = inRoot(target.path, ['/usr/bin/kubectl-trace', 'version']);
      const { stdout } = await run(program, args, { env: { ...env, HOME: '/tmp' } });
      assert.equal(stdout, `kubectl-trace v${version}\n`);
      await dpkg('--purge', 'kubectl-trace');
      assert.equal((await dpkg('--get-selections')).stdout, '');
    } finally {
      target.remove();
    }
  });
});

test('a version before a release sorts before it', () => {
  assert.ok(ownTarget === undefined || debOf(ownTarget, '1.0.0-rc.1').startsWith('kubectl-trace_1.0.0~rc.1_'));
});
