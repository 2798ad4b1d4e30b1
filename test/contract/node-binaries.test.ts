import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { compareBinaries } from '../../scripts/node-binaries/check.ts';
import type { Releases } from '../../scripts/node-binaries/official.ts';
import { NODE_BINARIES, RELEASE_KEYS, type NodeBinary } from '../../scripts/node-binaries/pinned.ts';

const root = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(root(path), 'utf8'));

suite('bundled Node.js binaries', () => {
  test('are all pinned, at the versions in package.json', () => {
    const { optionalDependencies } = json('package.json') as { optionalDependencies: Record<string, string> };
    const pinned = NODE_BINARIES.map((binary) => [binary.package, binary.version] as const);
    assert.deepEqual(Object.fromEntries(pinned), optionalDependencies);
    for (const { sha256 } of NODE_BINARIES) assert.match(sha256, /^[0-9a-f]{64}$/);
    for (const key of RELEASE_KEYS) assert.match(key, /^[0-9A-F]{40}$/);
  });

  test('match their pin if npm has installed one', () => {
    const installed = NODE_BINARIES.filter(
      ({ package: name }) =>
        name === `node-${process.platform}-${process.arch}` || name === `node-bin-${process.platform}-${process.arch}`,
    );
    // On every platform that has a package this test compares something.
    assert.equal(installed.length, 1);
    for (const { package: name, path, sha256 } of installed) {
      assert.equal(hash('sha256', readFileSync(root(`node_modules/${name}/${path}`))), sha256);
    }
  });
});

/** Two made releases: an archive, and a binary that stands alone. */
const VERSION = '1.2.3';
const ARCHIVED: Omit<NodeBinary, 'sha256'> = {
  package: 'made-linux',
  version: VERSION,
  path: 'bin/node',
  release: `node-v${VERSION}-linux-x64.tar.gz`,
  member: `node-v${VERSION}-linux-x64/bin/node`,
};
const ALONE: Omit<NodeBinary, 'sha256'> = {
  package: 'made-windows',
  version: VERSION,
  path: 'bin/node.exe',
  release: 'win-x64/node.exe',
};
const BYTES = { [ARCHIVED.package]: Buffer.from('\x7fELF made'), [ALONE.package]: Buffer.from('MZ made') };
const BINARIES: readonly NodeBinary[] = [ARCHIVED, ALONE].map((binary) => ({
  ...binary,
  sha256: hash('sha256', BYTES[binary.package]!),
}));

let folder = '';
const signers: Record<'releaser' | 'stranger', string> = { releaser: '', stranger: '' };
const gpg = (...args: string[]): string =>
  execFileSync('gpg', ['--homedir', join(folder, 'home'), '--batch', '--quiet', '--passphrase', '', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

before(() => {
  // A socket is in its home, whose path must be short.
  folder = mkdtempSync(join(tmpdir(), 'kt-gpg-'));
  mkdirSync(join(folder, 'home'), { mode: 0o700 });
  for (const name of ['releaser', 'stranger'] as const) {
    gpg('--quick-generate-key', `${name}@example.com`, 'ed25519', 'sign', 'never');
    const listed = gpg('--with-colons', '--list-keys', `${name}@example.com`);
    signers[name] = /^fpr:+([0-9A-F]{40}):$/m.exec(listed)?.[1] ?? '';
  }
  writeFileSync(join(folder, 'keyring'), execFileSync('gpg', ['--homedir', join(folder, 'home'), '--export']));
});
after(() => {
  execFileSync('gpgconf', ['--homedir', join(folder, 'home'), '--kill', 'all']);
  rmSync(folder, { recursive: true, force: true });
});

interface Release {
  readonly files: Map<string, Buffer>;
  /** Signs SHASUMS256.txt as it is now. */
  sign(by: 'releaser' | 'stranger'): void;
}

/** A release as nodejs.org has it. */
function makeRelease(): Release {
  const path = mkdtempSync(join(folder, 'release-'));
  const binary = join(path, ARCHIVED.member!);
  mkdirSync(dirname(binary), { recursive: true });
  writeFileSync(binary, BYTES[ARCHIVED.package]!);
  const archive = execFileSync('tar', ['-czf', '-', '-C', path, `node-v${VERSION}-linux-x64`]);
  const files = new Map([
    [ARCHIVED.release, archive],
    [ALONE.release, BYTES[ALONE.package]!],
  ]);
  const sums = [...files].map(([name, bytes]) => `${hash('sha256', bytes)}  ${name}\n`).join('');
  files.set('SHASUMS256.txt', Buffer.from(sums));
  const release: Release = {
    files,
    sign(by) {
      const file = join(path, 'sums');
      writeFileSync(file, files.get('SHASUMS256.txt')!);
      gpg('--yes', '--local-user', signers[by], '--output', `${file}.sig`, '--detach-sign', file);
      files.set('SHASUMS256.txt.sig', readFileSync(`${file}.sig`));
    },
  };
  release.sign('releaser');
  return release;
}

async function serve(t: TestContext, { files }: Release): Promise<Releases> {
  const server = createServer((request, response) => {
    const file = files.get(decodeURIComponent(request.url ?? '').replace(`/dist/v${VERSION}/`, ''));
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}/dist`, keyring: join(folder, 'keyring'), keys: [signers.releaser] };
}

const packed = async (binary: NodeBinary): Promise<Buffer> => BYTES[binary.package]!;

suite("a package's binary beside the Node.js project's release", () => {
  test('is accepted if identical, alone and in an archive', async (t) => {
    const compared = await compareBinaries(BINARIES, packed, await serve(t, makeRelease()));
    assert.deepEqual(compared, [
      { package: 'made-linux@1.2.3', problem: null },
      { package: 'made-windows@1.2.3', problem: null },
    ]);
  });

  const faults: readonly (readonly [what: string, change: (release: Release) => void, problem: RegExp])[] = [
    [
      'in an archive whose sum is another',
      ({ files }) => files.set(ARCHIVED.release, Buffer.concat([files.get(ARCHIVED.release)!, Buffer.alloc(1)])),
      /linux-x64\.tar\.gz has the SHA-256 [0-9a-f]{64}, SHASUMS256\.txt says/,
    ],
    [
      'in sums that were changed after they were signed',
      ({ files }) =>
        files.set(
          'SHASUMS256.txt',
          Buffer.from(
            files
              .get('SHASUMS256.txt')!
              .toString()
              .replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
          ),
        ),
      /the signature of SHASUMS256\.txt is not good: .*BAD signature/,
    ],
    [
      'in sums that a stranger has signed',
      (release) => release.sign('stranger'),
      /is signed by [0-9A-F]{40}, which is not a release key/,
    ],
    ['without a signature', ({ files }) => files.delete('SHASUMS256.txt.sig'), /SHASUMS256\.txt\.sig answered 404/],
    [
      'with an invalid signature',
      ({ files }) => files.set('SHASUMS256.txt.sig', Buffer.from('none')),
      /the signature of SHASUMS256\.txt is not good/,
    ],
    ['without its archive', ({ files }) => files.delete(ARCHIVED.release), /linux-x64\.tar\.gz answered 404/],
    [
      'in sums that do not name its archive',
      (release) => {
        release.files.set('SHASUMS256.txt', Buffer.from(`${'0'.repeat(64)}  other.tar.gz\n`));
        release.sign('releaser');
      },
      /SHASUMS256\.txt does not have node-v1\.2\.3-linux-x64\.tar\.gz/,
    ],
    [
      'in an archive without it',
      (release) => {
        const path = mkdtempSync(join(folder, 'empty-'));
        const archive = execFileSync('tar', ['-czf', '-', '-C', path, '.']);
        release.files.set(ARCHIVED.release, archive);
        release.files.set('SHASUMS256.txt', Buffer.from(`${hash('sha256', archive)}  ${ARCHIVED.release}\n`));
        release.sign('releaser');
      },
      /bin\/node is not in the archive/,
    ],
    [
      'that is another binary than the released one',
      (release) => {
        const path = mkdtempSync(join(folder, 'other-'));
        mkdirSync(join(path, dirname(ARCHIVED.member!)), { recursive: true });
        writeFileSync(join(path, ARCHIVED.member!), '\x7fELF other');
        const archive = execFileSync('tar', ['-czf', '-', '-C', path, `node-v${VERSION}-linux-x64`]);
        release.files.set(ARCHIVED.release, archive);
        release.files.set('SHASUMS256.txt', Buffer.from(`${hash('sha256', archive)}  ${ARCHIVED.release}\n`));
        release.sign('releaser');
      },
      /bin\/node is not the binary in node-v1\.2\.3-linux-x64\.tar\.gz/,
    ],
  ];
  for (const [what, change, problem] of faults) {
    test(`is rejected ${what}`, async (t) => {
      const release = makeRelease();
      change(release);
      const [compared] = await compareBinaries([BINARIES[0]!], packed, await serve(t, release));
      assert.match(compared?.problem ?? 'none', problem);
    });
  }

  test("is rejected if the package's binary differs from its pin", async (t) => {
    const other = async (): Promise<Buffer> => Buffer.from('tampered');
    const compared = await compareBinaries(BINARIES, other, await serve(t, makeRelease()));
    for (const { problem } of compared) assert.match(problem ?? 'none', /has the SHA-256 [0-9a-f]{64}, pinned is/);
  });
});
