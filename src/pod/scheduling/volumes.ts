import { shell } from '../../format/shell-command.ts';
import type { SchedulingRule, SchedulingView } from './rule.ts';
import { argument, flag, listed, podsListed } from './words.ts';

/** pkg/scheduler/framework/plugins: volumebinding, volumezone, nodevolumelimits, volumerestrictions */
export const VOLUME_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'VolumeBinding, VolumeZone',
    says: [
      "node(s) didn't match PersistentVolume's node affinity",
      // Until 1.34.
      'node(s) had volume node affinity conflict',
      'node(s) had no available volume zone',
    ],
    rank: 'choice',
    kinds: ['persistentvolume'],
    owner: 'cluster-admin',
    read: (_, view) => {
      const volumes = (view.objects.claims ?? []).flatMap(({ volume }) => volume ?? []);
      const [only] = volumes;
      const name = volumes.length === 1 ? argument(only ?? '') : undefined;
      return {
        waitingFor: {
          kind: 'persistentvolume',
          name: listed(volumes) || `the volume of claim ${listed(view.snapshot.pod.demand.volumeClaims)}`,
        },
        who: "the cluster's administrator: the volume can be used on other nodes than those with room",
        next: [
          {
            command:
              name === undefined
                ? shell`kubectl get pvc${flag(view)}`
                : shell`kubectl get pv ${name} -o jsonpath='{.spec.nodeAffinity}'`,
            when: name === undefined ? 'to see its volumes' : 'to see on which nodes it can be used',
          },
        ],
        detail: volumeNodesOf(view),
        query: { kind: 'claims' },
      };
    },
  },
  {
    plugin: 'VolumeBinding',
    says: ["pv %q node affinity doesn't match node %q: %w"],
    rank: 'choice',
    kinds: ['persistentvolume'],
    owner: 'cluster-admin',
    read: ([volume = '']) => ({
      waitingFor: { kind: 'persistentvolume', name: volume },
      who: "the cluster's administrator: the volume was made for other nodes than the one chosen",
      next: [{ command: shell`kubectl describe pv ${argument(volume) ?? []}`, when: 'to see its node affinity' }],
    }),
  },
  {
    plugin: 'VolumeBinding, VolumeZone',
    says: ['persistentvolume %q not found', 'failed to get pv %q from cache: %w', 'ClaimRef got reset for pv %q'],
    rank: 'room',
    kinds: ['persistentvolume'],
    owner: 'cluster-admin',
    read: ([volume = ''], view) => ({
      waitingFor: { kind: 'persistentvolume', name: volume },
      who: "the cluster's administrator: the volume of the claim is missing or was released",
      next: [{ command: shell`kubectl get pvc${flag(view)}`, when: 'to see which volume each claim is bound to' }],
    }),
  },
  {
    plugin: 'VolumeBinding',
    says: ['node(s) did not have enough free storage'],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'cluster-admin',
    read: (_, view) => ({
      waitingFor: { kind: 'persistentvolumeclaim', name: claims(view) },
      who: "the cluster's administrator: the storage system has too little room where the nodes are",
      next: [{ command: shell`kubectl get csistoragecapacities -A`, when: 'to see the free capacity' }],
    }),
  },
  {
    plugin: 'NodeVolumeLimits',
    says: ['node(s) exceed max volume count'],
    rank: 'room',
    kinds: ['resource'],
    owner: 'cluster-admin',
    read: () => ({
      waitingFor: { kind: 'resource', name: 'attachable volumes' },
      who: "the cluster's administrator: more nodes, because each takes a limited number of volumes of a driver",
      next: [
        {
          command: shell`kubectl get csinodes -o custom-columns='NODE:.metadata.name,DRIVERS:.spec.drivers[*].name,LIMITS:.spec.drivers[*].allocatable.count'`,
          when: 'to see the limits',
        },
        { command: shell`kubectl get volumeattachments`, when: 'to see what is attached' },
      ],
    }),
  },
  {
    plugin: 'NodeVolumeLimits',
    says: ['%s CSI driver is not installed on the node'],
    rank: 'room',
    kinds: ['csidriver'],
    owner: 'cluster-admin',
    read: ([driver = '']) => ({
      waitingFor: { kind: 'csidriver', name: driver },
      who: `the cluster's administrator: the node has not registered CSI driver ${driver}`,
      next: [{ command: shell`kubectl get csinodes`, when: 'to see which drivers each node has' }],
    }),
  },
  {
    plugin: 'VolumeRestrictions',
    says: [
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
      'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
    ],
    rank: 'room',
    kinds: ['persistentvolumeclaim'],
    owner: 'author',
    read: (_, view) => {
      const { pod } = view.snapshot;
      const users = (view.objects.pods ?? []).filter(
        (neighbor) =>
          neighbor.namespace === pod.namespace &&
          neighbor.name !== pod.name &&
          !neighbor.hasEnded &&
          neighbor.demand.volumeClaims.some((claim) => pod.demand.volumeClaims.includes(claim)),
      );
      return {
        waitingFor: { kind: 'persistentvolumeclaim', name: claims(view) },
        who: 'the owner of the pod that uses the claim: ReadWriteOncePod allows one pod at a time',
        next: [
          {
            command: shell`kubectl describe pvc ${pod.demand.volumeClaims.flatMap((claim) => argument(claim) ?? [])}${flag(view)}`,
            when: 'to see which pod uses it',
          },
        ],
        detail: users.length === 0 ? undefined : `used by ${podsListed(users, pod.namespace)}`,
        query: { kind: 'pods', isLocal: true },
      };
    },
  },
  {
    plugin: 'VolumeRestrictions',
    says: ['node(s) had no available disk'],
    rank: 'room',
    kinds: ['volume'],
    owner: 'author',
    read: (_, view) => ({
      waitingFor: { kind: 'volume', name: 'a disk that another pod uses on the node' },
      who: "the manifest's author: another pod on the node has the same disk (GCE, EBS, RBD, iSCSI) mounted for writing",
      next: [{ command: shell`kubectl get pods${flag(view)} -o wide`, when: 'to see the pods with the same volume' }],
    }),
  },
];

/** `pv-3 is for topology.kubernetes.io/zone In (eu-1a)` */
function volumeNodesOf({ objects }: SchedulingView): string | undefined {
  const places = (objects.claims ?? []).flatMap(({ volume, volumeNodes }) =>
    volume === undefined || volumeNodes === undefined ? [] : [`${volume} is for ${volumeNodes}`],
  );
  return places.length === 0 ? undefined : places.join('; ');
}

const claims = ({ snapshot: { pod } }: SchedulingView): string =>
  listed(pod.demand.volumeClaims) || 'a claim of the pod';
