import type { ConnectionFlags } from '../connection.ts';
import type { Nanos } from '../trace/time.ts';

/** What the trace is printed as (`-o`). */
export type OutputFormat = 'tree' | 'json';

/** How the trace is looked for, whatever the command. */
export interface LookupFlags {
  /** `--backend`, as given: `http://…` or `jaeger=http://…`. Undefined: none is known. */
  readonly backend?: string;
  /** How long to look for the trace after the answer; 0 does not look. */
  readonly wait: Nanos;
  /** True when --wait was on the command line: it overrides every reason to stop early. */
  readonly waitIsExplicit: boolean;
  readonly requireComplete: boolean;
  readonly tracerUser?: string;
}

export interface DrawFlags {
  readonly output: OutputFormat;
  readonly color: 'auto' | 'always' | 'never';
  readonly ascii: boolean;
  /** Columns; undefined: the terminal's, 120 without one. */
  readonly width?: number;
}

interface Common {
  /** The command line after the program's name, for the root span and the JSON; credentials removed. */
  readonly args: readonly string[];
  readonly connection: ConnectionFlags;
  readonly lookup: LookupFlags;
  readonly draw: DrawFlags;
}

export interface GetInvocation extends Common {
  readonly kind: 'get';
  /** As typed: `nodes`, `po`, `deployments.v1.apps`. */
  readonly resource: string;
  /** Empty: list. */
  readonly names: readonly string[];
  readonly allNamespaces: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** `--raw PATH`: then `resource` is empty. */
  readonly raw?: string;
}

/** argv, understood. After this nothing looks at argv again. */
export type Invocation =
  | GetInvocation
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'version' };
