import { pod } from '../../pods/manifests.ts';
import { container, once, podFolder, probe, stateMount, web } from '../manifests.ts';
import type { Workload } from '../workload.ts';

/** Pods that nothing has made. */
export const singlePods: readonly Workload[] = [
  {
    name: 'pod-plain',
    says: 'A pod without any probe.',
    subject: pod('pod-plain', 'web', { containers: [container('web', ['sleep'])] }),
    settled: (view) => view.ready(1),
    ends: ['ready'],
  },
  {
    name: 'pod-succeeded',
    says: 'A pod whose containers end one after the other, without an error.',
    subject: pod('pod-succeeded', 'report', {
      restartPolicy: 'Never',
      containers: [container('first', ['exit', '0', 'after=2s']), container('second', ['exit', '0', 'after=9s'])],
    }),
    settled: (view) => view.phase('Succeeded').length === 1,
    ends: ['succeeded'],
  },
  {
    name: 'pod-retried',
    says: 'A pod whose container fails once, and succeeds when it is started again.',
    subject: pod('pod-retried', 'report', {
      restartPolicy: 'OnFailure',
      volumes: [podFolder],
      containers: [container('report', once(['exit', '3', 'after=2s'], ['exit', '0', 'after=4s']), stateMount)],
    }),
    settled: (view) => view.phase('Succeeded').length === 1,
    ends: ['succeeded'],
  },
  {
    name: 'pod-resize-deferred',
    says: 'A pod is to have more CPU than others leave to it: it stays ready as it is.',
    before: [
      pod('pod-resize-deferred', 'other', {
        containers: [container('other', ['sleep'], { resources: { requests: { cpu: '1200m' } } })],
      }),
    ],
    subject: pod('pod-resize-deferred', 'web', web([], { resources: { requests: { cpu: '10m' } } })),
    steps: [
      {
        when: (view) => view.ready(2),
        act: (actor) =>
          actor.patch(`${actor.subject}/resize`, {
            spec: { containers: [{ name: 'web', resources: { requests: { cpu: '1100m' } } }] },
          }),
      },
    ],
    settled: (view) => view.ready(2) && JSON.stringify(view.subject?.status).includes('"PodResizePending"'),
    ends: ['ready'],
  },
  {
    name: 'pod-debugged',
    says: 'A pod gets an ephemeral container, which ends with an error.',
    subject: pod('pod-debugged', 'web', web()),
    steps: [
      {
        when: (view) => view.ready(1),
        act: (actor) =>
          actor.patch(`${actor.subject}/ephemeralcontainers`, {
            spec: { ephemeralContainers: [container('debugger', ['exit', '1', 'after=3s'])] },
          }),
      },
    ],
    settled: (view) => view.ready(1) && JSON.stringify(view.subject?.status).includes('"exitCode":1'),
    ends: ['ready'],
  },
  {
    name: 'pod-slow-to-leave',
    says: 'A pod takes a minute and a quarter of its two minutes of grace to end.',
    subject: pod('pod-slow-to-leave', 'web', {
      terminationGracePeriodSeconds: 120,
      containers: [
        container('web', ['serve', '8080'], {
          readinessProbe: probe('/ready'),
          lifecycle: { preStop: { sleep: { seconds: 75 } } },
        }),
      ],
    }),
    settled: (view) => view.ready(1),
    ends: ['ready'],
    slow: true,
  },
];
