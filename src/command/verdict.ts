import { VERDICTS, type ReportVerdict, type RequestReport } from '../render/report.ts';

/** The worst verdict of the requests that the user asked for; null when none was sent. */
export function worstVerdict(requests: readonly RequestReport[]): ReportVerdict | null {
  const verdicts = requests.flatMap(({ purpose, lookup }) =>
    purpose === 'request' && lookup !== null ? [lookup.verdict] : [],
  );
  if (verdicts.length === 0) return null;
  const rank = (verdict: ReportVerdict): number => (verdict === 'skipped' ? -1 : VERDICTS.indexOf(verdict));
  return verdicts.reduce((worst, verdict) => (rank(verdict) > rank(worst) ? verdict : worst));
}
