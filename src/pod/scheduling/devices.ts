import { shell } from '../../format/shell-command.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { argument, describeStep, flag, listed, NODE_ADMIN } from './words.ts';

const slicesStep = { command: shell`kubectl get resourceslices`, when: 'to see which devices each node offers' };
const classesStep = { command: shell`kubectl get deviceclasses`, when: 'to see which classes exist' };

/** pkg/scheduler/framework/plugins/dynamicresources; k8s.io/dynamic-resource-allocation resourceclaim, structured */
export const DEVICE_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'DynamicResources',
    says: [
      'cannot allocate all claims',
      'cannot fit resource',
      'cannot schedule extended resource claim',
      'resourceclaim not available on the node',
      'resourceclaim cannot be allocated for the node (unsuitable)',
      'device %s does not match node',
      'excluded by device class node filter',
      'excluded by resource class node filter',
      'node %s: timed out trying to allocate devices',
      'timed out trying to allocate devices',
      'asked by caller to stop allocating devices: %v',
      'resource claim %s allocation requires DRAOptionalNodeOperations feature on the node',
      'allocation max size exceeded',
      'invalid resource pools were encountered',
      'claim %s: number of requested devices %d exceeds the claim limit of %d',
      'claim %s, request %s: adding %d devices exceeds the claim limit of %d, with %d already accounted for',
    ],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'cluster-admin',
    read: (_, view) => claim(view, `${NODE_ADMIN} (devices), or the manifest's author (the claim)`, [slicesStep]),
  },
  {
    plugin: 'DynamicResources',
    says: ['resourceclaim in use', 'resource claim %s is in the process of being allocated'],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'author',
    read: ([name], view) => claim(view, 'the owner of the pods that use the claim: it is reserved for them', [], name),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'waiting for resource driver',
      'waiting for resource driver to allocate resource',
      'waiting for resource driver to provide information',
      'unallocated immediate resourceclaim',
      'resourceclaim must be reallocated',
      'resourceclaim depends on disabled DRAControlPlaneController feature',
      'deallocation of ResourceClaim completed',
      'deallocation of PodGroup ResourceClaim completed',
      'deallocation and deletion of ResourceClaims completed',
      'deletion of ResourceClaim completed',
      'ResourceClaim unreserved for PodGroup',
    ],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'cluster-admin',
    read: (_, view) => claim(view, `${NODE_ADMIN}: the driver of the resource has to allocate the claim`, [slicesStep]),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'resourceclaim %q is being deleted',
      'resourceclaim.resource.k8s.io %q not found',
      'resourceclaim %q not found',
    ],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'author',
    read: ([name], view) =>
      claim(view, "the manifest's author: the claim does not exist or is being deleted", [], name),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'pod "%s/%s": ResourceClaim not created yet',
      'pod "%s/%s": %w',
      'ResourceClaim not created yet',
      'PodGroup %s/%s: %w',
    ],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'cluster-admin',
    read: (_, view) =>
      claim(view, `${NODE_ADMIN}: kube-controller-manager has not created the claim from its template`, [
        { command: shell`kubectl get resourceclaimtemplates${flag(view)}`, when: 'to see whether the template exists' },
      ]),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'ResourceClaim %s/%s was not created for Pod %s/%s (Pod is not owner)',
      'ResourceClaim %s/%s was not created for pod %s/%s (pod is not owner)',
      'ResourceClaim %s/%s was not created for Pod %s/%s (neither Pod nor PodGroup %s is the owner)',
      'ResourceClaim %s/%s was not created for PodGroup %s/%s (PodGroup is not owner)',
      'ResourceClaim %s/%s is not in the same namespace as Pod %s/%s',
      'ResourceClaim %s/%s is not in the same namespace as PodGroup %s/%s',
    ],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'author',
    read: ([, name], view) => claim(view, "the manifest's author: the claim belongs to something else", [], name),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'request %s: device class %s does not exist',
      'claim %s, request %s: could not retrieve device class %s: %w',
    ],
    rank: 'room',
    kinds: ['deviceclass'],
    owner: 'cluster-admin',
    read: (words) => {
      const name = words.length === 4 ? (words[2] ?? '') : (words[1] ?? '');
      return {
        waitingFor: { kind: 'deviceclass', name },
        who: `${NODE_ADMIN} (DeviceClass ${name}), or the manifest's author (its name in the claim)`,
        next: [classesStep],
      };
    },
  },
  {
    plugin: 'DynamicResources',
    says: ['deviceclass.resource.k8s.io %q not found'],
    rank: 'room',
    kinds: ['deviceclass'],
    owner: 'cluster-admin',
    read: ([name = '']) => ({
      waitingFor: { kind: 'deviceclass', name },
      who: `${NODE_ADMIN} (DeviceClass ${name}), or the manifest's author (its name in the claim)`,
      next: [classesStep],
    }),
  },
  {
    plugin: 'DynamicResources',
    // Until 1.30.
    says: ['resource class %s does not exist'],
    rank: 'room',
    kinds: ['resourceclass'],
    owner: 'cluster-admin',
    read: ([name = '']) => ({
      waitingFor: { kind: 'resourceclass', name },
      who: `${NODE_ADMIN} (ResourceClass ${name}), or the manifest's author (its name in the claim)`,
      next: [{ command: shell`kubectl get resourceclasses`, when: 'to see which classes exist' }],
    }),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'pod level request for %s is insufficient to cover the aggregated container and node-allocatable DRA requests',
      'pod level limit for %s is insufficient to cover the aggregated container and node-allocatable DRA limits',
      'pod level limit for %s is insufficient to cover the limit and DRA overhead for container %s',
    ],
    rank: 'choice',
    kinds: ['resource'],
    owner: 'author',
    read: ([resource = '']) => ({
      waitingFor: { kind: 'resource', name: resource },
      who: "the manifest's author: the pod's own request or limit is less than its containers and claims need",
      next: [],
    }),
  },
  {
    plugin: 'DynamicResources',
    says: [
      'device binding timeout',
      'device binding failed',
      'claim %s binding timeout',
      'claim %s binding failed: reason=%s, message=%q',
      'device binding failed: claim=%s, reason=%s, message=%q',
      'device binding timeout: claim=%s',
      'device binding timeout: %w',
      'claim %s got allocated elsewhere in the meantime',
      'claim %s got deallocated elsewhere in the meantime',
      'claim %s got deleted in the meantime',
    ],
    rank: 'room',
    kinds: ['resourceclaim'],
    owner: 'cluster-admin',
    read: ([name], view) => claim(view, `${NODE_ADMIN}: the driver could not prepare the device in time`, [], name),
  },
];

function claim(view: SchedulingView, who: string, next: Meaning['next'], claimName?: string): Meaning {
  const { resourceClaims } = view.snapshot.pod.demand;
  const names = resourceClaims.map(({ name, claim: made }) => made ?? `${name} (not created yet)`);
  const made = resourceClaims.flatMap(({ claim: existing }) => existing ?? []);
  const name = claimName !== undefined && argument(claimName) !== undefined ? claimName : undefined;
  const [only] = name === undefined ? made : [name];
  return {
    waitingFor: { kind: 'resourceclaim', name: name ?? (listed(names) || "the pod's extended resources") },
    who,
    next: [
      only !== undefined && (name !== undefined || made.length === 1)
        ? describeStep('resourceclaim', only, view, 'to see its devices and what reserves it')
        : { command: shell`kubectl get resourceclaims${flag(view)}`, when: 'to see their state' },
      ...next,
    ],
  };
}
