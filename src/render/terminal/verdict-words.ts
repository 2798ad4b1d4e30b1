import { counted } from '../../format/counted.ts';
import { ExitCode } from '../../errors.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { placeWords } from './location-words.ts';
import type { FoundBy, LookupReport, Report } from '../../report/report.ts';

const FOUND_BY: Readonly<Record<FoundBy, string>> = {
  'trace-id': 'by trace ID',
  link: 'by its link to our trace',
  'audit-id': 'by Audit-Id',
  fingerprint: 'by the request itself',
  metrics: "by the API server's metrics",
  'audit-log': 'by the audit log',
  'apiserver-log': "by the API server's log",
};

/** `complete: 11 of 11 spans` and, where it was found, `by trace ID`, `after 4.90 s in jaeger`. */
export function verdictWords(
  report: Report,
  lookup: LookupReport | null,
): { readonly verdict: string; readonly found: readonly string[] } {
  if (lookup === null || lookup.verdict === 'skipped') return { verdict: 'not looked up', found: [] };
  const { verdict, foundBy, expected, received } = lookup;
  const place = report.backend === null ? '' : ` in ${placeWords(report.backend)}`;
  const waited = `after ${formatDuration(lookup.waitedNanos)}${place}`;
  const { error } = report;
  if (foundBy === null && error?.code === ExitCode.backendFailed) {
    // For the JSON's `missing`: nothing was found out about the trace.
    const why =
      error.reason === 'BackendUnavailable'
        ? 'the trace backend is unreachable'
        : 'no usable response from the trace backend';
    return { verdict: `not looked up: ${why}`, found: [] };
  }
  if (foundBy === null) {
    return { verdict: place === '' ? verdict : `${verdict}: not found ${waited}`, found: [] };
  }
  if (foundBy === 'metrics') {
    return {
      verdict: `${verdict}: ${counted(received, 'stage')}`,
      found: [FOUND_BY[foundBy], `after ${formatDuration(lookup.waitedNanos)}`],
    };
  }
  if (foundBy === 'audit-log' || foundBy === 'apiserver-log')
    return { verdict: `${verdict}: ${counted(received, 'time')}`, found: [FOUND_BY[foundBy]] };
  const count = expected === null ? counted(received, 'span') : `${received} of ${counted(expected, 'span')}`;
  return {
    verdict: `${verdict}: ${count}`,
    found: [FOUND_BY[foundBy], waited],
  };
}
