import { displayedFindings } from '../../analysis/findings/index.ts';
import { lastEndOf } from '../../analysis/completeness/settled.ts';
import { spansReport, type Shown } from '../../report/spans-report.ts';
import type { Judgement } from '../../serve/query/drawing.ts';
import { shortened } from '../../serve/query/summing.ts';

/** The judgement of a trace in a list: the findings that `show` has of the same spans. */
export function judgeTrace(shown: Shown): Judgement {
  const { analysis } = spansReport(shown);
  const findings = displayedFindings(analysis?.findings ?? []);
  return {
    lastEnd: lastEndOf(shown.spans),
    findings: findings.map(({ headline, severity, spans: [about] }) => ({
      headline: shortened(headline),
      severity,
      spanID: about.spanID,
    })),
  };
}
