import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inRoot, type Command } from './namespaces.ts';

const run = promisify(execFile);

/** The shared libraries that every Debian and Ubuntu has: libc6, libgcc-s1 and libstdc++6 are needed by apt itself. */
const STOCK = /^(?:ld-linux[\w-]*|libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+)\.so\.\d+$/;

/** A root folder with a shell, the libraries of a stock Debian or Ubuntu, and nothing else. */
export class StockRoot {
  readonly path: string;

  static async make(): Promise<StockRoot> {
    const root = new StockRoot();
    for (const path of (await libraries()).values()) root.#copy(realpathSync(path), path);
    // The program loader's path is part of every program.
    const shell = realpathSync('/bin/sh');
    for (const folder of ['bin', 'dev', 'lib64', 'proc', 'tmp'])
      mkdirSync(join(root.path, folder), { recursive: true });
    root.#copy(shell, 'bin/sh');
    const loader = (await run('ldd', [shell])).stdout.match(/(\/\S*ld-linux\S*)/)?.[1] ?? '';
    root.#copy(realpathSync(loader), loader);
    return root;
  }

  private constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'kubectl-trace-root-'));
  }

  /** Adds a program to /bin. */
  add(from: string, name: string): void {
    this.#copy(realpathSync(from), `bin/${name}`);
  }

  #copy(from: string, to: string): void {
    mkdirSync(join(this.path, dirname(to)), { recursive: true });
    copyFileSync(from, join(this.path, to));
  }

  /** Standard error of a command that fails in this root. Rejects when it succeeds. */
  async failure(command: Command): Promise<string> {
    const [program, ...args] = inRoot(this.path, command);
    const succeeded = new Error(`${command.join(' ')} succeeded`);
    return run(program, args, { env: { HOME: '/tmp' } }).then(
      () => Promise.reject(succeeded),
      ({ stderr }: { readonly stderr: string }) => stderr,
    );
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

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
