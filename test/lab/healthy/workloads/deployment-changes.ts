import { count } from '../objects.ts';
import { deployment, replicaSet, revision, web } from '../manifests.ts';
import type { Workload } from '../workload.ts';

/** Deployments that are changed by their users. */
export const deploymentChanges: readonly Workload[] = [
  {
    name: 'deployment-scaled',
    says: 'A Deployment is scaled up and down again.',
    subject: deployment('deployment-scaled', { pod: web(), more: { replicas: 2 } }),
    steps: [
      { when: (view) => view.rolledOut(2), act: (actor) => actor.change({ replicas: 4 }) },
      { when: (view) => view.rolledOut(4), act: (actor) => actor.change({ replicas: 1 }) },
    ],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'deployment-rolled-out',
    says: 'A Deployment of three pods is rolled out twice; its old ReplicaSets stay.',
    subject: deployment('deployment-rolled-out', { pod: web(), more: { replicas: 3 } }),
    steps: [
      { when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(2)) },
      { when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(3)) },
    ],
    settled: (view) => view.rolledOut(3) && view.all('ReplicaSet').length === 3,
    ends: ['ready'],
  },
  {
    name: 'deployment-rolled-back',
    says: 'A Deployment is rolled out, and back to a ReplicaSet that it had before.',
    subject: deployment('deployment-rolled-back', { pod: web(), more: { replicas: 2 } }),
    steps: [
      { when: (view) => view.rolledOut(2), act: (actor) => actor.change(revision(2)) },
      {
        when: (view) => view.rolledOut(2),
        act: (actor) => actor.change({ template: { metadata: { annotations: { revision: null } } } }),
      },
    ],
    settled: (view) => view.rolledOut(2) && view.all('ReplicaSet').length === 2,
    ends: ['ready'],
  },
  {
    name: 'deployment-recreated',
    says: 'A Deployment ends all its pods before it makes new ones.',
    subject: deployment('deployment-recreated', {
      pod: web([], { lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
      more: { replicas: 2, strategy: { type: 'Recreate' } },
    }),
    steps: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change(revision(2)) }],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'deployment-without-surge',
    says: 'A Deployment replaces one pod after the other, and each takes its time to leave.',
    subject: deployment('deployment-without-surge', {
      pod: { terminationGracePeriodSeconds: 30, ...web([], { lifecycle: { preStop: { sleep: { seconds: 12 } } } }) },
      more: { replicas: 2, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } },
    }),
    steps: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change(revision(2)) }],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
  },
  {
    name: 'deployment-minimum-ready',
    says: 'The pods of a Deployment are Ready some time before they count as available.',
    subject: deployment('deployment-minimum-ready', { pod: web(), more: { replicas: 2, minReadySeconds: 15 } }),
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'deployment-paused',
    says: 'A Deployment is paused while it is changed, and resumed.',
    subject: deployment('deployment-paused', { pod: web(), more: { replicas: 2 } }),
    steps: [
      { when: (view) => view.rolledOut(2), act: (actor) => actor.change({ paused: true, ...revision(2) }) },
      { when: (view) => view.ready(2), lasting: 12, act: (actor) => actor.change({ paused: false }) },
    ],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
  },
  {
    name: 'deployment-scaled-to-zero',
    says: 'A Deployment is scaled to no pods.',
    subject: deployment('deployment-scaled-to-zero', { pod: web(), more: { replicas: 2 } }),
    steps: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change({ replicas: 0 }) }],
    settled: (view) => view.rolledOut(0),
    ends: ['succeeded'],
  },
  {
    name: 'deployment-from-zero',
    says: 'A Deployment of no pods gets two.',
    subject: deployment('deployment-from-zero', { pod: web(), more: { replicas: 0 } }),
    steps: [{ when: (view) => view.rolledOut(0), lasting: 4, act: (actor) => actor.change({ replicas: 2 }) }],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
  },
  {
    name: 'replica-set',
    says: 'A ReplicaSet that no Deployment owns is scaled up.',
    subject: replicaSet('replica-set', { pod: web(), more: { replicas: 1 } }),
    steps: [{ when: (view) => view.ready(1), act: (actor) => actor.change({ replicas: 2 }) }],
    settled: (view) => view.ready(2) && count(view.subject?.status, 'readyReplicas') === 2,
    ends: ['ready'],
  },
];
