import { daemonSets } from './workloads/daemon-sets.ts';
import { deploymentChanges } from './workloads/deployment-changes.ts';
import { disturbedDeployments } from './workloads/disturbed.ts';
import { finishedJobs } from './workloads/jobs.ts';
import { interruptedJobs } from './workloads/interrupted-jobs.ts';
import { podShapes } from './workloads/pod-shapes.ts';
import { schedules } from './workloads/schedules.ts';
import { singlePods } from './workloads/single-pods.ts';
import { slowPods } from './workloads/slow.ts';
import { statefulSets } from './workloads/stateful-sets.ts';
import { storage } from './workloads/storage.ts';
import type { Workload } from './workload.ts';

/** Workloads that are well, each in its own way. */
export const workloads: readonly Workload[] = [
  ...deploymentChanges,
  ...disturbedDeployments,
  ...podShapes,
  ...storage,
  ...statefulSets,
  ...daemonSets,
  ...finishedJobs,
  ...interruptedJobs,
  ...schedules,
  ...singlePods,
  ...slowPods,
];
