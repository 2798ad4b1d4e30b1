import { isWindows, platformOf, type Platform } from '../platform.ts';
import { homeFolder } from './home.ts';

/** The one place that reads the operating system; everything else is handed it. */
export const thisPlatform = (): Platform => platformOf(process.platform, process.getBuiltinModule('node:path'));

/**
 * The environment as the user gave it. On Windows, where the case of names does not count, they are in capitals.
 */
export function environmentOf(given: NodeJS.ProcessEnv, platform: Platform): NodeJS.ProcessEnv {
  const entries = Object.entries(given);
  return Object.fromEntries(
    isWindows(platform) ? entries.map(([name, value]) => [name.toUpperCase(), value]) : entries,
  );
}

/** The home folder of this process's user. */
export function thisHome(env: NodeJS.ProcessEnv, platform: Platform): string {
  const { statSync } = process.getBuiltinModule('node:fs');
  return homeFolder(env, platform, statSync, () => process.getBuiltinModule('node:os').homedir());
}
