import { registryHost } from '../../cluster/node/commands.ts';
import type { TestNode } from '../../cluster/node/node.ts';
import { container, pod, probe, workload } from '../manifests.ts';
import { Seen } from '../seen.ts';
import { ready, stuck, type Story } from '../story.ts';

const absent = `${registryHost}/absent:1`;

/** A pod of the same name that could not start, and was deleted: its events stay. */
async function leaveEarlierPod(node: TestNode, namespace: string): Promise<void> {
  const { path, object } = pod(namespace, 'web', { containers: [container('web', [], { image: absent })] });
  const created = await node.cluster.call('POST', path, { body: object });
  if (created.status !== 201) throw new Error(`POST ${path}: ${created.status} ${created.body}`);
  const until = async (holds: (seen: Seen) => boolean): Promise<void> => {
    while (!holds(await Seen.in(node.cluster, namespace)));
  };
  await until((seen) => seen.waiting('ImagePullBackOff'));
  await node.cluster.call('DELETE', `${path}/web?gracePeriodSeconds=0`);
  await until(({ pods }) => pods.length === 0);
}

export const workloadStories: readonly Story[] = [
  {
    name: 'second-pod',
    says: 'A pod is Ready, and an earlier one of its name was not: half of the events are about that one.',
    prepare: async (node) => {
      await leaveEarlierPod(node, 'second-pod');
      return () => Promise.resolve();
    },
    subject: pod('second-pod', 'web', {
      containers: [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })],
    }),
    moments: [{ name: 'final', when: (seen) => seen.condition('Ready=True'), verdict: ready }],
  },
  {
    name: 'job',
    says: 'The pod of a Job fails and is started again.',
    subject: workload('job', 'batch/v1', 'Job', 'import', {
      template: {
        spec: {
          restartPolicy: 'OnFailure',
          containers: [container('import', ['exit', '5', 'say=file not found'])],
        },
      },
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.down(1),
        verdict: stuck('Running', 'CrashLoop', ['container', 'import'], { names: ['exit code 5', 'file not found'] }),
      },
    ],
  },
  {
    name: 'stateful-set',
    says: 'The first pod of a StatefulSet does not become Ready, and the second one is not made.',
    subject: workload('stateful-set', 'apps/v1', 'StatefulSet', 'database', {
      replicas: 2,
      serviceName: 'database',
      selector: { matchLabels: { app: 'database' } },
      template: {
        metadata: { labels: { app: 'database' } },
        spec: { containers: [container('database', ['serve', '8080'], { image: absent })] },
      },
    }),
    moments: [
      {
        name: 'final',
        when: (seen) => seen.waiting('ImagePullBackOff'),
        verdict: stuck('ImagePull', 'ImagePull', ['image', absent], { names: ['database-0'] }),
      },
    ],
  },
  {
    name: 'daemon-set',
    says: 'The pod of a DaemonSet becomes Ready on every node.',
    subject: workload('daemon-set', 'apps/v1', 'DaemonSet', 'agent', {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { containers: [container('agent', ['serve', '8080'], { readinessProbe: probe('/ready') })] },
      },
    }),
    moments: [{ name: 'final', when: (seen) => seen.condition('Ready=True'), verdict: ready }],
  },
];
