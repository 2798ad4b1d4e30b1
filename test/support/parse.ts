import { parse as parseCommand, type AnyInvocation } from '../../src/commands/parse.ts';
import type { Environment } from '../../src/runtime.ts';

/** A command line as its command understands it. Throws a UsageError. */
export const parse = (argv: readonly string[], env: Environment): AnyInvocation => parseCommand(argv, env).invocation;
