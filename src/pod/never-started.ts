import type { Container, TerminatedState } from './containers.ts';
import { signOf } from './signs/sign-of.ts';

/**
 * Each run that the status still reports is one that the runtime could not start: the program is not in the image, for
 * example. The runtime reports such a run as ended, with a start in 1970 or none.
 */
export function neverStarted({ state, last }: Pick<Container, 'state' | 'last'>): boolean {
  const runs = [state, last].filter((run) => run?.kind === 'running' || run?.kind === 'terminated');
  return runs.length > 0 && runs.every((run) => run.kind === 'terminated' && isStartError(run));
}

/** The container was created, and its program did not run. */
export const isStartError = ({ reason, message }: TerminatedState): boolean =>
  signOf('terminated', reason, message)?.stage === 'ContainerStart';
