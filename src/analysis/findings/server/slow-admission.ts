import { shell } from '../../../format/shell-command.ts';
import { textAttribute } from '../../attributes.ts';
import { BUILT_IN_ADMISSION } from '../../kubernetes/admission-time.ts';
import { isAdmissionPlugin } from '../../kubernetes/measured-rows.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/**
 * Admission plug-ins and policies in the API server have no spans: their time is inferred from the gap that they leave.
 * The API server's metrics show each of them.
 */
export const slowAdmission = defineTimeFinding({
  id: 'slow-admission',
  threshold: atLeast(50, 10),
  title: ({ isMeasured }) => `the API server's own admission and validation${isMeasured ? '' : ' (inferred)'}`,
  detail: ({ isMeasured, longest }) =>
    isMeasured
      ? `Most of it was the plug-in ${longest}, by the API server's metrics.`
      : 'Built-in plug-ins, admission policies (CEL) and quotas have no spans; the metrics show each of them.',
  hint: 'Look for costly expressions in admission policies, and for quotas that many requests share.',
  command: shell`kubectl get --raw /metrics | grep apiserver_admission_controller_admission_duration_seconds_sum`,
  find,
});

function find(index: TraceIndex) {
  const gaps = index.onPath().filter(({ source, span }) => source === 'gap' && span.name === BUILT_IN_ADMISSION);
  const inferred = gaps.map((span): Part => ({ span, nanos: index.criticalTime(span) }));
  // A plug-in that calls webhooks waits for them: that time is theirs.
  const measured = index
    .onPath()
    .filter(isAdmissionPlugin)
    .map((span): Part => ({ span, nanos: index.ownTimeWithin(span, -Infinity, Infinity) }));
  const longest = measured.toSorted((one, other) => other.nanos - one.nanos)[0];
  const metricName = longest && textAttribute(longest.span.span.attributes, 'metric.label.name');
  return [
    { parts: inferred, isMeasured: false, longest: '' },
    { parts: measured, isMeasured: true, longest: metricName ?? '' },
  ];
}
