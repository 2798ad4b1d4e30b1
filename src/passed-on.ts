import type { Environment } from './runtime.ts';

/** Holds the kubectl that this program has started, and the command (docs/kubectl.md). */
const VARIABLE = 'KUBECTL_TRACE_PASSED_ON';

/** A command of kubectl, and the file of the kubectl that runs it. */
export interface PassedOn {
  readonly path: string;
  readonly verb: string;
}

const textOf = ({ path, verb }: PassedOn): string => `${verb} ${path}`;

/** The environment of a kubectl that this program starts. */
export const passingOn = (env: Environment, call: PassedOn): Environment => ({ ...env, [VARIABLE]: textOf(call) });

/**
 * Whether that kubectl has started this process, for the same command: it is a script that runs this program, and each
 * would start the other without end. Another command, such as one that a plugin runs, ends on its own; so does one for
 * which the script has put another kubectl on the PATH.
 */
export const isPassedOn = (env: Environment, call: PassedOn): boolean => env[VARIABLE] === textOf(call);
