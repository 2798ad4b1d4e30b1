import type { ConnectionFlags } from '../connection.ts';
import type { Flag } from './flag.ts';
import { BACKEND_FLAGS } from './options/backend.ts';
import { CONNECTION_FLAGS, connectionFlags } from './options/connection.ts';
import { EXPORT_FLAGS } from './options/export.ts';
import { LOOKUP_FLAGS, lookupFlags, type LookupFlags } from './options/lookup.ts';
import { drawFlags, OUTPUT_FLAGS, type DrawFlags } from './options/output.ts';
import { redactArguments } from './redact.ts';
import type { Word } from './split.ts';
import type { FlagValues } from './values.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The command line of one command, split into words and read, not yet understood. */
export interface CommandLine {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  readonly words: readonly Word[];
  /** The arguments after the command's name that are not flags. */
  readonly positionals: readonly string[];
  readonly values: FlagValues;
}

/** Arguments that all commands with a trace have. */
export interface CommonArguments {
  /** The command line after the program's name, for the root span and the JSON; credentials removed. */
  readonly args: readonly string[];
  readonly connection: ConnectionFlags;
  readonly lookup: LookupFlags;
  /** `--export`: a URL, `default` without one, or `none`. */
  readonly exportTo?: string;
  readonly draw: DrawFlags;
}

/** The arguments that belong to one command alone. */
export type OwnArguments<Whole> = Whole extends unknown ? Omit<Whole, keyof CommonArguments> : never;

const GENERAL_FLAGS: readonly Flag[] = [
  { name: 'help', alias: 'h', type: 'boolean', group: 'general', help: 'Show help' },
];

/** The flags of every command. */
export const BASIC_FLAGS: readonly Flag[] = [...CONNECTION_FLAGS, ...GENERAL_FLAGS];

/** The flags of every command that shows a trace. */
export const SHOWING_FLAGS: readonly Flag[] = [...LOOKUP_FLAGS, ...BACKEND_FLAGS, ...OUTPUT_FLAGS, ...BASIC_FLAGS];

/** The flags of every command that sends traced requests. */
export const TRACED_FLAGS: readonly Flag[] = [...EXPORT_FLAGS, ...SHOWING_FLAGS];

/** Reads the arguments that all commands with a trace have. Throws a UsageError. */
export function commonArguments({ argv, words, values }: CommandLine): CommonArguments {
  return {
    args: redactArguments(argv, words),
    connection: connectionFlags(values),
    lookup: lookupFlags(values),
    ...withoutUndefined({ exportTo: values.string('export') }),
    draw: drawFlags(values),
  };
}
