import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { isAbsolutePath, isWindows, splitList, type Platform } from '../../platform.ts';
import type { Runtime } from '../../runtime.ts';

/** The part of the runtime that a command is looked up by. */
export type LookUpSources = Pick<Runtime, 'env' | 'platform'>;

type FileStats = Pick<Stats, 'isDirectory' | 'dev' | 'ino'>;
type Stat = (path: string) => FileStats;

/** How a command is looked up. */
export interface LookUpOptions {
  readonly stat?: Stat;
  /** Whether the look-up goes on behind a file that a folder of PATH has. */
  readonly isPassedOver?: (found: FileStats) => boolean;
}

/** Where a command was found, or Go's words for why it cannot be run. */
export type Found = { readonly path: string } | { readonly why: string };

/**
 * The file that a command stands for, as Go's os/exec looks it up (LookPath): a path is taken as it is, a name is looked
 * up in PATH. A name that is found only below the current directory is not run.
 */
export function lookPath(command: string, sources: LookUpSources, options: LookUpOptions = {}): Found {
  const { env, platform } = sources;
  const { stat = statSync, isPassedOver = () => false } = options;
  if (isWindows(platform)) return lookPathOnWindows(command, sources, { stat, isPassedOver });
  const { join, basename } = platform.path;
  if (['', '.', '..'].includes(command)) return NOT_FOUND;
  if (basename(command) !== command) return foundAt(command);
  for (const folder of splitList(env['PATH'] ?? '', platform)) {
    const path = join(folder || '.', command);
    if ('path' in foundAt(path) && !isPassedOver(stat(path)))
      return isAbsolutePath(path, platform) ? { path } : RELATIVE;
  }
  return NOT_FOUND;
}

const NOT_FOUND: Found = { why: 'executable file not found in $PATH' };
const NOT_FOUND_ON_WINDOWS: Found = { why: 'executable file not found in %PATH%' };
const RELATIVE: Found = { why: 'cannot run executable found relative to current directory' };

/** Go's filepath.Clean. */
export const cleanPath = (path: string, platform: Platform): string =>
  platform.path.normalize(path).replace(/(?<=[^/\\:])[/\\]+$/, '');

/**
 * Windows looks in the current directory first, unless a variable forbids it, and adds the extensions of PATHEXT (Go's
 * os/exec, lp_windows.go). What is found there counts as found below the current directory, so that it is not run: a
 * folder that another user filled may hold a kubectl.exe.
 */
function lookPathOnWindows(
  command: string,
  { env, platform }: LookUpSources,
  { stat, isPassedOver }: Required<LookUpOptions>,
): Found {
  const { join } = platform.path;
  if (command === '') return NOT_FOUND_ON_WINDOWS;
  const extensions = extensionsOf(env['PATHEXT'] ?? '');
  const at = (path: string): { readonly path: string } | undefined => withExtension(path, extensions, stat);
  if (/[:\\/]/.test(command)) return at(command) ?? NOT_FOUND_ON_WINDOWS;
  const here = env['NODEFAULTCURRENTDIRECTORYINEXEPATH'] === undefined ? at(`.\\${command}`) : undefined;
  for (const folder of splitList(env['PATH'] ?? '', platform).filter((one) => one !== '')) {
    const found = at(join(folder, command));
    if (found === undefined || isPassedOver(stat(found.path))) continue;
    if (here !== undefined && !isSameFile(stat(here.path), stat(found.path))) return RELATIVE;
    return isAbsolutePath(found.path, platform) ? found : RELATIVE;
  }
  return here === undefined ? NOT_FOUND_ON_WINDOWS : RELATIVE;
}

function extensionsOf(list: string): readonly string[] {
  const listed = list
    .toLowerCase()
    .split(';')
    .filter((each) => each !== '');
  if (listed.length === 0) return ['.com', '.exe', '.bat', '.cmd'];
  return listed.map((each) => (each.startsWith('.') ? each : `.${each}`));
}

function withExtension(path: string, extensions: readonly string[], stat: Stat): { readonly path: string } | undefined {
  const own = /\.[^.:\\/]*$/.test(path) ? [path] : [];
  const isProgram = (candidate: string): boolean => {
    try {
      return !stat(candidate).isDirectory();
    } catch {
      return false;
    }
  };
  const found = [...own, ...extensions.map((extension) => path + extension)].find(isProgram);
  return found === undefined ? undefined : { path: found };
}

const isSameFile = (one: ReturnType<Stat>, other: ReturnType<Stat>): boolean =>
  one.dev === other.dev && one.ino === other.ino;

function foundAt(path: string): Found {
  try {
    if (statSync(path).isDirectory()) return { why: 'is a directory' };
    accessSync(path, constants.X_OK);
    return { path };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { why: `stat ${path}: no such file or directory` };
    return { why: code === 'EACCES' ? 'permission denied' : code };
  }
}
