import { shell } from '../../format/shell-command.ts';
import { inNamespace } from '../causes/evidence.ts';
import type { NextStep } from '../verdict.ts';
import type { ErrorContext, KnownError } from './known-error.ts';

const driverPods = ({ snapshot, node }: ErrorContext, name: string): NextStep[] => [
  {
    command: shell`kubectl get csinode ${node} -o yaml`,
    when: `is ${name === '' ? 'the driver' : name} registered there?`,
  },
  {
    command: shell`kubectl get pods -A -o wide --field-selector spec.nodeName=${snapshot.pod.node ?? node}`,
    when: "is the driver's pod running?",
  },
];

const attachments: NextStep = { command: shell`kubectl get volumeattachments`, when: 'which node holds the volume?' };

/**
 * Volumes that cannot be attached or mounted: the attach-detach controller
 * (pkg/controller/volume/attachdetach/reconciler), pkg/volume, and mount(8). Kubernetes 1.37 writes "Waiting for detach"
 * where older versions write "Multi-Attach error".
 */
export const VOLUME_ERRORS: readonly KnownError[] = [
  {
    example: 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) web-0',
    pattern:
      /(?:Multi-Attach error|Waiting for detach) for volume "([^"]*)" Volume is already used by (pod\(s\) ([^\s,]+).*)$/,
    message: ([, volume = '', holders = '']) =>
      `volume ${volume} is attached to another node, where it is used by ${holders}`,
    owner: 'author',
    who: (_, [, , , pod = '']) => `the owner of pod ${pod}: a ReadWriteOnce volume moves only after that pod is gone`,
    next: ({ snapshot }, [, , , pod = '']) => [
      { command: shell`kubectl get pod ${pod}${inNamespace(snapshot)} -o wide`, when: 'where does it run?' },
      attachments,
    ],
  },
  {
    example: 'Multi-Attach error for volume "pvc-1" Volume is already used by 2 pod(s) in different namespaces',
    pattern:
      /(?:Multi-Attach error|Waiting for detach) for volume "([^"]*)" Volume is already used by (\d+ pod\(s\) in different namespaces)/,
    message: ([, volume = '', holders = '']) =>
      `volume ${volume} is attached to another node, where it is used by ${holders}`,
    owner: 'cluster-admin',
    who: () => 'the owners of those pods; the cluster administrator can see them',
    next: () => [attachments],
  },
  {
    example: 'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node',
    pattern:
      /(?:Multi-Attach error|Waiting for detach) for volume "([^"]*)" Volume is already exclusively attached to one node/,
    message: ([, volume = '']) => `volume ${volume} is still attached to another node, and no pod there uses it`,
    owner: 'cluster-admin',
    who: () =>
      'the attach-detach controller: it detaches from a healthy node within seconds, from a lost one after 6 min, or at once with the taint node.kubernetes.io/out-of-service',
    next: () => [attachments, { command: shell`kubectl get nodes`, when: 'is that node ready?' }],
  },
  {
    example: 'driver name csi.test not found in the list of registered CSI drivers',
    pattern:
      /driver name (\S+) not found in the list of registered CSI drivers|CSINode \S+ does not contain driver (\S+)/,
    message: ([why], { node }) => `the volume's driver is not registered on node ${node}: ${why}`,
    owner: 'cluster-admin',
    who: (_, [, name = '', otherName = '']) => `the administrator of driver ${name || otherName}`,
    next: (context, [, name = '', otherName = '']) => driverPods(context, name || otherName),
  },
  {
    example: 'timed out waiting for external-attacher of csi.test CSI driver to attach volume vol-1',
    pattern: /timed out waiting for external-attacher of (\S+) CSI driver to attach volume (\S+)/,
    message: ([, driver = '', volume = '']) => `driver ${driver} does not attach volume ${volume}`,
    owner: 'cluster-admin',
    who: (_, [, driver = '']) => `the administrator of driver ${driver} (its controller and external-attacher)`,
    next: () => [attachments],
  },
  {
    example: 'attachment limit exceeded; maximum number of attached volumes',
    pattern:
      /attach(?:ment)? limit exceeded|max(?:imum)? (?:volume|number of attached volumes)[^:;]*|AttachmentLimitExceeded/i,
    message: ([why], { node }) => `node ${node} cannot attach more volumes (${why})`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node}; another node may have room`,
    next: () => [attachments],
  },
  {
    example: 'hostPath type check failed: /srv/data is not a directory',
    pattern: /hostPath type check failed: (.*)$/,
    message: ([, why = ''], { node }) => `the host path does not fit on node ${node}: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of node ${node} (the path), or the manifest's author (hostPath.type)`,
  },
  {
    example: 'bad option; … you might need a /sbin/mount.<type> helper program',
    pattern: /you might need a \/s?bin\/mount\.(?:<type> |\w+ )?helper program/,
    message: (_, { node }) => `node ${node} lacks the mount helper of the file system (/sbin/mount.TYPE)`,
    owner: 'cluster-admin',
    who: ({ node }) =>
      `the administrator of node ${node} (for NFS the package nfs-common or nfs-utils, for CIFS cifs-utils)`,
  },
  {
    example: 'failed to fetch token: serviceaccounts "web" not found',
    pattern: /serviceaccounts? "([^"]+)" not found/,
    message: ([, name = '']) => `the pod's token cannot be created: there is no ServiceAccount ${name}`,
    owner: 'author',
    who: (_, [, name = '']) => `the author of ServiceAccount ${name}: it was deleted after the pod was created`,
    waitingFor: (_, [, name = '']) => ({ kind: 'serviceaccount', name }),
    next: ({ snapshot }, [, name = '']) => [
      {
        command: shell`kubectl create serviceaccount ${name}${inNamespace(snapshot)}`,
        when: 'to create it manually',
      },
    ],
  },
  {
    example: 'mount failed: exit status 32 … mount.nfs: access denied by server while mounting',
    pattern: /(mount\.\w+: .*|access denied by server.*|wrong fs type.*|Connection timed out.*|No such device.*)$/is,
    message: ([, why = ''], { node }) => `the mount fails on node ${node}: ${why}`,
    owner: 'cluster-admin',
    who: ({ node }) => `the administrator of the storage, or of node ${node} (mount helpers, network)`,
  },
];
