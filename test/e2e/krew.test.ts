import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packageJSON from '../../package.json' with { type: 'json' };
import { writeArchive } from '../../scripts/release/archive.ts';
import { makeExecutable } from '../../scripts/release/executable.ts';
import { fillManifest } from '../../scripts/release/krew.ts';
import { archiveOf, ownTarget, platformOf, programOf, TARGETS } from '../../scripts/release/targets.ts';
import { writeTexts } from '../../scripts/release/texts.ts';
import { executables, executablesOf } from '../lab/cluster/build.ts';
import { krew, validateKrewManifest } from '../lab/cluster/tools.ts';
import type { Outcome } from '../support/kubectl-trace.ts';
import { blocksBelow } from '../support/markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const skip = ownTarget === undefined ? 'the executable of this platform is made on Linux' : false;
const { version } = packageJSON;
const newer = '99.0.0';

/** With the real krew, through the real kubectl, from archives on loopback. */
suite('krew', { skip }, () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let server: Server;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-krew-'));
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    const { kubectl } = await executables({ without: ['etcd', 'jaeger', 'kube-apiserver'] });
    const built = await executablesOf([krew, validateKrewManifest], {});
    symlinkSync(kubectl, join(tools, 'kubectl'));
    symlinkSync(built['krew']!, join(tools, 'kubectl-krew'));
    symlinkSync(built['validate-krew-manifest']!, join(tools, 'validate-krew-manifest'));
    const krewRoot = join(folder, 'krew');
    env = {
      HOME: folder,
      KREW_ROOT: krewRoot,
      KREW_NO_UPGRADE_CHECK: '1',
      PATH: `${krewRoot}/bin:${tools}:/usr/bin:/bin`,
      KREW_DEFAULT_INDEX_URI: join(folder, 'default-index'),
      GIT_CONFIG_NOSYSTEM: '1',
    };
    server = await serveArchives();
    commit('default-index', 'api-trace', version);
    commit('own-index', 'trace', version);
    await succeeds('kubectl', 'krew', 'update');
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The real executable of this platform. The archives of the others have the same files with other contents. */
  async function serveArchives(): Promise<Server> {
    const archives = join(folder, 'archives');
    mkdirSync(archives);
    for (const target of TARGETS) {
      const files = join(folder, platformOf(target));
      mkdirSync(files);
      const program = programOf(target);
      if (target === ownTarget) await makeExecutable(target, join(root, 'dist'), join(files, program));
      else writeFileSync(join(files, program), 'not for this platform');
      const sources = { dist: join(root, 'dist'), nodeLicense: join(root, 'LICENSE') };
      const texts = await writeTexts(target, sources, files);
      const packed = [...texts, program].map((name) => ({ name, mode: name === program ? 0o755 : 0o644 }));
      for (const each of [version, newer]) {
        await writeArchive(join(archives, archiveOf(target, each)), files, packed, new Date(0));
      }
    }
    const listening = createServer((request, response) => {
      const file = join(archives, (request.url ?? '').slice(1));
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return listening;
  }

  function manifest(released: string, name: string): string {
    const archives = join(folder, 'archives');
    const sums = readdirSync(archives).map(
      (file) => [file, hash('sha256', readFileSync(join(archives, file)))] as const,
    );
    const downloads = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const template = readFileSync(join(root, 'krew-manifest.yaml'), 'utf8');
    const filled = { version: released, homepage: 'https://example.org', downloads, sha256: new Map(sums) };
    return fillManifest(template, filled).replace('  name: api-trace', `  name: ${name}`);
  }

  /** An index is a git repository. */
  function commit(index: string, name: string, released: string): void {
    const cwd = join(folder, index);
    const git = (...args: readonly string[]): void => void execFileSync('git', args, { cwd, env, stdio: 'ignore' });
    mkdirSync(join(cwd, 'plugins'), { recursive: true });
    writeFileSync(join(cwd, `plugins/${name}.yaml`), manifest(released, name));
    git('init');
    git('add', '-A');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '-m', released);
  }

  function run(command: string, ...args: readonly string[]): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      execFile(command, args, { env }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') reject(error);
        else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  async function succeeds(command: string, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run(command, ...args);
    assert.equal(code, 0, `${command} ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  test("the check of krew's index accepts the manifest, and installs each platform", async () => {
    const file = join(folder, 'api-trace.yaml');
    writeFileSync(file, manifest(version, 'api-trace'));
    const { code, stderr } = await run('validate-krew-manifest', '-manifest', file);
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`all ${TARGETS.length} spec\\.platforms installed fine`));
  });

  test('it is installed as api-trace, run by kubectl, and removed', async () => {
    await succeeds('kubectl', 'krew', 'install', 'api-trace');
    assert.equal(await succeeds('kubectl', 'api-trace', 'version'), `kubectl-trace v${version}\n`);
    assert.match(await succeeds('kubectl', 'api-trace', 'get', '--help'), /^ {2}kubectl api-trace get nodes$/m);
    const missing = await run('kubectl', 'api-trace', 'get', 'nodes', '--kubeconfig', '/none');
    assert.match(missing.stderr, /^error: .*\/none/);
    await succeeds('kubectl', 'api-trace', 'completion', '--install');
    assert.match(
      await succeeds('kubectl', '__complete', 'api-trace', 'get', '--metrics', ''),
      /^auto\noff\ndelta\n:4$/m,
    );
    await succeeds('kubectl', 'api-trace', 'completion', '--uninstall');
    await succeeds('kubectl', 'krew', 'uninstall', 'api-trace');
    assert.notEqual((await run('kubectl', 'api-trace', 'version')).code, 0);
  });

  test('it is installed as trace from another index, and upgraded', async () => {
    await succeeds('kubectl', 'krew', 'index', 'add', 'own', join(folder, 'own-index'));
    await succeeds('kubectl', 'krew', 'install', 'own/trace');
    assert.match(await succeeds('kubectl', 'trace', 'get', '--help'), /^ {2}kubectl trace get nodes$/m);
    assert.equal(await succeeds('kubectl', 'trace', 'version'), `kubectl-trace v${version}\n`);
    commit('own-index', 'trace', newer);
    await succeeds('kubectl', 'krew', 'update');
    await succeeds('kubectl', 'krew', 'upgrade', 'trace');
    const receipts = readFileSync(join(folder, 'krew/receipts/trace.yaml'), 'utf8');
    assert.match(receipts, new RegExp(`version: v${newer}`));
    assert.equal(await succeeds('kubectl', 'trace', 'version'), `kubectl-trace v${version}\n`);
  });

  suite('the commands of docs/install.md', () => {
    const page = readFileSync(join(root, 'docs/install.md'), 'utf8');

    /** The commands below a heading, in a folder with the files of a release. Fails where one of them fails. */
    async function type(heading: string, home: string, block?: number): Promise<string> {
      assert.ok(ownTarget);
      const blocks = blocksBelow(heading, page);
      const text = block === undefined ? blocks.join('') : blocks[block]!;
      const script = text.replaceAll('linux_amd64', platformOf(ownTarget)).replaceAll(/^(?=.)/gm, 'set -e; ');
      const path = `${home}/.local/bin:${env['PATH']}`;
      const options = { cwd: join(folder, 'archives'), env: { ...env, HOME: home, PATH: path } };
      const { stdout } = await promisify(execFile)('sh', ['-c', script], options);
      return stdout;
    }

    before(() => {
      const archives = join(folder, 'archives');
      const names = readdirSync(archives).filter((name) => name.includes(`_v${version}_`));
      const sums = names.map((name) => `${hash('sha256', readFileSync(join(archives, name)))}  ${name}\n`);
      writeFileSync(join(archives, 'SHA256SUMS'), `${sums.join('')}${'0'.repeat(64)}  kubectl-trace_other.deb\n`);
      writeFileSync(join(archives, 'api-trace.yaml'), manifest(version, 'api-trace'));
    });

    test('verify what was downloaded', async () => {
      assert.ok(ownTarget);
      const archive = archiveOf(ownTarget, version);
      assert.match(await type('Verify', folder), new RegExp(`^${archive.replaceAll('.', '\\.')}: OK$`, 'm'));
      const file = join(folder, 'archives', archive);
      const good = readFileSync(file);
      writeFileSync(file, 'something else');
      await assert.rejects(type('Verify', folder), /FAILED|did NOT match/);
      writeFileSync(file, good);
    });

    test('install an archive with its man pages and completion, and remove all of it', async () => {
      const home = join(folder, 'home');
      mkdirSync(home);
      const printed = await type('An archive', home, 0);
      assert.match(
        printed,
        new RegExp(`^kubectl-trace v${version}\nwrote ${home}/\\.local/bin/kubectl_complete-trace\n`),
      );
      const pages = readdirSync(join(home, '.local/share/man/man1'));
      assert.ok(pages.includes('kubectl-trace-get.1'));
      assert.deepEqual(readdirSync(join(home, '.local/bin')).toSorted(), ['kubectl-trace', 'kubectl_complete-trace']);
      await type('An archive', home, 1);
      assert.deepEqual(readdirSync(join(home, '.local/bin')), []);
      assert.deepEqual(readdirSync(join(home, '.local/share/man/man1')), []);
      assert.deepEqual(readdirSync(join(home, '.cache')), ['kubectl-trace']);
      await type('What it leaves on this machine', home);
      assert.deepEqual(readdirSync(join(home, '.cache')), []);
    });

    test('install the manifest of a release in krew, and remove it', async () => {
      const bin = join(folder, 'krew/bin');
      const printed = await type('krew', folder);
      assert.match(printed, new RegExp(`^kubectl-trace v${version}$`, 'm'));
      const [, wrote] = /^wrote (.*)$/m.exec(printed) ?? [];
      assert.match(printed, new RegExp(`^removed ${wrote}$`, 'm'));
      assert.deepEqual(
        readdirSync(bin).filter((name) => name.includes('api_trace')),
        [],
      );
    });
  });
});
