import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { releaseNotes } from './notes.ts';

/** The tree of a release. */
export interface Candidate {
  /** The root of the repository. */
  readonly folder: string;
  readonly version: string;
  /** The tag that is released; undefined for a rehearsal. */
  readonly tag?: string | undefined;
}

/**
 * The notes of a release, if it may be made. Rejects for a tag of another version, for changes that no commit has, for a
 * version without notes, and for failing checks, in the order of what they cost.
 */
export async function notesOfReady({ folder, version, tag }: Candidate): Promise<string> {
  if (tag !== undefined && tag !== `v${version}`) {
    throw new Error(`the tag ${tag} is not that of version ${version} in package.json, v${version}`);
  }
  const changes = execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' }).trimEnd();
  if (changes !== '') throw new Error(`the working tree has changes that no commit has:\n${changes}`);
  const notes = releaseNotes(await readFile(join(folder, 'CHANGELOG.md'), 'utf8'), version);
  try {
    execFileSync('npm', ['run', '--silent', 'check'], { cwd: folder, stdio: ['ignore', 2, 2] });
  } catch {
    throw new Error('npm run check failed');
  }
  return notes;
}
