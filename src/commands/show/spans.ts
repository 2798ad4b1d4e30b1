import { counted } from '../../format/counted.ts';
import { escapeText } from '../../render/escape.ts';
import { shell, ShellPart } from '../../format/shell-command.ts';
import { UsageError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import type { Span } from '../../trace/span.ts';
import { tracesOf, type SpansOfTrace } from './read-spans.ts';
import { programPart } from '../../format/program-name.ts';

/** The trace whose ID begins with `choice`, else the first; then standard error says that there are more. */
export function chooseTrace(
  spans: readonly Span[],
  { name, choice }: { readonly name: string; readonly choice: string | undefined },
  runtime: Runtime,
): SpansOfTrace {
  const traces = tracesOf(spans);
  const [first, ...others] = traces;
  if (first === undefined) throw new UsageError('NoSpans', `${name} holds no spans`);
  if (choice === undefined) {
    if (others.length > 0) {
      const which = name === 'standard input' ? new ShellPart('-') : name;
      runtime.err.write(
        `note: ${escapeText(name)} holds ${counted(traces.length, 'trace')}, and this is the first; for another: ${escapeText(shell`${programPart()} show ${which}`)} ${nameSome(others)}\n`,
      );
    }
    return first;
  }
  const chosen = traces.filter((trace) => idsOf(trace).some((id) => id.startsWith(choice)));
  const [only] = chosen;
  if (only === undefined) {
    throw new UsageError('NoSuchTrace', `${name} holds no trace whose ID begins with ${choice}`, {
      hint: `it holds ${nameSome(traces)}`,
    });
  }
  if (chosen.length > 1) {
    throw new UsageError(
      'AmbiguousTrace',
      `${counted(chosen.length, 'trace')} in ${name} have IDs that begin with ${choice}`,
      {
        hint: `they are ${nameSome(chosen)}`,
      },
    );
  }
  return only;
}

const idsOf = ({ traceID, spans }: SpansOfTrace): string[] => [
  ...new Set([traceID, ...spans.map((span) => span.traceID)]),
];

const MAX_NAMED = 5;

/** `ID or ID or ID, or one of 12 more` */
function nameSome(traces: readonly SpansOfTrace[]): string {
  const names = traces.slice(0, MAX_NAMED).map(({ traceID }) => traceID);
  const more = traces.length - names.length;
  return `${names.join(' or ')}${more === 0 ? '' : `, or one of ${more} more`}`;
}
