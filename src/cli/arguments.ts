import type { ConnectionFlags } from '../connection.ts';
import type { LookupFlags } from './options/lookup.ts';
import type { DrawFlags } from './options/output.ts';

/** What every command has that asks the API server for something and looks for the trace of it. */
export interface CommonArguments {
  /** The command line after the program's name, for the root span and the JSON; credentials removed. */
  readonly args: readonly string[];
  readonly connection: ConnectionFlags;
  readonly lookup: LookupFlags;
  /** `--export`: a URL, `default` without one, or `none`. */
  readonly exportTo?: string;
  readonly draw: DrawFlags;
}

/** What an invocation has that others have not. */
export type OwnArguments<Whole> = Whole extends unknown ? Omit<Whole, keyof CommonArguments> : never;
