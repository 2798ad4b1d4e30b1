import { shell } from '../../../format/shell-command.ts';
import { BUILT_IN_ADMISSION } from '../../kubernetes/admission-time.ts';
import { conclude } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/** Admission plug-ins and policies in the API server itself have no spans: the gap that they leave is inferred. */
export const slowAdmission: Finder = (evidence) =>
  conclude(evidence, {
    id: 'slow-admission',
    parts: evidence
      .onPath()
      .filter(({ source, span }) => source === 'gap' && span.name === BUILT_IN_ADMISSION)
      .map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: "the API server's own admission and validation (inferred)",
    detail: ['Built-in plug-ins, admission policies (CEL) and quotas have no spans; the metrics name each of them.'],
    hint: 'Look for costly expressions in admission policies, and for quotas that many requests share.',
    command: shell`kubectl get --raw /metrics | grep apiserver_admission_controller_admission_duration_seconds_sum`,
  });
