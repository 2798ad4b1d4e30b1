import { mkdir, rm, writeFile } from 'node:fs/promises';
import { bundle } from './build/bundle.ts';
import { notices, packagesOf } from './build/packages.ts';

/** `npm run build`: makes dist/, which is the program, and the notices of the packages that are in it. */
const outdir = 'dist';
const { files, sources } = await bundle(outdir);
const packages = await packagesOf(sources);
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir);
for (const { path, text } of files) await writeFile(path, text);
await writeFile(`${outdir}/package.json`, '{ "type": "commonjs" }\n');
await writeFile(`${outdir}/THIRD-PARTY-NOTICES`, notices(packages));
