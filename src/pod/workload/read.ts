import { instantOf, listOf, objectOf, textOf, type APIObject } from '../fields.ts';
import { cronJobStatus, currentJobs } from './cron-job.ts';
import { daemonSetStatus } from './daemon-set.ts';
import { currentReplicaSet, deploymentStatus } from './deployment.ts';
import { jobStatus } from './job.ts';
import { workloadObjectOf, type WorkloadObject } from './object.ts';
import { isPodReady, type PodMakers } from './pod-role.ts';
import { replicaSetStatus } from './replica-set.ts';
import { rollbackOf, type Rollback } from './rollback.ts';
import { statefulSetStatus } from './stateful-set.ts';
import type { Reported, WorkloadStatus } from './status.ts';

/** A workload and what was read around it. */
export interface WorkloadObjects {
  readonly object: unknown;
  /** The ReplicaSets of a Deployment, the Jobs of a CronJob. */
  readonly makers: readonly unknown[];
  readonly pods: readonly unknown[];
}

export interface ReadWorkload extends PodMakers {
  readonly status: WorkloadStatus;
  readonly jobs: readonly WorkloadObject[];
  /** A Deployment has a revision that it can be taken back to. */
  readonly rollback: Rollback | undefined;
}

/** Undefined for what makes no pods. */
export function readWorkload({ object, makers, pods }: WorkloadObjects): ReadWorkload | undefined {
  const workload = workloadObjectOf(object);
  if (workload === undefined) return undefined;
  const sets = makers.map(objectOf);
  const currentSet = workload.kind === 'Deployment' ? currentReplicaSet(workload, sets) : undefined;
  const jobs =
    workload.kind === 'CronJob' ? sets.flatMap((job) => workloadObjectOf({ kind: 'Job', ...job }) ?? []) : [];
  const reported = reportedBy(workload, currentSet, jobs, pods.map(objectOf));
  if (reported === undefined) return undefined;
  const remarks = [...reported.remarks, ...(workload.deletedAt === undefined ? [] : ['it is being deleted'])];
  const { kind, namespace, name, generation = null, observedGeneration = null } = workload;
  return {
    workload,
    jobs: currentJobs(jobs),
    rollback: rollbackOf(workload, sets, currentSet, pods.map(objectOf)),
    currentSet: currentSet === undefined ? ownerOfNewest(makers, pods) : uidOf(currentSet),
    currentJobs: currentJobs(jobs).map(({ uid }) => uid),
    status: { kind, namespace, name, generation, observedGeneration, ...reported, remarks },
  };
}

function reportedBy(
  workload: WorkloadObject,
  currentSet: APIObject | undefined,
  jobs: readonly WorkloadObject[],
  pods: readonly APIObject[],
): Reported | undefined {
  switch (workload.kind) {
    case 'Deployment':
      return deploymentStatus(workload, currentSet !== undefined);
    case 'ReplicaSet':
    case 'ReplicationController':
      return replicaSetStatus(workload);
    case 'StatefulSet':
      return statefulSetStatus(
        workload,
        pods.map((pod) => {
          const metadata = objectOf(pod['metadata']);
          const isReady = isPodReady(pod) && metadata['deletionTimestamp'] === undefined;
          return { name: textOf(metadata['name']) ?? '', isReady };
        }),
      );
    case 'DaemonSet':
      return daemonSetStatus(workload);
    case 'Job':
      return jobStatus(workload);
    case 'CronJob':
      return cronJobStatus(workload, jobs);
    default:
      return undefined;
  }
}

/** Owner of the newest pod, for a Deployment whose ReplicaSets may not be read. */
function ownerOfNewest(makers: readonly unknown[], pods: readonly unknown[]): string | undefined {
  if (makers.length > 0) return undefined;
  const created = (pod: APIObject): bigint => instantOf(objectOf(pod['metadata'])['creationTimestamp'])?.at ?? 0n;
  const [newest] = pods.map(objectOf).toSorted((one, other) => Number(created(other) - created(one)));
  return textOf(listOf(objectOf(newest?.['metadata'])['ownerReferences'])[0]?.['uid']);
}

const uidOf = (object: APIObject): string => textOf(objectOf(object['metadata'])['uid']) ?? '';
