import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileInArchive } from './archive.ts';
import type { NodeBinary } from './pinned.ts';

/** The binary of a package as the registry has it now. Rejects when the package is not the one of package-lock.json. */
export async function packedBinary(binary: NodeBinary, folder: string): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--silent', `${binary.package}@${binary.version}`], {
    cwd: folder,
  });
  const file = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  try {
    const integrity = `sha512-${hash('sha512', await readFile(file), 'base64')}`;
    const locked = await lockedIntegrity(binary.package);
    if (integrity !== locked) throw new Error(`the registry has ${integrity}, package-lock.json ${locked}`);
    return await fileInArchive(file, `package/${binary.path}`);
  } finally {
    await rm(file, { force: true });
  }
}

async function lockedIntegrity(name: string): Promise<string | undefined> {
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  return lock.packages[`node_modules/${name}`]?.integrity;
}
