import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canFetchDebian, debianFiles, onPath } from '../debian.ts';

/**
 * The path of runc: as KUBECTL_TRACE_TEST_RUNC names it, from the PATH, from the cache, or from Debian's package, which
 * is unpacked into the cache and not installed. A runc built from its Go module would need a C compiler and the headers
 * of libseccomp.
 */
export async function runcPath(env: NodeJS.ProcessEnv, progress: (line: string) => void): Promise<string> {
  const given = env['KUBECTL_TRACE_TEST_RUNC'];
  if (given) {
    if (!existsSync(given)) throw new Error(`KUBECTL_TRACE_TEST_RUNC names ${given}, which does not exist`);
    return given;
  }
  const installed = onPath('runc', env);
  if (installed !== undefined) return installed;
  try {
    return join(await debianFiles(RUNC, env, progress), 'usr', 'sbin', 'runc');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new Error(`no runc on the PATH, and Debian's could not be fetched: ${reason}`, { cause });
  }
}

const RUNC = { name: 'runc', packages: ['runc'], title: 'runc' };

/** Whether there is one, or what it takes to fetch it. */
export function canHaveRunc(env: NodeJS.ProcessEnv): boolean {
  if (env['KUBECTL_TRACE_TEST_RUNC'] || onPath('runc', env) !== undefined) return true;
  return canFetchDebian(env);
}
