export type FlagGroup =
  | 'selection'
  | 'request'
  | 'watch'
  | 'subresource'
  | 'absence'
  | 'response'
  | 'repeat'
  | 'files'
  | 'write'
  | 'fields'
  | 'validation'
  | 'apply'
  | 'conflicts'
  | 'patch'
  | 'delete'
  | 'raw'
  | 'serve'
  | 'run'
  | 'export'
  | 'follow'
  | 'history'
  | 'setup'
  | 'lookup'
  | 'backend'
  | 'output'
  | 'comparison'
  | 'connection'
  | 'general';

/**
 * How a flag's value is read. `timeout` is a duration that may also be a bare number of seconds (client-go's
 * ParseTimeout); `strings` may be repeated, of all others the last one wins. A `format` is a choice of which some take an
 * argument: `jsonpath={.verdict}`. An `integer` is one of Go's, with a sign or a base: `0x1f`.
 */
export type FlagType =
  | 'string'
  | 'strings'
  | 'choice'
  | 'format'
  | 'boolean'
  | 'duration'
  | 'timeout'
  | 'columns'
  | 'count'
  | 'integer';

/** One flag, as data: parsing, help text, documentation and environment variables are made from this table. */
export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly alias?: string;
  readonly type: FlagType;
  readonly group: FlagGroup;
  /** Placeholder for the value in help texts; booleans have none. */
  readonly placeholder?: string;
  /** For a `choice`: every allowed value. For a `format`: a value with an argument is written with it, `jsonpath=…`. */
  readonly choices?: readonly string[];
  /** As it would be typed. */
  readonly default?: string;
  /** The value of the flag without one; pflag's NoOptDefVal. The next argument is then never its value. */
  readonly implied?: string;
  /** Replaced by REDACTED wherever the command line is shown or stored. */
  readonly secret?: true;
  /** An uppercase beginning, no final period. */
  readonly help: string;
}

/** Groups whose flags are also set by the environment. */
const HAVE_ENVIRONMENT: readonly FlagGroup[] = ['response', 'follow', 'lookup', 'backend', 'export', 'output', 'serve'];

/**
 * `KUBECTL_TRACE_WAIT`; undefined for what is about one command (its objects, what it is compared with, kubectl's connection
 * flags).
 */
export function environmentName(flag: Flag): string | undefined {
  if (!HAVE_ENVIRONMENT.includes(flag.group)) return undefined;
  return `KUBECTL_TRACE_${flag.name.toUpperCase().replaceAll('-', '_')}`;
}
