import { container, job, nodeFolder, once, stateMount } from '../manifests.ts';
import { count } from '../objects.ts';
import type { Workload } from '../workload.ts';

const finished = ['exit', '0', 'after=3s'];

/** Jobs that succeed at the first try. */
export const finishedJobs: readonly Workload[] = [
  {
    name: 'job-parallel',
    says: 'A Job runs three pods to completion, two at a time.',
    subject: job('job-parallel', finished, { more: { completions: 3, parallelism: 2 } }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
    deletion: 'Foreground',
  },
  {
    name: 'job-indexed',
    says: 'An indexed Job runs a pod for each index.',
    subject: job('job-indexed', finished, { more: { completions: 3, parallelism: 3, completionMode: 'Indexed' } }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
  },
  {
    name: 'job-sidecar',
    says: 'A Job whose pod has a native sidecar, which ends with it.',
    subject: job('job-sidecar', finished, {
      pod: { initContainers: [container('proxy', ['sleep'], { restartPolicy: 'Always' })] },
    }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
  },
  {
    name: 'job-expires',
    says: 'A Job that has succeeded is removed after a while.',
    subject: job('job-expires', finished, { more: { ttlSecondsAfterFinished: 20 } }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
    deletion: 'own',
  },
  {
    name: 'job-success-policy',
    says: 'A Job is complete as soon as one of its three indexes is; the other pods are ended.',
    subject: job('job-success-policy', [], {
      pod: {
        volumes: [nodeFolder('job-success-policy')],
        containers: [container('work', once(['exit', '0', 'after=5s'], ['sleep']), stateMount)],
      },
      more: {
        completions: 3,
        parallelism: 3,
        completionMode: 'Indexed',
        successPolicy: { rules: [{ succeededCount: 1 }] },
      },
    }),
    settled: (view) => view.is('Complete') && view.terminating.length === 0,
    ends: ['succeeded'],
  },
  {
    name: 'job-pods-removed',
    says: 'The pod of a Job that has succeeded is deleted, and the Job stays.',
    subject: job('job-pods-removed', finished),
    steps: [
      {
        when: (view) => view.is('Complete') && count(view.subject?.status, 'succeeded') === 1,
        act: (actor, { pods: [pod] }) => actor.delete(`${actor.pods}/${pod!.metadata.name}`),
      },
    ],
    settled: ({ pods }) => pods.length === 0,
    ends: ['succeeded'],
  },
];
