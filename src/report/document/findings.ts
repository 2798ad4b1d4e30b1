import { readCommand, type ShellCommand } from '../../format/shell-command.ts';
import type { Finding, Severity } from '../../analysis/findings/finding.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { DocumentReader } from './document-reader.ts';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** The findings of a document, as they were made: other thresholds than today's may have been in force. */
export function readFindings(summary: DocumentReader | null, { spans }: Trace): Finding[] {
  if (summary === null) return [];
  const byID = Map.groupBy(spans, ({ spanID }) => spanID);
  return summary.objects('findings').flatMap((finding): Finding[] => {
    const [first, ...others] = finding
      .spanIDs('spanIDs')
      .flatMap((id): PlacedSpan[] => byID.get(id)?.slice(0, 1) ?? []);
    if (first === undefined) return [];
    return [
      {
        id: finding.text('id'),
        severity: finding.choice('severity', SEVERITIES),
        title: finding.text('title'),
        headline: finding.textOrNull('headline') ?? finding.text('title'),
        detail: finding.text('detail'),
        hint: finding.textOrNull('hint'),
        command: commandOrNull(finding.textOrNull('command')),
        nanos: finding.nanos('nanos'),
        share: finding.number('share'),
        spans: [first, ...others],
      },
    ];
  });
}

const commandOrNull = (text: string | null): ShellCommand | null => (text === null ? null : readCommand(text));
