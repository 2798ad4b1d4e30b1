import { parse as parseCommand } from '../../src/commands/parse.ts';
import type { Invocation } from '../../src/commands/index.ts';
import type { Environment } from '../../src/runtime.ts';

/** A command line as its command understands it. Throws a UsageError. */
export const parse = (argv: readonly string[], env: Environment): Invocation => parseCommand(argv, env).invocation;
