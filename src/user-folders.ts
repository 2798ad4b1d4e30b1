import { isWindows, type Platform } from './platform.ts';

/** The part of the runtime that decides where files are stored. */
export interface FolderSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: Platform;
}

/**
 * Folder of the user for stored files, and for what can be made again. Both are those of the XDG base directory
 * specification, which says that relative paths are to be ignored; on Windows, where it has no defaults, %LOCALAPPDATA%.
 */
export const stateFolder = (sources: FolderSources): string => own('XDG_STATE_HOME', ['.local', 'state'], sources);
export const cacheFolder = (sources: FolderSources): string => own('XDG_CACHE_HOME', ['.cache'], sources);

/** Code that V8 compiled in earlier runs. */
export const codeFolder = (sources: FolderSources): string =>
  sources.platform.path.join(cacheFolder(sources), 'compiled');

function own(variable: string, usual: readonly string[], { env, home, platform }: FolderSources): string {
  const { path } = platform;
  const local = isWindows(platform)
    ? [env['LOCALAPPDATA'], path.join(home, 'AppData', 'Local')]
    : [path.join(home, ...usual)];
  const folder = [env[variable], ...local].find((given) => given !== undefined && path.isAbsolute(given));
  return path.join(folder ?? path.join(home, ...usual), 'kubectl-trace');
}
