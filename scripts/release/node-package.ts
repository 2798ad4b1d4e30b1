import { execFile } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import type { NodeBinary } from '../node-binaries/pinned.ts';

/** A binary of Node.js, and the licences of what is in it. */
export interface NodePackage {
  readonly binary: string;
  readonly license: string;
}

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubectl-trace', 'release');

/** From the cache, else from the registry. Rejects when the binary does not have the pinned SHA-256. */
export async function nodePackage(node: NodeBinary): Promise<NodePackage> {
  const folder = join(cache, `${node.package}-${node.version}`);
  const files = { binary: join(folder, 'package', node.path), license: join(folder, 'package', 'LICENSE') };
  if ((await sha256Of(files.binary)) === node.sha256) return files;
  await fetchPackage(node, folder);
  const sha256 = await sha256Of(files.binary);
  if (sha256 !== node.sha256) throw new Error(`${node.package}: the SHA-256 is ${sha256}, pinned is ${node.sha256}`);
  return files;
}

async function sha256Of(file: string): Promise<string | undefined> {
  try {
    return hash('sha256', await readFile(file));
  } catch {
    return undefined;
  }
}

async function fetchPackage(node: NodeBinary, folder: string): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), 'kubectl-trace-node-'));
  const part = `${folder}.${randomUUID()}`;
  try {
    const name = `${node.package}@${node.version}`;
    process.stderr.write(`fetching ${name}\n`);
    const { stdout } = await promisify(execFile)('npm', ['pack', '--silent', name], { cwd: temporary });
    await mkdir(part, { recursive: true });
    const wanted = [`package/${node.path}`, 'package/LICENSE'];
    await extract({ file: join(temporary, stdout.trim()), cwd: part }, wanted);
    await chmod(join(part, 'package', node.path), 0o755);
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await rm(part, { recursive: true, force: true });
  }
}
