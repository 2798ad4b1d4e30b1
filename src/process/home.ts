import type * as fs from 'node:fs';
import { isWindows, type Platform } from '../platform.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Node.js' own. */
type StatSync = typeof fs.statSync;

/**
 * The user's home folder as kubectl finds it (client-go util/homedir/homedir.go), so that both read the same
 * ~/.kube/config. `system`: the system's own, for a process without such variables.
 */
export function homeFolder(env: Environment, platform: Platform, statSync: StatSync, system: () => string): string {
  if (!isWindows(platform)) return env['HOME'] || system();
  const { HOME: home = '', USERPROFILE: profile = '', HOMEDRIVE: drive = '', HOMEPATH: path = '' } = env;
  const onDrive = drive !== '' && path !== '' ? drive + path : '';
  const isGiven = (folder: string): boolean => folder !== '';
  const foundIn = (folder: string): fs.Stats | undefined => {
    try {
      return statSync(folder, { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
  };
  // The folder on the drive comes second here and third below, as in kubectl.
  const configured = [home, onDrive, profile]
    .filter(isGiven)
    .find((folder) => foundIn(platform.path.join(folder, '.kube', 'config')) !== undefined);
  if (configured !== undefined) return configured;
  const given = [home, profile, onDrive].filter(isGiven);
  const existing = given
    .map((folder) => ({ folder, stats: foundIn(folder) }))
    .filter(({ stats }) => stats !== undefined);
  const writable = existing.find(({ stats }) => stats!.isDirectory() && (stats!.mode & OWNER_WRITES) !== 0);
  return (writable ?? existing[0])?.folder ?? given[0] ?? system();
}

const OWNER_WRITES = 0o200;
