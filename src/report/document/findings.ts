import { readCommand, type ShellCommand } from '../../format/shell-command.ts';
import type { Finding, Severity } from '../../analysis/findings/finding.ts';
import type { SpanID } from '../../trace/ids.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { DocumentReader } from './document-reader.ts';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** The findings of a document, as they were made: other thresholds than today's may have been in force. */
export function readFindings(summary: DocumentReader | null, { spans }: Trace): Finding[] {
  if (summary === null) return [];
  const findings = summary.objects('findings');
  const firstOf = firstSpans(spans, new Set(findings.flatMap((finding) => finding.spanIDs('spanIDs'))));
  return findings.flatMap((finding): Finding[] => {
    const [first, ...others] = finding.spanIDs('spanIDs').flatMap((id) => firstOf.get(id) ?? []);
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

/** The first span of each of a few IDs. */
function firstSpans(spans: readonly PlacedSpan[], wanted: ReadonlySet<SpanID>): ReadonlyMap<SpanID, PlacedSpan> {
  const first = new Map<SpanID, PlacedSpan>();
  if (wanted.size === 0) return first;
  for (const span of spans) if (wanted.has(span.spanID) && !first.has(span.spanID)) first.set(span.spanID, span);
  return first;
}

const commandOrNull = (text: string | null): ShellCommand | null => (text === null ? null : readCommand(text));
