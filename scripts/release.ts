import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import packageJSON from '../package.json' with { type: 'json' };
import { writeProgram } from './build/program.ts';
import { writeArchive } from './release/archive.ts';
import { debOf, writeDeb, type PackageFacts } from './release/deb.ts';
import { makeExecutable } from './release/executable.ts';
import { fillManifest } from './release/krew.ts';
import { maintainerOf } from './release/maintainer.ts';
import { nodeLicense } from './release/node-package.ts';
import { homebrewFormula, scoopManifest } from './release/package-managers.ts';
import { notesOfReady } from './release/ready.ts';
import { billOfMaterials } from './release/sbom.ts';
import { verifySignature } from './release/signature.ts';
import { archiveOf, platformOf, programOf, TARGETS, type Target } from './release/targets.ts';
import { writeTexts } from './release/texts.ts';

/**
 * `npm run release -- --homepage URL [--tag TAG]`: makes release/ with an archive for each platform, SHA256SUMS, a bill of
 * materials, the manifest for krew and the notes. The same commit gives the same bytes. It refuses a working tree with
 * changes, a version without notes, a tag of another version, and failing checks. Nothing is published. On linux amd64 alone.
 */
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// The archive for Windows has local times.
process.env['TZ'] = 'UTC';

const output = 'release';
const { version } = packageJSON;

try {
  const { values } = parseArgs({ options: { homepage: { type: 'string' }, tag: { type: 'string' } } });
  const { homepage, tag } = values;
  if (homepage === undefined) throw new Error('name the repository, where the archives will be: --homepage URL');
  await release(homepage, tag);
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function release(homepage: string, tag: string | undefined): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('a release is made on linux amd64');
  const notes = await notesOfReady({ folder: '.', version, tag });
  const packages = await writeProgram('dist');

  const committed = execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' });
  const time = new Date(Number(committed) * 1000);
  const committer = execFileSync('git', ['log', '-1', '--format=%an <%ae>'], { encoding: 'utf8' }).trim();
  const maintainer = maintainerOf(packageJSON, committer);
  await rm(output, { recursive: true, force: true });
  await mkdir(output);
  const sums = new Map<string, string>();
  for (const target of TARGETS) {
    const archive = archiveOf(target, version);
    process.stderr.write(`making ${archive}\n`);
    const made = await makeArchives(target, archive, { version, homepage, maintainer, time });
    for (const name of made) sums.set(name, await sha256Of(name));
  }
  const bill = `kubectl-trace_v${version}.cdx.json`;
  await writeFile(join(output, bill), billOfMaterials(packages, time));
  sums.set(bill, await sha256Of(bill));
  await writeFile(join(output, 'SHA256SUMS'), [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join(''));
  const template = await readFile('krew-manifest.yaml', 'utf8');
  const released = { version, homepage, downloads: `${homepage}/releases/download/v${version}`, sha256: sums };
  await writeFile(join(output, 'api-trace.yaml'), fillManifest(template, released));
  await writeFile(join(output, 'kubectl-trace.rb'), homebrewFormula(released));
  await writeFile(join(output, 'kubectl-trace.json'), scoopManifest(released));
  await writeFile(join(output, 'notes.md'), notes);
  for (const [name, sum] of sums) process.stdout.write(`${sum}  ${name}\n`);
}

/** The archive of a platform, and for Linux the package of Debian. Resolves with their names. */
async function makeArchives(
  target: Target,
  archive: string,
  facts: Omit<PackageFacts, 'target'>,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), `kubectl-trace-${platformOf(target)}-`));
  try {
    const program = programOf(target);
    await makeExecutable(target, 'dist', join(folder, program));
    if (target.os === 'darwin') await verifySignature(join(folder, program));
    const texts = await writeTexts(target, { dist: 'dist', nodeLicense: await nodeLicense(target.node) }, folder);
    const files = [...texts.map((name) => ({ name, mode: 0o644 })), { name: program, mode: 0o755 }];
    await writeArchive(join(output, archive), folder, files, facts.time);
    if (target.os !== 'linux') return [archive];
    const deb = debOf(target, facts.version);
    await mkdir(join(folder, 'deb'));
    await writeDeb(join(output, deb), folder, join(folder, 'deb'), { target, ...facts });
    return [archive, deb];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sha256Of(name: string): Promise<string> {
  return hash('sha256', await readFile(join(output, name)));
}
