import { formatVersion, isAtLeast } from '../../../control-plane/version.ts';
import { indent, type MakePlan, type PlanInput } from '../plan.ts';
import { configurationText, etcdNotes, gateNotes, kubeletLines, TRACING_FOLDER } from './common.ts';
import { clusterConfiguration } from './kubeadm.ts';

/** kind. Its nodes are containers, whose configuration is set when the cluster is created. */
export const kind: MakePlan = (input) => ({
  steps: [
    {
      title: 'On this machine, in an empty folder: the file that kube-apiserver reads, and the cluster',
      files: [
        { path: 'tracing/config.yaml', text: configurationText(input) },
        { path: 'kind-tracing.yaml', text: kindCluster(input) },
      ],
      notes: [
        ...gateNotes(input),
        ...etcdNotes(input),
        'in kind 127.0.0.1 is the node itself. For serve on this machine, use the gateway of the network: docker network inspect kind, then --endpoint GATEWAY:4317 here and --listen GATEWAY:4317 there.',
      ],
    },
    {
      title: 'Create a new cluster: the configuration of an existing one cannot be changed by kind',
      commands: [
        `kind create cluster --config kind-tracing.yaml --image kindest/node:v${formatVersion(input.version)}`,
      ],
    },
  ],
  undo: [{ title: 'On this machine', commands: ['kind delete cluster'] }],
});

/**
 * A Cluster for `kind create cluster --config`. kind writes kubeadm's v1beta3 below Kubernetes 1.36 and v1beta4 from there
 * (pkg/cluster/internal/kubeadm/config.go), and takes a patch that names the same API version.
 */
export const kindCluster = (input: PlanInput): string => {
  const kubelet = kubeletLines(input);
  return `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    extraMounts:
      - hostPath: ./tracing
        containerPath: ${TRACING_FOLDER}
        readOnly: true
    kubeadmConfigPatches:
      - |
${indent(8, clusterConfiguration(input, isAtLeast(input.version, '1.36') ? 'v1beta4' : 'v1beta3'))}
${
  kubelet.length === 0
    ? ''
    : `      - |
        kind: KubeletConfiguration
        apiVersion: kubelet.config.k8s.io/v1beta1
${indent(8, kubelet)}
`
}`;
};
