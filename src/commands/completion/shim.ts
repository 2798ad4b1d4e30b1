import { accessSync, constants, lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { shellWord } from '../../format/shell-command.ts';

/** By this line a file is known to be one that `completion --install` wrote. */
const MARK = '# Completion of a kubectl plugin; written by its command completion --install, which may replace it.';
/** The line of the same file in a package, which its package manager replaces and removes. */
const PACKAGED = '# Completion of a kubectl plugin; part of its package.';

/** kubectl runs `kubectl_complete-trace` for the plugin `kubectl-trace` (kubectl pkg/cmd/plugin/plugin_completion.go). */
export const fileFor = (plugin: string): string => plugin.replace('-', '_complete-');

/** The plugin of that name which kubectl runs, wherever a new version puts it. */
const textWith = (mark: string, plugin: string): string => `#!/bin/sh\n${mark}\nexec ${plugin} __complete "$@"\n`;
export const textFor = (plugin: string): string => textWith(MARK, plugin);
export const packagedTextFor = (plugin: string): string => textWith(PACKAGED, plugin);

/** The file that is in the place of the one that kubectl runs. */
export type Present =
  | { readonly is: 'missing' }
  /** `completion --install` wrote it. `isUsable`: it has the text of this version, and can be run. */
  | { readonly is: 'written'; readonly isUsable: boolean }
  /** It does the same, and a package manager owns it: Homebrew's is a link. */
  | { readonly is: 'packaged' }
  | { readonly is: 'foreign'; readonly problem: string; readonly hint: string };

/** Never throws: what cannot be seen is missing. */
export function inspect(path: string, plugin: string): Present {
  try {
    const found = lstatSync(path);
    if (found.isSymbolicLink()) return inspectLink(path, plugin);
    if (found.isDirectory()) return foreign('is a folder', 'rename it, and try again: kubectl runs no folder');
    if (!found.isFile()) return foreign('is not a file', removed(path));
    const text = readFileSync(path, 'utf8');
    if (text.split('\n')[1] === MARK) {
      return { is: 'written', isUsable: text === textFor(plugin) && canBeRun(path) };
    }
    if (text === packagedTextFor(plugin) && canBeRun(path)) return { is: 'packaged' };
    return anotherProgram(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? anotherProgram(path) : { is: 'missing' };
  }
}

function inspectLink(path: string, plugin: string): Present {
  const link = `is a link to ${readlinkSync(path)}`;
  const target = statSync(path, { throwIfNoEntry: false });
  if (target === undefined) return foreign(`${link}, which does not exist`, removed(path));
  const text = target.isFile() ? readFileSync(path, 'utf8') : '';
  if (![textFor(plugin), packagedTextFor(plugin)].includes(text)) {
    return foreign(`${link}, which is another program`, removed(path));
  }
  return canBeRun(path) ? { is: 'packaged' } : foreign(`${link}, which may not be executed`, removed(path));
}

/** EACCES of a file that may only be executed, or of a folder. */
const anotherProgram = (path: string): Present =>
  foreign(
    'exists, and another program wrote it',
    `${canBeRun(path) ? 'it completes this plugin now; ' : ''}to replace it, ${removed(path)}`,
  );

const foreign = (problem: string, hint: string): Present => ({ is: 'foreign', problem, hint });

const removed = (path: string): string => `remove it first: rm ${shellWord(path)}`;

/** kubectl takes no notice of a file without this mode. */
function canBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
