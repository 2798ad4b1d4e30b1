import { daemonSet, revision, statefulSet, web } from '../../healthy/manifests.ts';
import type { Rollout } from '../rollout.ts';
import { absent, fixImage } from './images.ts';

const timeoutSeconds = 120;

/** Rollouts of StatefulSets and DaemonSets, which have no progress deadline. */
export const otherKinds: readonly Rollout[] = [
  {
    name: 'stateful-set',
    says: 'A new StatefulSet starts its pods one after the other.',
    subject: statefulSet('stateful-set', { pod: web(['ready-after=3s']), more: { replicas: 2 } }),
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'stateful-set-update',
    says: 'A StatefulSet replaces its pods one after the other.',
    subject: statefulSet('stateful-set-update', { pod: web(['ready-after=3s']), more: { replicas: 2 } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change(revision(2)) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'stateful-set-partition',
    says: 'A StatefulSet with a partition replaces one of its three pods.',
    subject: statefulSet('stateful-set-partition', {
      pod: web(['ready-after=3s']),
      more: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } },
    }),
    earlier: [{ when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(2)) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'stateful-set-bad-image',
    says: 'A new StatefulSet whose image does not exist.',
    subject: statefulSet('stateful-set-bad-image', { pod: web([], { image: absent }), more: { replicas: 2 } }),
    timeoutSeconds: 25,
    ends: 'timeout',
  },
  {
    name: 'daemon-set-update',
    says: 'A DaemonSet replaces its pod.',
    subject: daemonSet('daemon-set-update', { pod: web(['ready-after=3s']) }),
    earlier: [{ when: (view) => view.rolledOut(1), act: (actor) => actor.change(revision(2)) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'daemon-set-never-ready',
    says: 'The pod of a new DaemonSet never becomes Ready.',
    subject: daemonSet('daemon-set-never-ready', { pod: web(['never-ready']) }),
    timeoutSeconds: 25,
    ends: 'timeout',
  },
  {
    name: 'daemon-set-fixed',
    says: 'The image of a DaemonSet does not exist, and is put right ten seconds after the kubelet has said so.',
    subject: daemonSet('daemon-set-fixed', { pod: web([], { image: absent }) }),
    meanwhile: [
      { when: (view) => view.waiting('ImagePullBackOff') > 0, lasting: 10, act: (actor) => actor.change(fixImage) },
    ],
    timeoutSeconds,
    ends: 'done',
  },
];
