import { container, job, nodeFolder, once, podFolder, stateMount } from '../manifests.ts';
import type { Workload } from '../workload.ts';

const second = ['exit', '0', 'after=3s'];

/** The first pod, or the first run of a container, ends with an error. */
const failingOnce = (code: number, volume: object): object => ({
  volumes: [volume],
  containers: [container('work', once(['exit', String(code), 'after=3s'], second), stateMount)],
});

/** Jobs that are held up on their way, and succeed. */
export const interruptedJobs: readonly Workload[] = [
  {
    name: 'job-retried',
    says: 'The first pod of a Job fails, and the second one succeeds.',
    subject: job('job-retried', [], {
      pod: failingOnce(1, nodeFolder('job-retried')),
      more: { backoffLimit: 3 },
    }),
    settled: (view) => view.is('Complete') && view.phase('Failed').length === 1,
    ends: ['succeeded'],
    deletion: 'Foreground',
  },
  {
    name: 'job-restarted',
    says: 'The container of a Job fails once, and is started again in its pod.',
    subject: job('job-restarted', [], {
      restartPolicy: 'OnFailure',
      pod: failingOnce(1, podFolder),
      more: { backoffLimit: 3 },
    }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
  },
  {
    name: 'job-failure-ignored',
    says: 'A failure that the pod failure policy ignores does not count.',
    subject: job('job-failure-ignored', [], {
      pod: failingOnce(42, nodeFolder('job-failure-ignored')),
      more: {
        backoffLimit: 0,
        podFailurePolicy: {
          rules: [{ action: 'Ignore', onExitCodes: { containerName: 'work', operator: 'In', values: [42] } }],
        },
      },
    }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
  },
  {
    name: 'job-suspended',
    says: 'A Job begins suspended, is resumed, and is suspended and resumed once more while its pod runs.',
    subject: job('job-suspended', ['exit', '0', 'after=12s'], { more: { suspend: true } }),
    steps: [
      { when: (view) => view.is('Suspended'), lasting: 8, act: (actor) => actor.change({ suspend: false }) },
      { when: (view) => view.phase('Running').length === 1, act: (actor) => actor.change({ suspend: true }) },
      {
        when: (view) => view.is('Suspended') && view.pods.length === 0,
        lasting: 4,
        act: (actor) => actor.change({ suspend: false }),
      },
    ],
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
    slow: true,
  },
];
