import { container, core, deployment, probe, web } from '../../healthy/manifests.ts';
import { condition } from '../../healthy/objects.ts';
import type { Rollout } from '../rollout.ts';
import { absent, breakImage } from './images.ts';

const timeoutSeconds = 120;
const deadline = { progressDeadlineSeconds: 15 };
const ends = 'exceeded its progress deadline';

export const quota = (namespace: string, pods: string): ReturnType<typeof core> =>
  core(namespace, 'ResourceQuota', 'pods', { spec: { hard: { pods } } });

/** Rollouts of Deployments that do not get to their end. */
export const failing: readonly Rollout[] = [
  {
    name: 'bad-image',
    says: 'A new Deployment whose image does not exist.',
    subject: deployment('bad-image', { pod: web([], { image: absent }), more: { replicas: 2, ...deadline } }),
    timeoutSeconds,
    ends,
  },
  {
    name: 'bad-image-update',
    says: 'A change to an image that does not exist; the old pods go on serving.',
    subject: deployment('bad-image-update', { pod: web(), more: { replicas: 2, ...deadline } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change(breakImage) }],
    timeoutSeconds,
    ends,
  },
  {
    name: 'quota',
    says: 'A quota lets in one of two pods.',
    before: [quota('quota', '1')],
    subject: deployment('quota', { pod: web(), more: { replicas: 2, ...deadline } }),
    timeoutSeconds,
    ends,
  },
  {
    name: 'never-ready',
    says: 'The new pods of a change never become Ready.',
    subject: deployment('never-ready', { pod: web(), more: { replicas: 2, ...deadline } }),
    earlier: [
      {
        when: (view) => view.rolledOut(2),
        act: (actor) =>
          actor.change({
            template: {
              spec: {
                containers: [container('web', ['serve', '8080', 'never-ready'], { readinessProbe: probe('/ready') })],
              },
            },
          }),
      },
    ],
    timeoutSeconds,
    ends,
  },
  {
    name: 'crash-loop',
    says: 'The container of a new Deployment ends again and again.',
    subject: deployment('crash-loop', {
      pod: { containers: [container('web', ['exit', '1'])] },
      more: { minReadySeconds: 5, ...deadline },
    }),
    timeoutSeconds,
    ends,
  },
  {
    name: 'deadline-exceeded-before',
    says: 'The progress deadline was exceeded before the rollout is followed.',
    subject: deployment('deadline-exceeded-before', {
      pod: web([], { image: absent }),
      more: { progressDeadlineSeconds: 5 },
    }),
    earlier: [
      {
        when: ({ subject }) =>
          subject !== undefined && condition(subject, 'Progressing')?.reason === 'ProgressDeadlineExceeded',
        act: async () => undefined,
      },
    ],
    timeoutSeconds,
    ends,
  },
  {
    name: 'timeout',
    says: 'Pods never become Ready, and the patience of those who follow is shorter than the deadline.',
    subject: deployment('timeout', { pod: web(['never-ready']), more: { replicas: 2 } }),
    timeoutSeconds: 20,
    ends: 'timeout',
  },
];
