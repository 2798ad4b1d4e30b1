import type { BackendAccessFlags, Via } from '../backend-access.ts';
import type { ConnectionFlags } from '../connection.ts';
import type { TraceID } from '../trace/ids.ts';
import type { Nanos } from '../trace/time.ts';
import type { ServeArguments } from './serve.ts';
import type { Repetition } from './flags/repeat.ts';

/** What the trace is printed as (`-o`). */
export type OutputFormat =
  | 'tree'
  | 'wide'
  | 'summary'
  | 'json'
  | 'yaml'
  | 'jsonpath'
  | 'name'
  | 'otlp'
  | 'perfetto'
  | 'markdown';

/** How the trace is looked for, whatever the command. */
export interface LookupFlags {
  /** `--backend`, as given: `http://…`, `jaeger=http://…` or `auto`. Undefined: the one of the cluster. */
  readonly backend?: string;
  /** Undefined: the backend is asked without credentials. */
  readonly access?: BackendAccessFlags;
  /** How a backend in the cluster is reached; undefined: by whatever works. */
  readonly via?: Via;
  /** How long to look for the trace after the answer; 0 does not look. */
  readonly wait: Nanos;
  /** True when --wait was on the command line: it overrides every reason to stop early. */
  readonly waitIsExplicit: boolean;
  /** Neither the command line nor the environment says how long: some backends need longer than others. */
  readonly waitIsDefault: boolean;
  readonly requireComplete: boolean;
  readonly tracerUser?: string;
  /** Keep the command for `show last`. */
  readonly history: boolean;
}

/** What the server's answer is printed as (`--show-response`), by kubectl's names. */
export type AnswerFormat = 'table' | 'wide' | 'json' | 'yaml' | 'name';

export interface DrawFlags {
  readonly output: OutputFormat;
  /** What stands behind the `=` of `jsonpath=…`. */
  readonly outputArgument?: string;
  /** Undefined: not printed. */
  readonly answer?: AnswerFormat;
  readonly color: 'auto' | 'always' | 'never';
  readonly ascii: boolean;
  /** Replace what names objects, machines and people. */
  readonly redact: boolean;
  /** Columns; undefined: the terminal's, 120 without one. */
  readonly width?: number;
  /** Which rows are drawn; all that is given must be met. */
  readonly rows: {
    /** Levels below the first row. */
    readonly depth?: number;
    readonly minDuration?: Nanos;
    readonly services?: readonly string[];
    readonly errors: boolean;
    readonly noInferred: boolean;
  };
}

interface Common {
  /** The command line after the program's name, for the root span and the JSON; credentials removed. */
  readonly args: readonly string[];
  readonly connection: ConnectionFlags;
  readonly lookup: LookupFlags;
  /** `--export`: a URL, `default` without one, or `none`. */
  readonly exportTo?: string;
  readonly draw: DrawFlags;
}

/** An object by the name of its type, as typed: `po`, `deployments.v1.apps`. */
export interface NamedObject {
  readonly type: string;
  readonly name: string;
}

/** What `get` gets: a path as it is, lists of types or categories, or objects by name. */
export type GetTarget =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'lists'; readonly types: readonly string[] }
  | { readonly kind: 'objects'; readonly names: readonly NamedObject[] };

/** When a watch is over: after whichever comes first. */
export interface WatchEnd {
  readonly events?: number;
  readonly duration?: Nanos;
}

export interface GetInvocation extends Common {
  readonly kind: 'get';
  readonly target: GetTarget;
  readonly allNamespaces: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly subresource?: string;
  /** Objects in one answer to a list; 0: all. */
  readonly chunkSize: number;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
  readonly ignoreNotFound: boolean;
  readonly watch?: WatchEnd;
  /** `--repeat`: for one request alone. */
  readonly repetition?: Repetition;
}

/**
 * What is to be shown again.
 * - `trace`: a trace by its ID; `backend`, as `--backend` takes it, where the address of its page was given.
 * - `file`, `input`: spans or a document of ours; `choice` is the beginning of the ID of one of several traces.
 * - `history`: a command of before; 0 is the last one.
 */
export type ShowSource =
  | { readonly kind: 'trace'; readonly traceID: TraceID; readonly backend?: string }
  | { readonly kind: 'file'; readonly path: string; readonly choice?: string }
  | { readonly kind: 'input'; readonly choice?: string }
  | { readonly kind: 'history'; readonly back: number };

export interface ShowInvocation extends Common {
  readonly kind: 'show';
  readonly source: ShowSource;
}

/** `-f`: files and folders; "-" is standard input. */
export interface Files {
  readonly names: readonly string[];
  readonly recursive: boolean;
}

/** A text that is sent: given itself, or in a file ("-" is standard input). */
export type InputSource = { readonly text: string } | { readonly file: string };

/** How the server is to take what is written. */
export interface WriteFlags {
  /** Nothing is stored. */
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

export interface CreateInvocation extends Common {
  readonly kind: 'create';
  readonly files: Files;
  readonly write: WriteFlags;
  readonly follow: FollowFlags;
}

export interface ReplaceInvocation extends Common {
  readonly kind: 'replace';
  readonly files: Files;
  readonly write: WriteFlags;
}

export interface ApplyInvocation extends Common {
  readonly kind: 'apply';
  readonly files: Files;
  readonly write: WriteFlags;
  readonly follow: FollowFlags;
  readonly forceConflicts: boolean;
  /** --server-side was on the command line: then nobody has to be told. */
  readonly serverSideIsExplicit: boolean;
}

export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

export interface PatchInvocation extends Common {
  readonly kind: 'patch';
  readonly names: readonly NamedObject[];
  readonly patch: InputSource;
  readonly patchType: PatchType;
  readonly subresource?: string;
  /** Of an apply patch only. */
  readonly forceConflicts: boolean;
  readonly write: WriteFlags;
}

/** What is to be deleted. `selected` without selectors: everything. */
export type DeleteTarget =
  | { readonly kind: 'files'; readonly files: Files }
  | { readonly kind: 'names'; readonly names: readonly NamedObject[] }
  | {
      readonly kind: 'selected';
      /** As typed; categories too. */
      readonly types: readonly string[];
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
    };

export interface DeleteInvocation extends Common {
  readonly kind: 'delete';
  readonly target: DeleteTarget;
  readonly allNamespaces: boolean;
  readonly dryRun: boolean;
  readonly cascade: 'background' | 'foreground' | 'orphan';
  /** Undefined: the object's own. */
  readonly gracePeriodSeconds?: number;
  /** At once, whatever still runs. */
  readonly forced: boolean;
  readonly ignoreNotFound: boolean;
}

/** How far pods are followed. */
export interface FollowFlags {
  readonly follow: boolean;
  readonly untilStuck: Nanos;
  readonly timeout: Nanos;
}

export interface PodInvocation extends Common {
  readonly kind: 'pod';
  /** As typed: `pods`, `deploy`, `statefulsets.apps`. */
  readonly resource: string;
  readonly name: string;
  readonly follow: FollowFlags;
}

export interface RawInvocation extends Common {
  readonly kind: 'raw';
  readonly method: string;
  readonly path: string;
  readonly data?: InputSource;
  /** Lower-case names. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface RunInvocation extends Common {
  readonly kind: 'run';
  /** The program and its arguments, as they are to be run: they may hold credentials, and are not to be shown. */
  readonly command: readonly string[];
  /** Undefined: standard error. */
  readonly traceOutput?: string;
}

/** What an invocation has that others have not. */
export type OwnArguments<Whole> = Whole extends unknown ? Omit<Whole, keyof Common> : never;

/** Commands that send requests of the user's and trace them. */
export type RequestInvocation = GetInvocation | WriteInvocation | RunInvocation;
export type WriteInvocation =
  | CreateInvocation
  | ApplyInvocation
  | ReplaceInvocation
  | PatchInvocation
  | DeleteInvocation
  | RawInvocation;

/** `serve`: neither asks the cluster nor draws anything. */
export interface ServeInvocation extends ServeArguments {
  readonly kind: 'serve';
  readonly args: readonly string[];
}

/** argv, understood. After this nothing looks at argv again. */
export type Invocation =
  | RequestInvocation
  | ShowInvocation
  | ServeInvocation
  | PodInvocation
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'version' };
