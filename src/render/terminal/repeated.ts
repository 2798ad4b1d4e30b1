import type { Report, RequestReport } from '../../report/report.ts';

/** The requests of `--repeat`, all of them the same; empty for a report of anything else. */
export function repeatedRequests({ requests, command }: Report): readonly RequestReport[] {
  // A retry after a busy server's response is a request too, but not a repetition.
  if (!command.args.some((word) => /^--repeat(=|$)/.test(word))) return [];
  const sent = requests.filter(({ purpose }) => purpose === 'request');
  const [first] = sent;
  if (first === undefined || sent.length < 2 || first.method !== 'GET') return [];
  const isSame = ({ method, path, query }: RequestReport): boolean =>
    method === first.method && path === first.path && query === first.query;
  return sent.every(isSame) ? sent : [];
}

export const isRepeated = (report: Report): boolean => repeatedRequests(report).length > 0;

/** Without the finding that requests are repeated: `--repeat` was to do that. */
export function withoutIntended(report: Report): Report {
  const { analysis } = report;
  if (analysis === null || !isRepeated(report)) return report;
  return {
    ...report,
    analysis: { ...analysis, findings: analysis.findings.filter(({ id }) => id !== 'repeated-requests') },
  };
}
