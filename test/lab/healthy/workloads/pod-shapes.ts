import { container, core, deployment, probe, web } from '../manifests.ts';
import type { Workload } from '../workload.ts';

const sidecar = (args: readonly string[], more: object = {}): object =>
  container('proxy', args, { restartPolicy: 'Always', ...more });

/** Deployments of pods of all shapes. */
export const podShapes: readonly Workload[] = [
  {
    name: 'deployment-sidecars',
    says: 'Pods with two native sidecars, one of them with a startup probe that takes its time.',
    subject: deployment('deployment-sidecars', {
      pod: {
        initContainers: [
          sidecar(['serve', '9090', 'ready-after=6s'], {
            startupProbe: { httpGet: { path: '/ready', port: 9090 }, periodSeconds: 1, failureThreshold: 60 },
          }),
          container('logs', ['sleep'], { restartPolicy: 'Always' }),
        ],
        ...web(),
      },
      more: { replicas: 2 },
    }),
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
    deletion: 'Foreground',
  },
  {
    name: 'deployment-mixed-init',
    says: 'Two init containers end one after the other, with a native sidecar between them.',
    subject: deployment('deployment-mixed-init', {
      pod: {
        initContainers: [
          container('migrate', ['exit', '0', 'after=6s']),
          sidecar(['serve', '9090']),
          container('warm-up', ['exit', '0', 'after=6s']),
        ],
        ...web(),
      },
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'deployment-hooks',
    says: 'A container with a post-start and a pre-stop hook is rolled out again.',
    subject: deployment('deployment-hooks', {
      pod: {
        terminationGracePeriodSeconds: 30,
        ...web([], {
          lifecycle: {
            postStart: { exec: { command: ['/lab', 'sleep', '4s'] } },
            preStop: { exec: { command: ['/lab', 'sleep', '6s'] } },
          },
        }),
      },
    }),
    steps: [
      {
        when: (view) => view.rolledOut(1),
        act: (actor) => actor.change({ template: { metadata: { annotations: { revision: '2' } } } }),
      },
    ],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'deployment-all-probes',
    says: 'A container with all three probes starts within its startup probe.',
    subject: deployment('deployment-all-probes', {
      pod: web(['ready-after=12s'], {
        startupProbe: probe('/ready', { failureThreshold: 60 }),
        livenessProbe: probe('/healthy'),
      }),
      more: { replicas: 2 },
    }),
    settled: (view) => view.rolledOut(2),
    ends: ['ready'],
  },
  {
    name: 'deployment-several-containers',
    says: 'Three containers become ready one after the other.',
    subject: deployment('deployment-several-containers', {
      pod: {
        containers: [4, 8, 12].map((seconds, index) =>
          container(`part-${index}`, ['serve', String(8080 + index), `ready-after=${seconds}s`], {
            readinessProbe: { httpGet: { path: '/ready', port: 8080 + index }, periodSeconds: 1 },
          }),
        ),
      },
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'deployment-host-port',
    says: 'A pod with a host port is replaced by one that can take the port only afterwards.',
    subject: deployment('deployment-host-port', {
      pod: web([], { ports: [{ containerPort: 8080, hostPort: 18080 }] }),
      more: { strategy: { type: 'Recreate' } },
    }),
    steps: [
      {
        when: (view) => view.rolledOut(1),
        act: (actor) => actor.change({ template: { metadata: { annotations: { revision: '2' } } } }),
      },
    ],
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
  {
    name: 'deployment-volumes',
    says: 'A pod with a ConfigMap, a Secret, a downward API and an emptyDir volume, and an optional one that is missing.',
    before: [
      core('deployment-volumes', 'ConfigMap', 'settings', { data: { colour: 'green' } }),
      core('deployment-volumes', 'Secret', 'password', { stringData: { password: 'guess' } }),
    ],
    subject: deployment('deployment-volumes', {
      pod: {
        volumes: [
          { name: 'settings', configMap: { name: 'settings' } },
          { name: 'missing', configMap: { name: 'missing', optional: true } },
          { name: 'password', secret: { secretName: 'password' } },
          { name: 'about', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
          { name: 'scratch', emptyDir: { medium: 'Memory' } },
        ],
        ...web([], {
          envFrom: [{ configMapRef: { name: 'settings' } }],
          volumeMounts: ['settings', 'missing', 'password', 'about', 'scratch'].map((name) => ({
            name,
            mountPath: `/volumes/${name}`,
          })),
        }),
      },
    }),
    settled: (view) => view.rolledOut(1),
    ends: ['ready'],
  },
];
