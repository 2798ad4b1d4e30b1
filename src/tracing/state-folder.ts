import { isAbsolute, join } from 'node:path';
import type { Runtime } from '../runtime.ts';

/** The part of the runtime that decides where files are stored. */
export type StatePaths = Pick<Runtime, 'env' | 'home'>;

/**
 * Folder for stored files by the XDG base directory specification, which says that relative paths are to be ignored.
 */
export function stateFolder({ env, home }: StatePaths): string {
  const state = env['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(state) ? state : join(home, '.local', 'state'), 'kubectl-trace');
}
