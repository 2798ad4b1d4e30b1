import { nanos } from '../../trace/time.ts';
import { POD_ROLES, type PodRole } from '../../pod/workload/pod-role.ts';
import { WORKLOAD_STATES } from '../../pod/workload/status.ts';
import type { WorkloadReport } from '../pod-report.ts';
import type { DocumentReader } from './document-reader.ts';
import { time } from './pod-verdict.ts';

/** The workload of a PodTrace document; null for a pod, and in documents from before there was this key. */
export function readWorkloadReport(document: DocumentReader): WorkloadReport | null {
  const workload = document.has('workload') ? document.objectOrNull('workload') : null;
  if (workload === null) return null;
  const count = (name: string): number | null => workload.integerOrNull(name);
  const pods = workload.object('pods');
  return {
    kind: workload.text('kind'),
    namespace: workload.text('namespace'),
    name: workload.text('name'),
    state: workload.choice('state', WORKLOAD_STATES),
    reason: workload.textOrNull('reason'),
    message: workload.text('message'),
    counts: {
      wanted: count('wanted'),
      current: count('current'),
      updated: count('updated'),
      ready: count('ready'),
      available: count('available'),
      succeeded: count('succeeded'),
      failed: count('failed'),
    },
    revision: workload.textOrNull('revision'),
    generation: count('generation'),
    observedGeneration: count('observedGeneration'),
    since: { at: time(workload, 'since'), uncertainty: nanos(0) },
    // They stand in the verdict's notes.
    remarks: [],
    pods: {
      current: pods.integer('current'),
      replaced: pods.integer('replaced'),
      terminating: pods.integer('terminating'),
      finished: pods.integer('finished'),
    },
    roles: new Map(document.objects('pods').flatMap(roleOf)),
  };
}

function roleOf(pod: DocumentReader): [string, PodRole][] {
  const role = pod.has('role') ? pod.choiceOrNull('role', POD_ROLES) : null;
  return role === null ? [] : [[pod.text('uid'), role]];
}
