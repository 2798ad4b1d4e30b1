import { eventEvidence, shortened } from '../causes/evidence.ts';
import { signOf } from '../signs/sign-of.ts';
import type { Cause } from '../verdict.ts';
import type { WorkloadSnapshot } from './workload-snapshot.ts';
import type { WorkloadPod } from './pod-role.ts';
import { endOf } from './back-off.ts';
import { describeWorkload } from './waits.ts';

/** A Job that has failed: by which of its rules, and what its last pod says. */
export function failedJobCause({ read: { workload, status }, pods }: WorkloadSnapshot): Cause {
  const condition = workload.conditions.get('Failed');
  const [last] = pods
    .filter(({ role }) => role === 'finished')
    .toSorted((one, other) => Number(endOf(other.object).at - endOf(one.object).at));
  const cause = last?.lifecycle.verdict.cause ?? undefined;
  const sign = signOf('workload', `Failed=True ${status.reason ?? ''}`, status.message);
  return {
    reason: sign?.reason ?? 'Unknown',
    stage: sign?.stage ?? 'Running',
    proven: true,
    final: true,
    since: status.since,
    message: shortened(cause === undefined ? status.message : `${status.message}; ${podWords(last)}`),
    waitingFor: { kind: 'controller', name: 'Job' },
    owner: 'author',
    who: cause?.who ?? 'the author of the program, or of its limits',
    evidence: [
      { kind: 'condition', text: shortened(`Failed=True ${status.reason ?? ''} ${condition?.message ?? ''}`.trim()) },
      ...(cause?.evidence ?? []),
    ],
    next: [...(cause?.next ?? []), describeWorkload(workload)],
    ...(cause?.log !== undefined && { log: cause.log }),
  };
}

const podWords = (pod: WorkloadPod | undefined): string =>
  pod === undefined ? '' : `pod ${pod.lifecycle.name}: ${pod.lifecycle.verdict.cause?.message ?? 'ended'}`;

/**
 * Reasons that the CronJob controller reports when it cannot start any run
 * (pkg/controller/cronjob/cronjob_controllerv2.go).
 */
const SCHEDULE_FAULTS = ['UnknownTimeZone', 'UnparseableSchedule', 'UnParseableCronJobSchedule', 'InvalidSchedule'];

/** A schedule that its controller cannot read: no run is ever started. */
export function unreadableSchedule({ read: { workload }, events }: WorkloadSnapshot): Cause | undefined {
  if (workload.kind !== 'CronJob') return undefined;
  const faults = events.filter(
    ({ reason, last }) => SCHEDULE_FAULTS.includes(reason) && last.at >= workload.changedAt.at,
  );
  const [first] = faults;
  const fault = faults.at(-1);
  if (first === undefined || fault === undefined) return undefined;
  return {
    reason: 'InvalidSchedule',
    stage: 'Controller',
    proven: true,
    final: false,
    since: first.first,
    message: shortened(fault.message),
    waitingFor: { kind: 'controller', name: 'CronJob' },
    owner: 'author',
    who: "the manifest's author",
    evidence: eventEvidence(faults),
    next: [describeWorkload(workload)],
  };
}
