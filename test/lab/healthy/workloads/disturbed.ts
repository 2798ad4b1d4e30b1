import { pod as barePod } from '../../pods/manifests.ts';
import { container, deployment, nodeFolder, once, podFolder, probe, stateMount, web } from '../manifests.ts';
import { holds } from '../objects.ts';
import type { Workload } from '../workload.ts';

/** Deployments to whose pods something happens, after which they are well again. */
export const disturbedDeployments: readonly Workload[] = [
  {
    name: 'deployment-evicted-leftover',
    says: 'A pod of a Deployment filled its disk and was evicted; its Failed pod stays beside the new one.',
    subject: deployment('deployment-evicted-leftover', {
      pod: {
        volumes: [nodeFolder('deployment-evicted-leftover')],
        containers: [
          container('web', once(['fill', '/filled', '40'], ['serve', '8080']), {
            ...stateMount,
            resources: { limits: { 'ephemeral-storage': '10Mi' } },
          }),
        ],
      },
      more: { replicas: 2 },
    }),
    settled: (view) => view.rolledOut(2) && view.phase('Failed').length > 0,
    ends: ['ready'],
    slow: true,
  },
  {
    name: 'deployment-drained',
    says: 'A pod of a Deployment is evicted as `kubectl drain` does, with a PodDisruptionBudget.',
    before: [
      {
        path: '/apis/policy/v1/namespaces/deployment-drained/poddisruptionbudgets',
        object: {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'web' },
          spec: { minAvailable: 1, selector: { matchLabels: { app: 'deployment-drained' } } },
        },
      },
    ],
    subject: deployment('deployment-drained', { pod: web(['ready-after=3s']), more: { replicas: 2 } }),
    steps: [
      {
        when: (view) =>
          view.rolledOut(2) &&
          view.all('PodDisruptionBudget').some(({ status }) => status?.['disruptionsAllowed'] === 1),
        act: async (actor, view) => {
          const { name } = view.pods[0]!.metadata;
          const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
          await actor.create({ path: `${actor.pods}/${name}/eviction`, object });
        },
      },
    ],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
  },
  {
    name: 'deployment-pod-deleted',
    says: 'A pod of a Deployment is deleted, and replaced.',
    subject: deployment('deployment-pod-deleted', { pod: web(['ready-after=3s']), more: { replicas: 2 } }),
    steps: [
      {
        when: (view) => view.rolledOut(2),
        act: (actor, view) => actor.delete(`${actor.pods}/${view.pods[0]!.metadata.name}`),
      },
    ],
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'deployment-crashed-once',
    says: 'A container ends with an error, is started again, and is well from then on.',
    subject: deployment('deployment-crashed-once', {
      pod: {
        volumes: [podFolder],
        containers: [
          container('web', once(['exit', '1', 'after=3s'], ['serve', '8080']), {
            ...stateMount,
            readinessProbe: probe('/ready'),
          }),
        ],
      },
    }),
    settled: (view) => view.rolledOut(1) && view.restarts === 1,
    ends: ['ready'],
  },
  {
    name: 'deployment-liveness-once',
    says: 'A container fails its liveness probe once, and is well from then on.',
    subject: deployment('deployment-liveness-once', {
      pod: {
        volumes: [podFolder],
        containers: [
          container('web', once(['serve', '8080', 'healthy-for=8s'], ['serve', '8080']), {
            ...stateMount,
            readinessProbe: probe('/ready'),
            livenessProbe: probe('/healthy', { failureThreshold: 2 }),
          }),
        ],
      },
    }),
    settled: (view) => view.rolledOut(1) && view.restarts === 1,
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'deployment-gated',
    says: 'A readiness gate becomes True some seconds after the containers are ready.',
    subject: deployment('deployment-gated', {
      pod: { ...web(), readinessGates: [{ conditionType: 'example.com/attached' }] },
    }),
    steps: [
      {
        when: ({ pods }) => pods.length === 1 && pods.every((pod) => holds(pod, 'ContainersReady')),
        lasting: 8,
        act: (actor, { pods: [pod] }) =>
          actor.patch(`${actor.pods}/${pod!.metadata.name}/status`, {
            status: { conditions: [{ type: 'example.com/attached', status: 'True' }] },
          }),
      },
    ],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'deployment-resized',
    says: 'A pod of a Deployment is resized in place.',
    subject: deployment('deployment-resized', {
      pod: web([], { resources: { requests: { cpu: '10m', memory: '16Mi' } } }),
    }),
    steps: [
      {
        when: (view) => view.rolledOut(1),
        act: (actor, { pods: [pod] }) =>
          actor.patch(`${actor.pods}/${pod!.metadata.name}/resize`, {
            spec: { containers: [{ name: 'web', resources: { requests: { cpu: '20m', memory: '16Mi' } } }] },
          }),
      },
    ],
    settled: (view) => view.rolledOut(1) && JSON.stringify(view.pods[0]!.status).includes('"cpu":"20m"'),
    ends: ['ready'],
  },
  {
    name: 'deployment-preempts',
    says: 'A pod of high priority waits until a pod of low priority has left the node, within its grace period.',
    before: [
      {
        path: '/apis/scheduling.k8s.io/v1/priorityclasses',
        object: {
          apiVersion: 'scheduling.k8s.io/v1',
          kind: 'PriorityClass',
          metadata: { name: 'deployment-preempts' },
          value: 1000,
        },
      },
      // Without a node's name: the scheduler waits until the node has room, the kubelet rejects a pod that comes before.
      barePod('deployment-preempts', 'other', {
        terminationGracePeriodSeconds: 30,
        containers: [
          container('other', ['sleep'], {
            resources: { requests: { cpu: '1500m' } },
            lifecycle: { preStop: { sleep: { seconds: 15 } } },
          }),
        ],
      }),
    ],
    subject: deployment('deployment-preempts', {
      pod: {
        priorityClassName: 'deployment-preempts',
        ...web([], { resources: { requests: { cpu: '1500m' } } }),
      },
      more: { replicas: 0 },
    }),
    steps: [{ when: (view) => view.ready(1), act: (actor) => actor.change({ replicas: 1 }) }],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
    slow: true,
  },
];
