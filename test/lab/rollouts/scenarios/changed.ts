import { deployment, revision, web } from '../../healthy/manifests.ts';
import type { Rollout } from '../rollout.ts';
import { quota } from './failing.ts';
import { absent, breakImage, fixImage } from './images.ts';

const timeoutSeconds = 120;

/** Rollouts of Deployments that are changed while they are followed. */
export const changedMeanwhile: readonly Rollout[] = [
  {
    name: 'fixed-while-stuck',
    says: 'The image does not exist, and is put right ten seconds after the kubelet has said so.',
    subject: deployment('fixed-while-stuck', { pod: web([], { image: absent }), more: { replicas: 2 } }),
    meanwhile: [
      { when: (view) => view.waiting('ImagePullBackOff') > 0, lasting: 10, act: (actor) => actor.change(fixImage) },
    ],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'rolled-back',
    says: 'A change to an image that does not exist is taken back ten seconds after the kubelet has said so.',
    subject: deployment('rolled-back', { pod: web(), more: { replicas: 2 } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change(breakImage) }],
    meanwhile: [
      { when: (view) => view.waiting('ImagePullBackOff') > 0, lasting: 10, act: (actor) => actor.change(fixImage) },
    ],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'quota-raised',
    says: 'A quota lets in one of two pods, and is raised after ten seconds.',
    before: [quota('quota-raised', '1')],
    subject: deployment('quota-raised', { pod: web(), more: { replicas: 2 } }),
    meanwhile: [
      {
        when: (view) => view.ready(1),
        lasting: 10,
        act: (actor) =>
          actor.patch('/api/v1/namespaces/quota-raised/resourcequotas/pods', { spec: { hard: { pods: '5' } } }),
      },
    ],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'paused',
    says: 'A Deployment is paused before its change, and stays paused.',
    subject: deployment('paused', { pod: web(), more: { replicas: 2, progressDeadlineSeconds: 15 } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change({ paused: true, ...revision(2) }) }],
    timeoutSeconds: 25,
    ends: 'timeout',
  },
  {
    name: 'resumed',
    says: 'A Deployment is paused before its change, and resumed after ten seconds.',
    subject: deployment('resumed', { pod: web(), more: { replicas: 2 } }),
    earlier: [{ when: (view) => view.rolledOut(2), act: (actor) => actor.change({ paused: true, ...revision(2) }) }],
    meanwhile: [{ when: (view) => view.ready(2), lasting: 10, act: (actor) => actor.change({ paused: false }) }],
    timeoutSeconds,
    ends: 'done',
  },
  {
    name: 'changed-again',
    says: 'A rollout is overtaken by the next change.',
    subject: deployment('changed-again', { pod: web(['ready-after=4s']), more: { replicas: 3 } }),
    earlier: [{ when: (view) => view.rolledOut(3), act: (actor) => actor.change(revision(2)) }],
    meanwhile: [{ when: (view) => view.active.length > 3, lasting: 2, act: (actor) => actor.change(revision(3)) }],
    timeoutSeconds,
    ends: 'done',
  },
];
