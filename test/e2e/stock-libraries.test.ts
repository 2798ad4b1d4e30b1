import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inRoot, unlessNamespaces } from '../support/namespaces.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The shared libraries that every Debian and Ubuntu has: libc6, libgcc-s1 and libstdc++6 are needed by apt itself. */
const STOCK = /^(?:ld-linux[\w-]*|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+)\.so\.\d+$/;

async function libraries(): Promise<Map<string, string>> {
  const { stdout } = await run('ldconfig', ['-p'], { env: { ...process.env, PATH: `${process.env['PATH']}:/sbin` } });
  const rows = stdout.matchAll(/^\s*(\S+) \(([^)]*)\) => (\S+)$/gm);
  const bits = process.arch === 'arm64' ? 'AArch64' : 'x86-64';
  return new Map(
    [...rows]
      .filter(([, name = '', kind = '']) => STOCK.test(name) && (kind.includes(bits) || name.startsWith('ld-')))
      .map(([, name = '', , path = '']) => [name, path]),
  );
}

test(
  'the launcher needs no shared library that stock Debian and Ubuntu lack',
  {
    skip: process.platform === 'linux' ? await unlessNamespaces() : 'the libraries are those of Linux distributions',
  },
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'kubectl-trace-root-'));
    try {
      for (const path of (await libraries()).values()) {
        mkdirSync(join(root, dirname(path)), { recursive: true });
        copyFileSync(realpathSync(path), join(root, path));
      }
      // The program loader's path is part of every program.
      const shell = realpathSync('/bin/sh');
      for (const folder of ['bin', 'dev', 'lib64', 'tmp']) mkdirSync(join(root, folder), { recursive: true });
      copyFileSync(shell, join(root, 'bin/sh'));
      const loader = (await run('ldd', [shell])).stdout.match(/(\/\S*ld-linux\S*)/)?.[1] ?? '';
      mkdirSync(join(root, dirname(loader)), { recursive: true });
      copyFileSync(realpathSync(loader), join(root, loader));
      for (const part of ['bin', 'dist', 'package.json']) {
        cpSync(join(repository, part), join(root, 'kubectl-trace', part), { recursive: true });
      }
      const node = realpathSync(join(repository, 'node_modules', `node-linux-${process.arch}`));
      cpSync(node, join(root, 'kubectl-trace/node_modules', `node-linux-${process.arch}`), { recursive: true });
      const [program, ...args] = inRoot(root, [
        '/kubectl-trace/bin/kubectl-trace',
        'get',
        'nodes',
        '--kubeconfig=/none',
      ]);
      const failed = await run(program, args, { env: { HOME: '/tmp' } }).catch((error: unknown) => error);
      // It has started, has looked for a kubeconfig, and says so itself.
      assert.match((failed as { stderr: string }).stderr, /^error: .*\/none/);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);
