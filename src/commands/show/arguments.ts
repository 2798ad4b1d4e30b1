import { shell } from '../../format/shell-command.ts';
import { UsageError } from '../../errors.ts';
import { parseTraceID, type TraceID } from '../../trace/ids.ts';
import type { CommonArguments } from '../../cli/arguments.ts';
import type { DrawFlags } from '../../cli/options/output.ts';
import type { FlagValues } from '../../cli/values.ts';
import { storedName } from '../../cli/stored-command.ts';
import { parseTracePage } from './trace-page.ts';
import { programName, programPart } from '../../format/program-name.ts';

/**
 * Source of what is shown.
 * - `trace`: a trace by its ID; `prefix` may begin the ID of a stored command. `backend`, as `--backend`
 *   takes it, where the address of its page was given.
 * - `file`, `input`: spans or a document of this tool; `choice` is the beginning of the ID of one of several traces.
 * - `history`: an earlier command; 0 is the last one.
 */
export type ShowSource =
  | { readonly kind: 'trace'; readonly traceID: TraceID; readonly prefix?: string; readonly backend?: string }
  | { readonly kind: 'file'; readonly path: string; readonly choice?: string }
  | { readonly kind: 'input'; readonly choice?: string }
  | { readonly kind: 'history'; readonly back: number };

export interface ShowInvocation extends CommonArguments {
  readonly kind: 'show';
  readonly source: ShowSource;
  /** A log of the API server, for a stored command whose trace was not found. */
  readonly log?: LogFile | undefined;
  /** The trace that it is compared with. */
  readonly compare?: ShowSource | undefined;
}

/** The logs of the API server, by their flags. */
const LOGS = ['audit-log', 'apiserver-log'] as const;
export type LogKind = (typeof LOGS)[number];

interface LogFile {
  readonly kind: LogKind;
  /** `-` for standard input. */
  readonly path: string;
}

/** `show`'s own arguments: what to show, a log beside it, and what to compare it with. */
export function parseShow(
  positionals: readonly string[],
  values: FlagValues,
  output: DrawFlags['output'],
): Pick<ShowInvocation, 'source' | 'log' | 'compare'> {
  const source = parseSource(positionals);
  const [log, other] = LOGS.flatMap((kind): LogFile[] => {
    const path = values.filledString(kind);
    return path === undefined ? [] : [{ kind, path }];
  });
  if (other !== undefined) throw new UsageError('InvalidArguments', 'give --audit-log or --apiserver-log, not both');
  const isStored = source.kind === 'history' || (source.kind === 'trace' && source.prefix !== undefined);
  if (log !== undefined && !isStored) {
    throw new UsageError('InvalidArguments', `--${log.kind} is for a command that was stored`, {
      hint: shell`${programPart()} show last --${log.kind} FILE`,
    });
  }
  return { source, log, compare: parseCompared(source, values.filledString('compare'), output) };
}

function parseCompared(
  source: ShowSource,
  what: string | undefined,
  output: DrawFlags['output'],
): ShowSource | undefined {
  if (what === undefined) return undefined;
  if (output !== 'html') {
    throw new UsageError('InvalidArguments', `-o ${output} has no comparison: only a page has`, {
      hint: shell`${programPart()} show last --compare ${what} -o html > comparison.html`,
    });
  }
  const compared = sourceOf(what);
  if (source.kind === 'input' && compared.kind === 'input') {
    throw new UsageError('InvalidArguments', 'standard input has one trace: it cannot be compared with itself', {
      hint: `write one of them into a file: ${programName()} show - --compare FILE -o html`,
    });
  }
  return compared;
}

/** The thing to show and, of several traces in a file, which one. */
function parseSource(positionals: readonly string[]): ShowSource {
  const [what, choice, ...rest] = positionals;
  if (what === undefined || what === '') {
    throw new UsageError('TraceRequired', 'You must say which trace to show', { hint: ways() });
  }
  if (rest.length > 0) throw new UsageError('TooManyArguments', `unexpected argument "${rest[0]}"`);
  const source = sourceOf(what);
  if (choice === undefined) return source;
  if (source.kind !== 'file' && source.kind !== 'input') {
    throw new UsageError('TooManyArguments', `unexpected argument "${choice}"`, {
      hint: `only a file can hold several traces to choose from: ${programName()} show FILE TRACE_ID`,
    });
  }
  if (!/^[0-9a-fA-F]{1,32}$/.test(choice)) {
    throw new UsageError('InvalidArguments', `"${choice}" is not the beginning of a trace ID`, {
      hint: 'a trace ID is 32 hexadecimal digits; its first few are enough',
    });
  }
  return { ...source, choice: choice.toLowerCase() };
}

const ways = (): string =>
  `${programName()} show last, or a trace ID, the address of its page, a file of spans, or - for standard input`;

function sourceOf(what: string): ShowSource {
  if (what === '-') return { kind: 'input' };
  const stored = storedName(what);
  if (stored !== undefined && 'back' in stored) return { kind: 'history', back: stored.back };
  if (/^https?:\/\//i.test(what)) return { kind: 'trace', ...parseTracePage(what) };
  const traceID = parseTraceID(what);
  if (traceID !== undefined) return { kind: 'trace', traceID, ...stored };
  return { kind: 'file', path: what };
}
