import { container, deployment, job, probe, web } from '../manifests.ts';
import type { Workload } from '../workload.ts';

/** Longer than a minute, after which silence alone is taken for a pod that is stuck. */
const seconds = 75;

/** Workloads that take their time, as they are meant to. */
export const slowPods: readonly Workload[] = [
  {
    name: 'deployment-slow-startup',
    says: 'A container starts more slowly than in a minute, within the time that its startup probe gives it.',
    subject: deployment('deployment-slow-startup', {
      pod: web([`ready-after=${seconds}s`], { startupProbe: probe('/ready', { failureThreshold: 150 }) }),
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    slow: true,
  },
  {
    name: 'deployment-initial-delay',
    says: 'A readiness probe begins more than a minute after the container.',
    subject: deployment('deployment-initial-delay', {
      pod: web([], { readinessProbe: probe('/ready', { initialDelaySeconds: seconds }) }),
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    slow: true,
  },
  {
    name: 'deployment-slow-readiness',
    says: "A container is ready after more than a minute, within the Deployment's progress deadline.",
    subject: deployment('deployment-slow-readiness', { pod: web([`ready-after=${seconds}s`]) }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    quiet: true,
    slow: true,
  },
  {
    name: 'deployment-slow-init',
    says: 'An init container works for more than a minute.',
    subject: deployment('deployment-slow-init', {
      pod: { initContainers: [container('migrate', ['exit', '0', `after=${seconds}s`])], ...web() },
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    quiet: true,
    slow: true,
  },
  {
    name: 'job-long',
    says: 'A Job works for more than a minute.',
    subject: job('job-long', ['exit', '0', `after=${seconds}s`], { more: { activeDeadlineSeconds: 600 } }),
    settled: (view) => view.is('Complete'),
    ends: ['succeeded'],
    slow: true,
  },
];
