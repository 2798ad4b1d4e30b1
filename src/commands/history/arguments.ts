import type { Flag } from '../../cli/flag.ts';
import { drawFlags, type DrawFlags } from '../../cli/options/output.ts';
import type { FlagValues } from '../../cli/values.ts';
import { UsageError } from '../../errors.ts';
import { VERDICTS } from '../../report/report.ts';
import type { Nanos } from '../../trace/time.ts';
import { programName } from '../../format/program-name.ts';

export const HISTORY_FLAGS: readonly Flag[] = [
  {
    name: 'since',
    type: 'duration',
    group: 'history',
    placeholder: 'DURATION',
    help: 'List only commands that are not older than this',
  },
  {
    name: 'verdict',
    type: 'string',
    group: 'history',
    placeholder: 'VERDICT,…',
    help: `List only commands with one of these verdicts: ${VERDICTS.join(', ')}, skipped; of pods: ready, stuck and so on`,
  },
  {
    name: 'failed',
    type: 'boolean',
    group: 'history',
    help: 'List only commands whose exit status was not 0',
  },
  {
    name: 'remove',
    type: 'boolean',
    group: 'history',
    help: 'Remove the named commands from the history instead of listing',
  },
  { name: 'remove-all', type: 'boolean', group: 'history', help: 'Remove all commands from the history' },
];

/** Conditions for a listed command: all of them must be met. */
export interface HistoryFilter {
  /** In the command line. */
  readonly words: readonly string[];
  readonly since: Nanos | undefined;
  readonly verdicts: readonly string[] | undefined;
  readonly failed: boolean;
}

export interface HistoryInvocation {
  readonly kind: 'history';
  readonly args: readonly string[];
  readonly draw: DrawFlags;
  readonly task:
    | { readonly kind: 'list'; readonly filter: HistoryFilter }
    /** Beginnings of trace IDs, `last`, `^1`; undefined: all. */
    | { readonly kind: 'remove'; readonly commands: readonly string[] | undefined };
}

/** The forms of `-o` that a list of commands has. */
const FORMS: ReadonlySet<DrawFlags['output']> = new Set(['tree', 'wide', 'json', 'yaml', 'jsonpath', 'name']);

/** `history`'s own arguments: words of the command lines to list, or the commands to remove. */
export function parseHistory(
  positionals: readonly string[],
  values: FlagValues,
): Pick<HistoryInvocation, 'draw' | 'task'> {
  const draw = drawFlags(values);
  if (!FORMS.has(draw.output) || draw.redact) {
    const flag = draw.redact ? '--redact' : `-o ${draw.output}`;
    throw new UsageError('InvalidArguments', `history has no ${flag}`, {
      hint: `a list is printed with -o wide, json, yaml, jsonpath or name; to print one trace: ${programName()} show last`,
    });
  }
  const filter: HistoryFilter = {
    words: positionals,
    since: values.optionalDuration('since'),
    verdicts: values.names('verdict'),
    failed: values.boolean('failed') ?? false,
  };
  const removes = values.boolean('remove') ?? false;
  const removesAll = values.boolean('remove-all') ?? false;
  if (!removes && !removesAll) return { draw, task: { kind: 'list', filter } };
  if (filter.since !== undefined || filter.verdicts !== undefined || filter.failed) {
    throw new UsageError('InvalidArguments', '--remove takes trace IDs, and no filter', {
      hint: `list and remove: ${programName()} history --since 1h -o name | xargs ${programName()} history --remove`,
    });
  }
  if (removesAll && (removes || positionals.length > 0)) {
    throw new UsageError('InvalidArguments', '--remove-all takes no names and no --remove', {
      hint: `to remove some commands: ${programName()} history --remove TRACE_ID…`,
    });
  }
  if (removes && positionals.length === 0) {
    throw new UsageError('TraceRequired', 'You must say which commands to remove', {
      hint: `for example: ${programName()} history --remove last, or: ${programName()} history --remove-all`,
    });
  }
  return { draw, task: { kind: 'remove', commands: removesAll ? undefined : positionals } };
}
