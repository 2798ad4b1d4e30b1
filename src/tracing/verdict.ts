import { VERDICTS, type ReportVerdict } from '../report/report.ts';

/** The worst of the verdicts of a command's requests; null without any. */
export function worstVerdict(verdicts: readonly ReportVerdict[]): ReportVerdict | null {
  if (verdicts.length === 0) return null;
  const rank = (verdict: ReportVerdict): number => (verdict === 'skipped' ? -1 : VERDICTS.indexOf(verdict));
  return verdicts.reduce((worst, verdict) => (rank(verdict) > rank(worst) ? verdict : worst));
}
