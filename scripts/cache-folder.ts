import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs store what they can make again (XDG Base Directory Specification). */
export const cacheHome = (env: NodeJS.ProcessEnv = process.env): string =>
  env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');

/**
 * This project's part of it: servers that tests build or fetch once, tools of a release, and what goes into packages.
 * Without a part all of it.
 */
export const cacheFolder = (part: 'servers' | 'release' | 'tools' | '', env?: NodeJS.ProcessEnv): string =>
  join(cacheHome(env), 'kubectl-trace', part);
