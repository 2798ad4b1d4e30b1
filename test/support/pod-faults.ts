/** When the pods are looked at. */
export const MANY_PODS_NOW = '2026-11-23T09:00:00Z';

export const before = (seconds: number): string =>
  new Date(Date.parse(MANY_PODS_NOW) - seconds * 1000).toISOString().replace('.000', '');

/** A way in which a pod is broken, and the true verdict. */
export interface Fault {
  readonly name: string;
  readonly count: number;
  readonly state: 'stuck' | 'failed';
  readonly reason: string;
  readonly ageSeconds: number;
  readonly spec?: object;
  readonly status: object;
  readonly owner?: string;
  readonly event?: { readonly type: 'Warning' | 'Normal'; readonly reason: string; readonly message: string };
}

export const waiting = (reason: string, message: string, more: object = {}): object => ({
  phase: 'Pending',
  containerStatuses: [
    { name: 'c', ready: false, started: false, restartCount: 0, state: { waiting: { reason, message } }, ...more },
  ],
});

const crashed = (reason: string, exitCode: number): object => ({
  ...waiting('CrashLoopBackOff', 'back-off 2m40s restarting failed container=c pod=x', {
    restartCount: 6,
    lastState: {
      terminated: { exitCode, reason, startedAt: before(62), finishedAt: before(60), containerID: 'containerd://1' },
    },
  }),
  phase: 'Running',
});

/** 60 pods, broken in 9 ways: written before the program had seen any of them. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'pull',
    count: 12,
    state: 'stuck',
    reason: 'ImagePull',
    ageSeconds: 900,
    status: waiting('ImagePullBackOff', 'Back-off pulling image "reg.test/absent:1": not found'),
  },
  { name: 'crash', count: 10, state: 'stuck', reason: 'CrashLoop', ageSeconds: 1800, status: crashed('Error', 1) },
  {
    name: 'memory',
    count: 8,
    state: 'stuck',
    reason: 'OOMKilled',
    ageSeconds: 1700,
    status: crashed('OOMKilled', 137),
  },
  {
    name: 'unplaced',
    count: 8,
    state: 'stuck',
    reason: 'Unschedulable',
    ageSeconds: 600,
    spec: { nodeName: undefined },
    status: {
      phase: 'Pending',
      startTime: undefined,
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/40 nodes are available: 40 Insufficient cpu.',
          lastTransitionTime: before(599),
        },
      ],
    },
  },
  {
    name: 'config',
    count: 6,
    state: 'stuck',
    reason: 'MissingConfigMap',
    ageSeconds: 500,
    status: waiting('CreateContainerConfigError', 'configmap "settings" not found'),
  },
  {
    name: 'mount',
    count: 4,
    state: 'stuck',
    reason: 'VolumeMount',
    ageSeconds: 400,
    status: waiting('ContainerCreating', ''),
    event: {
      type: 'Warning',
      reason: 'FailedMount',
      message: 'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32',
    },
  },
  {
    name: 'unready',
    count: 2,
    state: 'stuck',
    reason: 'Readiness',
    ageSeconds: 3600,
    spec: {
      containers: [{ name: 'c', image: 'reg.test/web:1', readinessProbe: { httpGet: { path: '/', port: 80 } } }],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'c', ready: false, started: true, restartCount: 0, state: { running: { startedAt: before(3590) } } },
      ],
    },
    event: {
      type: 'Warning',
      reason: 'Unhealthy',
      message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    },
  },
  {
    name: 'evicted',
    count: 6,
    state: 'failed',
    reason: 'Evicted',
    ageSeconds: 7200,
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
  },
  {
    name: 'late',
    count: 4,
    state: 'failed',
    reason: 'DeadlineExceeded',
    ageSeconds: 7000,
    status: {
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    },
  },
];
