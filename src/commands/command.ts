import type { CommandLine } from '../cli/arguments.ts';
import type { Flag } from '../cli/flag.ts';
import type { JSONObject } from '../report/json-value.ts';
import type { Report } from '../report/report.ts';
import type { Runtime } from '../runtime.ts';

/** The texts and flags of a command, for its help. */
export interface CommandHelp {
  /** One sentence, without its period. */
  readonly summary: string;
  readonly usage: readonly string[];
  /** `line` is what follows the program's name. */
  readonly examples: readonly (readonly [comment: string, line: string])[];
  /** Names of the flags that are used most; the help shows them first. */
  readonly common?: readonly string[] | undefined;
  /** All flags that the command knows. */
  readonly flags: readonly Flag[];
}

/** Commands that belong together, for the first screen. Those that are much alike share a row. */
export interface CommandGroup {
  readonly title: string;
  readonly rows: readonly (readonly [verbs: readonly string[], text: string])[];
}

/** All commands, by their names. */
export interface Program {
  readonly commands: Readonly<Record<string, CommandHelp>>;
  readonly groups: readonly CommandGroup[];
}

/** Runs a command. Resolves with its exit code. */
export type RunCommand<Invocation> = (invocation: Invocation, runtime: Runtime, version: string) => Promise<number>;

/** A command line that is understood, and ready to run. */
export interface ParsedCommand<Invocation> {
  readonly invocation: Invocation;
  run(runtime: Runtime, version: string): Promise<number>;
  /** The document to print where the command fails before it sends anything; undefined: a report without requests. */
  readonly errorDocument?: ((report: Report) => Promise<JSONObject>) | undefined;
}

/** One command of the program. `parse` throws only UsageErrors. */
export interface Command<Invocation> extends CommandHelp {
  parse(line: CommandLine): ParsedCommand<Invocation>;
}

interface CommandDefinition<Invocation> extends CommandHelp {
  parse(line: CommandLine): Invocation;
  /** Imports the code that runs the command. It is not loaded for any other command. */
  load(): Promise<RunCommand<Invocation>>;
  errorDocument?(invocation: Invocation, report: Report): Promise<JSONObject>;
}

/** Joins the light part of a command, which is always loaded, with the code that runs it. */
export function defineCommand<Invocation>(definition: CommandDefinition<Invocation>): Command<Invocation> {
  const { parse, load, errorDocument, ...help } = definition;
  return {
    ...help,
    parse(line) {
      const invocation = parse(line);
      return {
        invocation,
        run: async (runtime, version) => (await load())(invocation, runtime, version),
        errorDocument: errorDocument && ((report) => errorDocument(invocation, report)),
      };
    },
  };
}
