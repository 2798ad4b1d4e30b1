import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { OUTPUT_FLAGS } from '../../cli/options/output.ts';
import { redactArguments } from '../../cli/redact.ts';
import { defineCommand } from '../command.ts';
import { HISTORY_FLAGS, parseHistory, type HistoryInvocation } from './arguments.ts';

/** `history`. */
export const history = defineCommand<HistoryInvocation>({
  summary: 'List earlier commands with their trace IDs, or remove them',
  usage: ['history [WORD…]', 'history --remove TRACE_ID…', 'history --remove-all'],
  examples: [
    ['List the stored commands, the newest first', 'history'],
    ['List the writes of the last hour that failed', 'history apply --since 1h --failed'],
    ['List complete trace IDs', 'history -o wide'],
    ['Remove the last command from the history', 'history --remove last'],
  ],
  common: ['since', 'verdict', 'failed', 'remove', 'output'],
  flags: [...HISTORY_FLAGS, ...OUTPUT_FLAGS, ...BASIC_FLAGS],
  parse: ({ argv, words, positionals, values }) => ({
    kind: 'history',
    args: redactArguments(argv, words),
    ...parseHistory(positionals, values),
  }),
  load: async () => (await import('./run.ts')).runHistory,
});
