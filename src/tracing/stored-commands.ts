import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnFile } from '../files.ts';
import type { Runtime } from '../runtime.ts';
import { stateFolder, type FolderSources } from '../user-folders.ts';

/** `START-TRACEID.json`: when the command began, in nanoseconds since the epoch, so that names sort by time. */
const NAME = /^\d{20}-[0-9a-f]{32}\.json$/;

/** Folder of the stored commands. */
export const historyFolder = (place: FolderSources): string => join(stateFolder(place), 'history');

/** A stored command: its file, and what the file's name says. */
export interface StoredCommand {
  /** Its own trace ID; of a command about pods a random one, which nothing else has. */
  readonly traceID: string;
  readonly path: string;
}

/** The stored commands, the newest first. A file that another user put there does not count. */
export function storedCommands(runtime: FolderSources & Pick<Runtime, 'uid'>): readonly StoredCommand[] {
  const folder = historyFolder(runtime);
  return newestFirst(filesIn(folder))
    .map((name) => ({ traceID: name.slice(21, 53), path: join(folder, name) }))
    .filter(({ path }) => isOwnFile(path, runtime.uid));
}

export const newestFirst = (files: readonly string[]): string[] =>
  files
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();

/** Names of all files; none where the folder cannot be read. */
export function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
