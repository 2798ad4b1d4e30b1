import { commonArguments, SHOWING_FLAGS } from '../../cli/arguments.ts';
import { defineCommand } from '../command.ts';
import { parseShow, type ShowInvocation } from './arguments.ts';

/** `kubectl trace show`. */
export const show = defineCommand<ShowInvocation>({
  summary: 'Show a trace again: of an earlier command, by its ID, or from a file',
  usage: ['show last', 'show ^1', 'show TRACE_ID', 'show FILE [TRACE_ID]', 'show -'],
  examples: [
    ['The last command; its trace is looked for again where it was not found whole', 'kubectl trace show last'],
    ['The command before it, with its span IDs', 'kubectl trace show ^1 -o wide'],
    ['Any trace of the backend, by its ID or its page', 'kubectl trace show 4bf92f3577b34da6a3ce929d0e0e4736'],
    ['A file of OTLP, Jaeger, Zipkin or -o json; the trace whose ID begins so', 'kubectl trace show spans.json 4bf9'],
    ['For an issue report', 'kubectl trace show last -o markdown'],
  ],
  flags: SHOWING_FLAGS,
  parse: (line) => ({ kind: 'show', ...commonArguments(line), source: parseShow(line.positionals) }),
  load: async () => (await import('./run.ts')).runShow,
});
