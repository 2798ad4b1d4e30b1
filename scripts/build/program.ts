import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import packageJSON from '../../package.json' with { type: 'json' };
import { MAN_FOLDER, manPages } from '../docs/man-pages.ts';
import { bundle } from './bundle.ts';
import { notices, packagesOf, type BundledPackage } from './packages.ts';

/**
 * Writes the program, the notices of the packages in it and its manual to a folder, which is emptied before. Returns the
 * packages.
 */
export async function writeProgram(outdir: string): Promise<readonly BundledPackage[]> {
  const { files, sources } = await bundle(outdir);
  const packages = await packagesOf(sources);
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir);
  for (const { path, text } of files) await writeFile(path, text);
  await writeFile(`${outdir}/package.json`, '{ "type": "commonjs" }\n');
  await writeFile(`${outdir}/THIRD-PARTY-NOTICES`, notices(packages));
  const manual = `${outdir}/${MAN_FOLDER}`;
  await mkdir(manual, { recursive: true });
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const [name, text] of manPages({ version: packageJSON.version, readme })) {
    await writeFile(`${manual}/${name}`, text);
  }
  return packages;
}
