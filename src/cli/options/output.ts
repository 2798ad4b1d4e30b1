import { UsageError } from '../../errors.ts';
import type { Nanos } from '../../trace/time.ts';
import type { FlagValues } from '../values.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { Flag } from '../flag.ts';
import type { AnswerFormat } from './response.ts';

/** What the trace is printed as, and which rows are drawn. */
export const OUTPUT_FLAGS: readonly Flag[] = [
  {
    name: 'output',
    alias: 'o',
    type: 'format',
    group: 'output',
    placeholder: 'FORMAT',
    choices: ['tree', 'wide', 'summary', 'json', 'yaml', 'jsonpath=TEMPLATE', 'name', 'otlp', 'perfetto', 'markdown'],
    default: 'tree',
    help: 'What the trace is printed as',
  },
  {
    name: 'color',
    type: 'choice',
    group: 'output',
    placeholder: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    help: 'Whether to use colors; auto follows NO_COLOR, FORCE_COLOR and the terminal',
  },
  { name: 'ascii', type: 'boolean', group: 'output', help: 'Draw with ASCII characters only' },
  {
    name: 'width',
    type: 'columns',
    group: 'output',
    placeholder: 'COLUMNS',
    help: "Columns to draw in, at least 40; without this flag the terminal's, or 120 without a terminal",
  },
  {
    name: 'depth',
    type: 'count',
    group: 'output',
    placeholder: 'LEVELS',
    help: 'Draw at most so many levels below the first row',
  },
  {
    name: 'min-duration',
    type: 'duration',
    group: 'output',
    placeholder: 'DURATION',
    help: 'Draw only rows that take at least so long, and those above them',
  },
  {
    name: 'service',
    type: 'string',
    group: 'output',
    placeholder: 'NAME,…',
    help: 'Draw only rows of these services, and those above them',
  },
  { name: 'errors', type: 'boolean', group: 'output', help: 'Draw only rows that failed, and those above them' },
  {
    name: 'redact',
    type: 'boolean',
    group: 'output',
    help: 'Replace names, addresses and keys by pseudonyms, the same ones for the same names, in every output',
  },
  { name: 'no-inferred', type: 'boolean', group: 'output', help: 'Do not draw rows that no span measured' },
];

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

/** What is printed, and which rows of the trace. */
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

/** What is printed, and how. Throws a UsageError. */
export function drawFlags(values: FlagValues): DrawFlags {
  const { choice: output, argument: outputArgument } = values.format<OutputFormat>('output');
  const redact = values.boolean('redact') ?? false;
  const answer = values.optionalChoice<AnswerFormat>('show-response');
  if (redact && answer !== undefined) {
    throw new UsageError('RedactAndResponse', '--redact and --show-response cannot be used together', {
      hint: 'what the server answered is objects, which have no pseudonyms',
    });
  }
  return withoutUndefined({
    output,
    outputArgument,
    answer,
    color: values.choice<DrawFlags['color']>('color'),
    ascii: values.boolean('ascii') ?? false,
    redact,
    width: values.columns('width'),
    rows: rowsFlags(values),
  });
}

function rowsFlags(values: FlagValues): DrawFlags['rows'] {
  return withoutUndefined({
    depth: values.count('depth'),
    minDuration: values.optionalDuration('min-duration'),
    services: values.names('service'),
    errors: values.boolean('errors') ?? false,
    noInferred: values.boolean('no-inferred') ?? false,
  });
}
