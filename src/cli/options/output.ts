import { UsageError } from '../../errors.ts';
import type { Nanos } from '../../trace/time.ts';
import type { FlagValues } from '../values.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { Flag } from '../flag.ts';
import type { ResponseFormat } from './response.ts';

/** Output format of the trace, and filters for its rows. */
export const OUTPUT_FLAGS: readonly Flag[] = [
  {
    name: 'output',
    alias: 'o',
    type: 'format',
    group: 'output',
    placeholder: 'FORMAT',
    choices: [
      'tree',
      'wide',
      'summary',
      'json',
      'yaml',
      'jsonpath=TEMPLATE',
      'name',
      'otlp',
      'perfetto',
      'speedscope',
      'folded',
      'markdown',
      'html',
      'svg',
    ],
    default: 'tree',
    help: 'Output format of the trace',
  },
  {
    name: 'color',
    type: 'choice',
    group: 'output',
    placeholder: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    help: 'When to use colors; auto honors NO_COLOR, FORCE_COLOR and the terminal',
  },
  {
    name: 'ascii',
    type: 'boolean',
    group: 'output',
    help: 'Draw with ASCII characters only; the locale and the terminal decide without it',
  },
  {
    name: 'width',
    type: 'columns',
    group: 'output',
    placeholder: 'COLUMNS',
    help: "Columns to draw in, at least 40; the terminal's width if omitted, or 120 without a terminal",
  },
  {
    name: 'depth',
    type: 'count',
    group: 'output',
    placeholder: 'LEVELS',
    help: 'Maximum tree depth below the root row',
  },
  {
    name: 'min-duration',
    type: 'duration',
    group: 'output',
    placeholder: 'DURATION',
    help: 'Hide rows shorter than this; their ancestors stay visible',
  },
  {
    name: 'service',
    type: 'string',
    group: 'output',
    placeholder: 'NAME,…',
    help: 'Show only rows of these services; their ancestors stay visible',
  },
  {
    name: 'errors',
    type: 'boolean',
    group: 'output',
    help: 'Show only rows that failed; their ancestors stay visible',
  },
  {
    name: 'redact',
    type: 'boolean',
    group: 'output',
    help: 'Replace names, addresses and keys with pseudonyms, the same ones in every output',
  },
  { name: 'no-inferred', type: 'boolean', group: 'output', help: 'Hide inferred rows, which no span measured' },
  {
    name: 'full',
    type: 'boolean',
    group: 'output',
    help: 'Draw all rows; without it, fast ones below 1 % of the whole are folded into one',
  },
];

/** Output format of the trace (`-o`). */
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
  | 'speedscope'
  | 'folded'
  | 'markdown'
  | 'html'
  | 'svg';

/** Output, and the rows of the trace. */
export interface DrawFlags {
  readonly output: OutputFormat;
  /** Text after the `=` of `jsonpath=…`. */
  readonly outputArgument?: string;
  /** Undefined: not printed. */
  readonly responseFormat?: ResponseFormat;
  readonly color: 'auto' | 'always' | 'never';
  /** Undefined: as the screen needs it. */
  readonly ascii?: boolean;
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
    readonly full: boolean;
  };
  /** Draw the legend and the remarks, which a reader needs once. */
  readonly remarks: boolean;
}

/** Output and its format. Throws a UsageError. */
export function drawFlags(values: FlagValues): DrawFlags {
  const { choice: output, argument: outputArgument } = values.format<OutputFormat>('output');
  const redact = values.boolean('redact') ?? false;
  const responseFormat = values.optionalChoice<ResponseFormat>('show-response');
  if (redact && responseFormat !== undefined) {
    throw new UsageError('RedactAndResponse', '--redact and --show-response cannot be used together', {
      hint: 'the response contains objects, which have no pseudonyms',
    });
  }
  return withoutUndefined({
    output,
    outputArgument,
    responseFormat,
    color: values.choice<DrawFlags['color']>('color'),
    ascii: values.boolean('ascii'),
    redact,
    width: values.columns('width'),
    rows: { ...rowsFlags(values), full: output === 'wide' || (values.boolean('full') ?? false) },
    remarks: output === 'wide' || (values.count('v') ?? 0) > 0,
  });
}

function rowsFlags(values: FlagValues): Omit<DrawFlags['rows'], 'full'> {
  return withoutUndefined({
    depth: values.count('depth'),
    minDuration: values.optionalDuration('min-duration'),
    services: values.names('service'),
    errors: values.boolean('errors') ?? false,
    noInferred: values.boolean('no-inferred') ?? false,
  });
}
