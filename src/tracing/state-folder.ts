import { isAbsolute, join } from 'node:path';
import type { Runtime } from '../runtime.ts';

/** Of the world, what decides where files are kept. */
export type Place = Pick<Runtime, 'env' | 'home'>;

/** Where what is kept belongs, by the XDG base directory specification, which says that relative paths are to be ignored. */
export function stateFolder({ env, home }: Place): string {
  const state = env['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(state) ? state : join(home, '.local', 'state'), 'kubectl-trace');
}
