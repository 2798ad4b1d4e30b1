import { container, pod, probe } from '../manifests.ts';
import { progressing, stuck, type Story } from '../story.ts';

export const containerStories: readonly Story[] = [
  {
    name: 'failing-command',
    says: 'A program ends with exit code 3, and is not to be started again.',
    subject: pod('failing-command', 'migrate', {
      restartPolicy: 'Never',
      containers: [
        container('migrate', [
          'exit',
          '3',
          'after=1s',
          'say=connecting to database',
          'say=database refused: wrong password',
        ]),
      ],
    }),
    moments: [
      {
        name: 'final',
        when: ({ pods }) => pods[0]?.status.phase === 'Failed',
        verdict: stuck('Running', 'CrashLoop', ['container', 'migrate'], {
          state: 'failed',
          names: ['exit code 3', 'database refused: wrong password'],
        }),
      },
    ],
  },
  {
    name: 'crash-loop',
    says: 'A program ends with exit code 2 a second after each start.',
    subject: pod('crash-loop', 'web', {
      containers: [container('web', ['exit', '2', 'after=1s', 'say=panic: no configuration'])],
    }),
    moments: [
      {
        name: 'early',
        // A busy machine may see a later restart first.
        when: (seen) => seen.down(1) && seen.restarts() >= 1,
        verdict: stuck('Running', 'CrashLoop', ['container', 'web'], {
          names: ['exit code 2', 'panic: no configuration'],
        }),
      },
      {
        name: 'final',
        when: (seen) => seen.down(3),
        verdict: stuck('Running', 'CrashLoop', ['container', 'web'], {
          names: ['exit code 2', 'panic: no configuration'],
        }),
      },
    ],
  },
  {
    name: 'out-of-memory',
    says: 'A program takes more memory than its limit, and the kernel kills it.',
    subject: pod('out-of-memory', 'cache', {
      containers: [container('cache', ['eat', '200'], { resources: { limits: { memory: '32Mi' } } })],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.terminated('OOMKilled') && seen.down(1),
        verdict: stuck('Running', 'OOMKilled', ['container', 'cache'], { names: ['32Mi'] }),
      },
    ],
  },
  {
    name: 'missing-program',
    says: 'The command of a container is not in its image.',
    subject: pod('missing-program', 'web', {
      containers: [container('web', [], { command: ['/bin/server'] })],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.terminated('StartError') && seen.down(1),
        verdict: stuck('ContainerStart', 'ContainerCreate', ['container', 'web'], { names: ['/bin/server'] }),
      },
    ],
  },
  {
    name: 'init-container',
    says: 'An init container never ends.',
    subject: pod('init-container', 'web', {
      initContainers: [container('prepare', ['exit', '0', 'say=prepared']), container('wait-for-database', ['sleep'])],
      containers: [container('web', ['serve', '8080'])],
    }),
    moments: [
      {
        name: 'early',
        when: (seen) => seen.running('wait-for-database'),
        verdict: progressing('InitContainers', ['container', 'wait-for-database']),
      },
      {
        name: 'final',
        when: (seen) => seen.running('wait-for-database'),
        lasting: 63,
        verdict: stuck('InitContainers', 'InitContainer', ['container', 'wait-for-database'], { proven: false }),
      },
    ],
  },
  {
    name: 'init-crash',
    says: 'An init container ends with exit code 4, again and again.',
    subject: pod('init-crash', 'web', {
      initContainers: [container('migrate', ['exit', '4', 'say=table orders is locked'])],
      containers: [container('web', ['serve', '8080'])],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.down(1),
        verdict: stuck('InitContainers', 'InitContainer', ['container', 'migrate'], {
          names: ['exit code 4', 'table orders is locked'],
        }),
      },
    ],
  },
  {
    name: 'readiness',
    says: 'A container runs and its readiness probe fails.',
    subject: pod('readiness', 'web', {
      containers: [container('web', ['serve', '8080', 'never-ready'], { readinessProbe: probe('/ready') })],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.running('web') && seen.event('Unhealthy'),
        lasting: 63,
        verdict: stuck('Readiness', 'Readiness', ['probe', 'readiness of container web'], {
          names: ['503'],
          proven: false,
        }),
      },
    ],
  },
  {
    name: 'readiness-gate',
    says: 'The containers of a pod are ready, and no controller sets the condition of its readiness gate.',
    subject: pod('readiness-gate', 'web', {
      readinessGates: [{ conditionType: 'lab.test/registered' }],
      containers: [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.condition('ContainersReady=True') && seen.condition('Ready=False ReadinessGatesNotReady'),
        lasting: 63,
        verdict: stuck('Readiness', 'ReadinessGate', ['gate', 'lab.test/registered'], {
          owner: 'cluster-admin',
          proven: false,
        }),
      },
    ],
  },
  {
    name: 'startup',
    says: 'A startup probe fails, and the container is started again and again.',
    subject: pod('startup', 'web', {
      containers: [
        container('web', ['serve', '8080', 'never-ready'], { startupProbe: probe('/ready', { failureThreshold: 3 }) }),
      ],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.down(2) && seen.event('Killing'),
        verdict: stuck('Startup', 'Startup', ['container', 'web'], { names: ['startup probe', '503'] }),
      },
    ],
  },
  {
    name: 'liveness',
    says: 'A container responds for five seconds after each start; then its liveness probe has it killed.',
    subject: pod('liveness', 'web', {
      containers: [
        container('web', ['serve', '8080', 'healthy-for=5s'], {
          livenessProbe: probe('/healthy', { failureThreshold: 2 }),
        }),
      ],
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.down(2),
        verdict: stuck('Running', 'Liveness', ['container', 'web'], { names: ['liveness probe', '503'] }),
      },
    ],
  },
];
