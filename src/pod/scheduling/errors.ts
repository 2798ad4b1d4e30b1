import { shell } from '../../format/shell-command.ts';
import { DEVICE_ERRORS } from './device-error-texts.ts';
import { GROUP_ERRORS, PLUGIN_ERRORS, SCHEDULER_ERRORS, VOLUME_ERRORS } from './error-texts.ts';
import type { SchedulingRule } from './rule.ts';
import { flag, listed, NODE_ADMIN } from './words.ts';

/** Errors that hold another one as their last words: what that one means counts, where it is known. */
export const WRAPPERS: readonly string[] = [
  ...PLUGIN_ERRORS,
  ...[...VOLUME_ERRORS, ...DEVICE_ERRORS, ...GROUP_ERRORS].filter((text) => /: %[wv]$(?<=[^ ].*: %[wv])/.test(text)),
];

/**
 * Errors, not refusals: the scheduler could not decide, and tries again (pkg/scheduler/schedule_one.go, reason
 * SchedulerError). They are quoted; only their subject is read.
 */
export const ERROR_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'errors of VolumeBinding, NodeVolumeLimits',
    says: VOLUME_ERRORS,
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'cluster-admin',
    read: (_, view) => ({
      waitingFor: {
        kind: 'persistentvolumeclaim',
        name: listed(view.snapshot.pod.demand.volumeClaims) || 'a claim of the pod',
      },
      who: `${NODE_ADMIN}: the volume was not provisioned or bound in time`,
      next: [{ command: shell`kubectl describe pvc${flag(view)}`, when: 'for the events of their provisioners' }],
      query: { kind: 'claims' },
    }),
  },
  {
    plugin: 'errors of DynamicResources',
    says: DEVICE_ERRORS,
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'cluster-admin',
    read: (_, view) => ({
      waitingFor: {
        kind: 'resourceclaim',
        name:
          listed(view.snapshot.pod.demand.resourceClaims.map(({ name, claim }) => claim ?? name)) ||
          "the pod's extended resources",
      },
      who: `${NODE_ADMIN} (driver, DeviceClass), or the manifest's author (the claim)`,
      next: [{ command: shell`kubectl describe resourceclaims${flag(view)}`, when: 'to see what they request' }],
    }),
  },
  {
    plugin: 'errors of pod groups',
    says: GROUP_ERRORS,
    rank: 'room',
    kinds: ['podgroup'],
    owner: 'cluster-admin',
    read: (_, view) => ({
      waitingFor: { kind: 'podgroup', name: view.snapshot.pod.demand.podGroup ?? 'the group of the pod' },
      who: `${NODE_ADMIN}: the scheduler could not read the group of the pod`,
      next: [{ command: shell`kubectl get podgroups${flag(view)}`, when: 'to see their state' }],
    }),
  },
  {
    plugin: 'errors of the scheduler and of plugins',
    says: [...SCHEDULER_ERRORS, ...PLUGIN_ERRORS],
    rank: 'room',
    kinds: ['scheduler'],
    owner: 'cluster-admin',
    read: (_, { snapshot: { pod } }) => ({
      waitingFor: { kind: 'scheduler', name: pod.schedulerName },
      who: `${NODE_ADMIN}: scheduler ${pod.schedulerName} ended its attempt with an error, and will retry`,
      next: [schedulerLogs(pod.schedulerName)],
    }),
  },
];

/** kubeadm and most installers run the scheduler as a pod with this label; managed control planes hide it. */
export const schedulerLogs = (name: string) =>
  name === 'default-scheduler'
    ? {
        command: shell`kubectl logs -n kube-system -l component=kube-scheduler`,
        when: 'if the scheduler runs as a pod there',
      }
    : { command: shell`kubectl get pods -A -o wide`, when: `to find scheduler ${name} and its log` };
