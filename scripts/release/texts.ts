import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAN_FOLDER } from '../docs/man-pages.ts';
import type { Target } from './targets.ts';

const LICENSE = fileURLToPath(new URL('../../LICENSE', import.meta.url));

/** Files that come along in an archive. */
export interface TextSources {
  /** The built program. */
  readonly dist: string;
  /** The file with the licences of Node.js. */
  readonly nodeLicense: string;
}

/**
 * Writes what an archive has besides its program: the licences of all that is in it, and the manual where there is a
 * man(1). Returns the names.
 */
export async function writeTexts(
  { os, node }: Target,
  { dist, nodeLicense }: TextSources,
  folder: string,
): Promise<readonly string[]> {
  await copyFile(LICENSE, join(folder, 'LICENSE'));
  const own = await readFile(join(dist, 'THIRD-PARTY-NOTICES'), 'utf8');
  const line = '-'.repeat(80);
  const notices = `${own}\n${line}\nNode.js ${node.version}\n${line}\n\n${await readFile(nodeLicense, 'utf8')}`;
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES'), notices);
  const pages = os === 'windows' ? [] : (await readdir(join(dist, MAN_FOLDER))).sort();
  await mkdir(join(folder, MAN_FOLDER), { recursive: true });
  for (const page of pages) await copyFile(join(dist, MAN_FOLDER, page), join(folder, MAN_FOLDER, page));
  return ['LICENSE', 'THIRD-PARTY-NOTICES', ...pages.map((page) => `${MAN_FOLDER}/${page}`)];
}
