import type { Flag } from '../../cli/flag.ts';
import { commonArguments, SHOWING_FLAGS } from '../../cli/arguments.ts';
import { defineCommand } from '../command.ts';
import { parseShow, type ShowInvocation } from './arguments.ts';

/** Flags of this command alone. */
const OWN_FLAGS: readonly Flag[] = [
  {
    name: 'compare',
    type: 'string',
    group: 'comparison',
    placeholder: 'TRACE',
    help: 'Another trace, named as the one to show: with -o html, the page has the rows of both side by side, and how much longer each took',
  },
  {
    name: 'audit-log',
    type: 'string',
    group: 'lookup',
    placeholder: 'FILE',
    help: "The API server's audit log, for a stored command whose trace was not found: JSON lines, lists of events, or an export of CloudWatch, Azure or Cloud Logging; - is standard input",
  },
  {
    name: 'apiserver-log',
    type: 'string',
    group: 'lookup',
    placeholder: 'FILE',
    help: "The API server's log, for a stored command whose trace was not found: klog's text or JSON, or an export of them; - is standard input",
  },
];

/** `show`. */
export const show = defineCommand<ShowInvocation>({
  summary: 'Show a trace again: of an earlier command, by its trace ID, or from a file',
  usage: ['show last', 'show ^1', 'show TRACE_ID', 'show FILE [TRACE_ID]', 'show -'],
  examples: [
    ['Show the last command, and look up its trace again if it is incomplete', 'show last'],
    ['Show the command before the last one, with span IDs', 'show ^1 -o wide'],
    ['Show any trace of the backend', 'show 4bf92f3577b34da6a3ce929d0e0e4736'],
    ['Show one trace of a file (OTLP, Jaeger, Zipkin or -o json)', 'show spans.json 4bf9'],
    ['Print the last trace as Markdown, for an issue report', 'show last -o markdown'],
    ['Draw the last trace as a picture, with pseudonyms in place of names', 'show last -o svg --redact'],
    ['Compare the last command with the one before, in a page', 'show last --compare ^1 -o html'],
    ['Show the last command by the audit log of the API server', 'show last --audit-log audit.log'],
    ['Show it by the log of the API server', 'show last --apiserver-log kube-apiserver.log'],
  ],
  common: ['output', 'depth', 'min-duration', 'backend', 'wait'],
  flags: [...SHOWING_FLAGS, ...OWN_FLAGS],
  parse: (line) => {
    const common = commonArguments(line);
    return { kind: 'show', ...common, ...parseShow(line.positionals, line.values, common.draw.output) };
  },
  load: async () => (await import('./run.ts')).runShow,
});
