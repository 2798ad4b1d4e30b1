import { execFile } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extract } from 'tar';
import { cacheFolder } from '../cache-folder.ts';
import { BUILDER, NODE_BINARIES, type NodeBinary } from '../node-binaries/pinned.ts';

const cache = cacheFolder('release');

const folderOf = ({ package: name, version }: NodeBinary): string => join(cache, `${name}-${version}`);

/**
 * Path of a binary of Node.js, from the cache, else from the registry. Rejects when it does not have the pinned SHA-256.
 */
export async function nodeBinary(node: NodeBinary): Promise<string> {
  const folder = folderOf(node);
  const binary = join(folder, 'package', node.path);
  if ((await sha256Of(binary)) === node.sha256) return binary;
  await fetchPackage(node, folder);
  const sha256 = await sha256Of(binary);
  if (sha256 !== node.sha256) throw new Error(`${node.package}: the SHA-256 is ${sha256}, pinned is ${node.sha256}`);
  return binary;
}

/** The package that has the licences of what is in a Node.js: they are the same for all platforms of a version. */
export function licensePackage({ version }: NodeBinary): NodeBinary {
  const found = [BUILDER, ...NODE_BINARIES].find((one) => one.version === version && one.lacksLicense !== true);
  if (found === undefined) throw new Error(`no package of Node.js ${version} has its licences`);
  return found;
}

/** Path of the file with the licences of a Node.js. */
export async function nodeLicense(node: NodeBinary): Promise<string> {
  const from = licensePackage(node);
  await nodeBinary(from);
  return join(folderOf(from), 'package', 'LICENSE');
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
