import { isAtLeast, type Version } from '../../../control-plane/version.ts';
import { indent, type MakePlan, type PlanInput } from '../plan.ts';
import { apiserverFlags, etcdFlags, nodeSteps, TRACING_FOLDER, undoNodeSteps, type FlagPair } from './common.ts';
import { configurationStep, manifestSteps, undoManifests } from './static-pods.ts';

/** The API versions of kubeadm's configuration in which flags are a map, and a list. */
export type KubeadmAPI = 'v1beta3' | 'v1beta4';

/** kubeadm writes v1beta4 since 1.31 (cmd/kubeadm/app/apis/kubeadm/v1beta4). */
export const kubeadmAPI = (version: Version): KubeadmAPI => (isAtLeast(version, '1.31') ? 'v1beta4' : 'v1beta3');

/** kubeadm. An upgrade writes the manifests again from the ConfigMap, so that both are changed. */
export const kubeadm: MakePlan = (input) => ({
  steps: [
    configurationStep(input),
    {
      title: 'Once: the ConfigMap from which kubeadm writes the manifests at an upgrade or for another node',
      merge: {
        path: 'ClusterConfiguration (for a new cluster: to the file of kubeadm init --config)',
        text: clusterConfiguration(input, kubeadmAPI(input.version)),
      },
      commands: ['kubectl -n kube-system edit configmap kubeadm-config'],
    },
    ...manifestSteps(input),
    ...nodeSteps(input),
  ],
  undo: [
    ...undoManifests(input),
    {
      title: 'Once: remove the same lines from ClusterConfiguration',
      commands: ['kubectl -n kube-system edit configmap kubeadm-config'],
    },
    ...undoNodeSteps(input),
  ],
});

/** The parts of a ClusterConfiguration. kind and Cluster API take the same. */
export const clusterConfiguration = (input: PlanInput, api: KubeadmAPI): string =>
  `apiVersion: kubeadm.k8s.io/${api}
kind: ClusterConfiguration
${controlPlaneParts(input, api)}`;

/** `apiServer` and `etcd` of a ClusterConfiguration. */
export const controlPlaneParts = (input: PlanInput, api: KubeadmAPI): string => `apiServer:
  extraArgs:
${indent(4, extraArgs(apiserverFlags(input), api))}
  extraVolumes:
    - name: tracing
      hostPath: ${TRACING_FOLDER}
      mountPath: ${TRACING_FOLDER}
      readOnly: true
      pathType: Directory
${
  input.etcd === undefined
    ? ''
    : `etcd:
  local:
    extraArgs:
${indent(6, extraArgs(etcdFlags(input), api))}
`
}`;

/** A map until v1beta3; since v1beta4 a list, in which a flag may be repeated. */
const extraArgs = (flags: readonly FlagPair[], api: KubeadmAPI): readonly string[] =>
  flags.flatMap(([name, value]) =>
    api === 'v1beta3'
      ? [`${name}: ${JSON.stringify(value)}`]
      : [`- name: ${name}`, `  value: ${JSON.stringify(value)}`],
  );
