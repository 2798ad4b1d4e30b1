import { shell } from '../../format/shell-command.ts';
import type { VolumeClaim } from './neighbors.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { argument, describeStep, flag, listed } from './words.ts';

const PROVIDER = "the cluster's administrator (storage class, provisioner), or the manifest's author (the claim)";

/** A claim that cannot be used yet: pkg/scheduler/framework/plugins/volumebinding, volumezone, volumerestrictions. */
export const CLAIM_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'VolumeBinding',
    says: ['pod has unbound immediate PersistentVolumeClaims'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'cluster-admin',
    read: (_, view) => unbound(view),
  },
  {
    plugin: 'VolumeBinding',
    says: ["node(s) didn't find available persistent volumes to bind"],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'cluster-admin',
    read: (_, view) => unbound(view),
  },
  {
    plugin: 'VolumeBinding, VolumeZone, NodeVolumeLimits',
    // Errors of client-go's listers, not of the scheduler.
    says: ['persistentvolumeclaim %q not found'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'author',
    read: ([name = ''], view) => ({
      waitingFor: { kind: 'persistentvolumeclaim', name },
      who: `the manifest's author: PersistentVolumeClaim ${name} does not exist in namespace ${view.snapshot.pod.namespace}`,
      next: [{ command: shell`kubectl get pvc${flag(view)}`, when: 'to see which claims exist' }],
    }),
  },
  {
    plugin: 'VolumeBinding',
    says: ['waiting for ephemeral volume controller to create the persistentvolumeclaim %q'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'cluster-admin',
    read: ([name = ''], view) => ({
      waitingFor: { kind: 'persistentvolumeclaim', name },
      who: "the cluster's administrator: kube-controller-manager has not created the claim of the ephemeral volume",
      next: [{ command: shell`kubectl get events${flag(view)}`, when: 'to see whether its creation was refused' }],
    }),
  },
  {
    plugin: 'VolumeBinding',
    says: ['persistentvolumeclaim %q bound to non-existent persistentvolume %q'],
    rank: 'room',
    kinds: ['persistentvolume'],
    owner: 'cluster-admin',
    read: ([claim = '', volume = ''], view) => ({
      waitingFor: { kind: 'persistentvolume', name: volume },
      who: `the cluster's administrator: the volume of claim ${claim} is lost`,
      next: [describeStep('pvc', claim, view, 'to see the claim, which has phase Lost')],
    }),
  },
  {
    plugin: 'VolumeBinding',
    says: ['node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'],
    rank: 'choice',
    kinds: ['persistentvolume'],
    owner: 'cluster-admin',
    read: (_, view) => {
      const volumes = (view.objects.claims ?? []).flatMap(({ volume }) => volume ?? []);
      return {
        waitingFor: { kind: 'persistentvolume', name: listed(volumes) || 'the volume of a claim' },
        who: "the cluster's administrator: a claim is bound to a volume that does not exist",
        next: [claimsStep(view)],
        query: { kind: 'claims' },
      };
    },
  },
  {
    plugin: 'VolumeBinding',
    says: ['persistentvolumeclaim %q is being deleted'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'author',
    read: ([name = ''], view) => ({
      waitingFor: { kind: 'persistentvolumeclaim', name },
      who: `the user who deleted claim ${name}: create it again after it is gone`,
      next: [describeStep('pvc', name, view, 'to see its finalizers and the pods that use it')],
    }),
  },
  {
    plugin: 'VolumeBinding',
    says: ['PVC %s/%s was not created for pod %s/%s (pod is not owner)'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'author',
    read: ([, name = ''], view) => ({
      waitingFor: { kind: 'persistentvolumeclaim', name },
      who: "the manifest's author: a claim of that name exists already and does not belong to the ephemeral volume",
      next: [describeStep('pvc', name, view, 'to see what uses it')],
    }),
  },
  {
    plugin: 'VolumeBinding, VolumeZone',
    says: [
      'failed to find storage class %q',
      'storageclass.storage.k8s.io %q not found',
      'VolumeBindingMode not set for StorageClass %q',
    ],
    rank: 'room',
    kinds: ['storageclass'],
    owner: 'cluster-admin',
    read: ([name = ''], view) => storageClass(name, view),
  },
  {
    plugin: 'VolumeBinding',
    says: ['no class for claim %q', 'provisioning failed for PVC %q', 'selectedNode annotation reset for PVC %q'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'cluster-admin',
    read: ([claim = ''], view) => {
      // It may come with its namespace.
      const name = claim.replace(/^.*\//, '');
      return {
        waitingFor: { kind: 'persistentvolumeclaim', name },
        who: PROVIDER,
        next: [describeStep('pvc', name, view, 'for the events of its provisioner')],
        detail: warnings(view.objects.claims?.filter((candidate) => candidate.name === name)),
        query: { kind: 'claims' },
      };
    },
  },
  {
    plugin: 'VolumeZone, NodeVolumeLimits',
    says: [
      'PersistentVolumeClaim had no name',
      'PersistentVolumeClaim had no pv name and storageClass name',
      'PersistentVolume had no name',
    ],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'author',
    read: (_, view) => unbound(view),
  },
];

const claimsStep = (view: SchedulingView) => ({
  command: shell`kubectl get pvc${flag(view)}`,
  when: 'to see what is bound',
});

function storageClass(name: string, view: SchedulingView): Meaning {
  return {
    waitingFor: { kind: 'storageclass', name },
    who: `the cluster's administrator (StorageClass ${name}), or the manifest's author (its name in the claim)`,
    next: [{ command: shell`kubectl get storageclasses`, when: 'to see which classes exist' }, claimsStep(view)],
  };
}

/**
 * The claims that are not bound, where they could be read; otherwise all of the pod. Every claim is unbound until its
 * provisioner has made the volume: that is an error only once an event says so.
 */
function unbound(view: SchedulingView): Meaning {
  const { volumeClaims } = view.snapshot.pod.demand;
  const open = view.objects.claims?.filter(({ phase }) => phase !== 'Bound') ?? [];
  const names = open.length > 0 ? open.map(({ name }) => name) : volumeClaims;
  const [only] = names;
  return {
    waitingFor: { kind: 'persistentvolumeclaim', name: listed(names) || 'a claim of the pod' },
    who: PROVIDER,
    next: [
      ...(names.length === 1 && only !== undefined && argument(only) !== undefined
        ? [describeStep('pvc', only, view, 'for the events of its provisioner')]
        : []),
      claimsStep(view),
    ],
    detail: warnings(open),
    isUnderWay: open.every((claim) => claim.phase !== undefined && claim.warning === undefined),
    query: { kind: 'claims' },
  };
}

function warnings(claims: readonly VolumeClaim[] = []): string | undefined {
  const words = claims.flatMap(({ name, storageClass: className, warning }) =>
    warning === undefined ? [] : [`claim ${name}${className === undefined ? '' : ` (class ${className})`}: ${warning}`],
  );
  return words.length === 0 ? undefined : words.join('; ');
}
