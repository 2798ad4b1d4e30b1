import type { posix } from 'node:path';

type Paths = typeof posix;

/** The operating system, and its rules for paths. Handed in by the code that reads `process.platform`: src/process/. */
export interface Platform {
  readonly os: NodeJS.Platform;
  readonly path: Paths;
}

export const platformOf = (os: NodeJS.Platform, paths: { readonly posix: Paths; readonly win32: Paths }): Platform => ({
  os,
  path: os === 'win32' ? paths.win32 : paths.posix,
});

export const isWindows = ({ os }: Pick<Platform, 'os'>): boolean => os === 'win32';

/**
 * A list of paths, as in PATH and KUBECONFIG. On Windows quotes are for a path that has a semicolon (Go's
 * path/filepath, splitList).
 */
export function splitList(list: string, platform: Platform): string[] {
  if (list === '') return [];
  if (!isWindows(platform)) return list.split(platform.path.delimiter);
  const paths: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at <= list.length; at++) {
    if (list[at] === '"') isQuoted = !isQuoted;
    if (at < list.length && (list[at] !== ';' || isQuoted)) continue;
    paths.push(list.slice(start, at).replaceAll('"', ''));
    start = at + 1;
  }
  return paths;
}

/** Go's filepath.IsAbs. A path of Windows without a drive is relative to one: `\ca.crt`, `/etc/ca.crt`. */
export function isAbsolutePath(path: string, platform: Platform): boolean {
  if (!platform.path.isAbsolute(path)) return false;
  return !isWindows(platform) || platform.path.parse(path).root.length > 1;
}
