import { cronJob } from '../manifests.ts';
import type { Workload } from '../workload.ts';

/** CronJobs. Kubernetes calls them neither ready nor complete; one that is suspended waits because its user says so. */
export const schedules: readonly Workload[] = [
  {
    name: 'cron-job-every-minute',
    says: 'A CronJob has run once, and its Job has succeeded.',
    subject: cronJob('cron-job-every-minute', '* * * * *'),
    settled: ({ subject }) =>
      subject?.status?.['lastSuccessfulTime'] !== undefined && subject.status['active'] === undefined,
    ends: ['ready', 'succeeded'],
    slow: true,
  },
  {
    name: 'cron-job-not-due',
    says: 'A CronJob that has never been due.',
    subject: cronJob('cron-job-not-due', '0 0 1 1 *'),
    settled: ({ subject }) => subject !== undefined,
    ends: ['ready', 'succeeded'],
  },
  {
    name: 'cron-job-suspended',
    says: 'A CronJob that is suspended.',
    subject: cronJob('cron-job-suspended', '* * * * *', { suspend: true }),
    settled: ({ subject }) => subject !== undefined,
    ends: ['ready', 'succeeded', 'progressing'],
  },
];
