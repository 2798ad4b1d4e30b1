import { deployment, revision, web } from '../../healthy/manifests.ts';
import type { Rollout } from '../rollout.ts';
import { absent, fixImage } from './images.ts';

const timeoutSeconds = 120;

/** Rollouts of Deployments that get to their end. */
export const good: readonly Rollout[] = [
  {
    name: 'good',
    says: 'A new Deployment of two pods.',
    subject: deployment('good', { pod: web(['ready-after=3s']), more: { replicas: 2 } }),
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'good-update',
    says: 'A change of a Deployment whose old pods take their time to leave.',
    subject: deployment('good-update', {
      pod: { terminationGracePeriodSeconds: 30, ...web([], { lifecycle: { preStop: { sleep: { seconds: 8 } } } }) },
      more: { replicas: 3 },
    }),
    earlier: [{ when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(2)) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'minimum-ready',
    says: 'Pods that are Ready ten seconds before they are available.',
    subject: deployment('minimum-ready', { pod: web(), more: { replicas: 2, minReadySeconds: 10 } }),
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'recreate',
    says: 'A Deployment that ends its old pods first.',
    subject: deployment('recreate', {
      pod: web([], { lifecycle: { preStop: { sleep: { seconds: 3 } } } }),
      more: { replicas: 2, strategy: { type: 'Recreate' } },
    }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change(revision(2)) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'scaled-up',
    says: 'A Deployment gets two pods more.',
    subject: deployment('scaled-up', { pod: web(['ready-after=3s']), more: { replicas: 1 } }),
    earlier: [{ when: (view) => view.rolledOut(1), act: (actor) => actor.change({ replicas: 3 }) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'scaled-to-zero',
    says: 'A Deployment is scaled to no pods.',
    subject: deployment('scaled-to-zero', { pod: web(), more: { replicas: 2 } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change({ replicas: 0 }) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'replaces-stuck-pods',
    says: 'A change replaces the pods of a ReplicaSet whose image does not exist.',
    subject: deployment('replaces-stuck-pods', {
      pod: web(['ready-after=4s'], { image: absent }),
      more: { replicas: 2 },
    }),
    earlier: [
      {
        when: (view) => view.waiting('ImagePullBackOff') === 2,
        act: (actor) => actor.change(fixImage),
      },
    ],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'already-done',
    says: 'Nothing is left to do when the following begins.',
    subject: deployment('already-done', { pod: web(), more: { replicas: 2 } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: async () => undefined }],
    timeoutSeconds,
    ends: 'done',
  },
];
