import type { Flag } from '../flag.ts';

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
