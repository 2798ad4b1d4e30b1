import { execFile } from 'node:child_process';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { treeImage, type Image } from '../cluster/node/image.ts';

/**
 * An image of Node.js, the built program in `root`, and `chown`, which the init container runs: what the Dockerfile of
 * docs/enable-tracing.md makes, without the rest of a distribution.
 */
export async function serveImage(root: string): Promise<Image> {
  const files = new Map<string, Buffer>();
  const programs = { '/usr/bin/node': process.execPath, '/usr/bin/chown': await realpath('/usr/bin/chown') };
  for (const [path, source] of Object.entries(programs)) {
    files.set(path, await readFile(source));
    for (const library of await librariesOf(source)) files.set(library, await readFile(library));
  }
  files.set('/app/package.json', await readFile(join(root, 'package.json')));
  for (const found of await readdir(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    if (!found.isFile()) continue;
    const file = join(found.parentPath, found.name);
    files.set(`/app/${relative(root, file)}`, await readFile(file));
  }
  return treeImage(files, ['/usr/bin/node', '/app/dist/main.js']);
}

/** Paths of the libraries that a program loads. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ldd', [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
}
