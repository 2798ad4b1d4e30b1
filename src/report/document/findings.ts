import { readCommand, type ShellCommand } from '../../format/shell-command.ts';
import type { Finding, Severity } from '../../analysis/findings/finding.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { DocumentReader } from './document-reader.ts';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** The findings of a document, as they were made: other thresholds than today's may have been in force. */
export function readFindings(summary: DocumentReader | null, { spans }: Trace): Finding[] {
  if (summary === null) return [];
  const byID = Map.groupBy(spans, ({ spanID }) => spanID);
  return summary.objects('findings').flatMap((one): Finding[] => {
    const [first, ...others] = one.spanIDs('spanIDs').flatMap((id): PlacedSpan[] => byID.get(id)?.slice(0, 1) ?? []);
    if (first === undefined) return [];
    return [
      {
        id: one.text('id'),
        severity: one.choice('severity', SEVERITIES),
        title: one.text('title'),
        detail: one.text('detail'),
        hint: one.textOrNull('hint'),
        command: commandOrNull(one.textOrNull('command')),
        nanos: one.nanos('nanos'),
        share: one.number('share'),
        spans: [first, ...others],
      },
    ];
  });
}

const commandOrNull = (text: string | null): ShellCommand | null => (text === null ? null : readCommand(text));
