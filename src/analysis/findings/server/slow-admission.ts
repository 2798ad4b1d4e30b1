import { shell } from '../../../format/shell-command.ts';
import { BUILT_IN_ADMISSION } from '../../kubernetes/admission-time.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/** Admission plug-ins and policies in the API server have no spans; their time is inferred from the gap that they leave. */
export const slowAdmission = defineTimeFinding({
  id: 'slow-admission',
  threshold: atLeast(50, 10),
  title: "the API server's own admission and validation (inferred)",
  detail: 'Built-in plug-ins, admission policies (CEL) and quotas have no spans; the metrics show each of them.',
  hint: 'Look for costly expressions in admission policies, and for quotas that many requests share.',
  command: shell`kubectl get --raw /metrics | grep apiserver_admission_controller_admission_duration_seconds_sum`,
  find,
});

function find(index: TraceIndex) {
  const gaps = index.onPath().filter(({ source, span }) => source === 'gap' && span.name === BUILT_IN_ADMISSION);
  return [{ parts: gaps.map((span) => ({ span, nanos: index.criticalTime(span) })) }];
}
