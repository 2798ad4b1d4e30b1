import { mkdir, rm, writeFile } from 'node:fs/promises';
import { bundle } from './bundle.ts';
import { notices, packagesOf, type BundledPackage } from './packages.ts';

/** Writes the program and the notices of the packages in it to a folder, which is emptied before. Returns the packages. */
export async function writeProgram(outdir: string): Promise<readonly BundledPackage[]> {
  const { files, sources } = await bundle(outdir);
  const packages = await packagesOf(sources);
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir);
  for (const { path, text } of files) await writeFile(path, text);
  await writeFile(`${outdir}/package.json`, '{ "type": "commonjs" }\n');
  await writeFile(`${outdir}/THIRD-PARTY-NOTICES`, notices(packages));
  return packages;
}
