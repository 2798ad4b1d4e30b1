import { indent, type MakePlan, type PlanInput } from '../plan.ts';
import { configurationText, etcdNotes, gateNotes, TRACING_FILE } from './common.ts';
import { controlPlaneParts } from './kubeadm.ts';

/** Cluster API with kubeadm. */
export const clusterAPI: MakePlan = (input) => ({
  steps: [
    {
      title:
        'In the management cluster: add this to your KubeadmControlPlane. Cluster API replaces its machines one by one',
      files: [
        { path: 'kubeadm-control-plane-tracing.yaml', text: controlPlane(input, 'v1beta2') },
        { path: 'kubeadm-control-plane-tracing.v1beta1.yaml', text: controlPlane(input, 'v1beta1') },
      ],
      commands: ['kubectl edit kubeadmcontrolplane NAME'],
      notes: [
        'the first file is for the API version v1beta2 (Cluster API 1.11 and later), the second for v1beta1. Add their entries to the lists that you have.',
        ...gateNotes(input),
        ...etcdNotes(input),
      ],
    },
  ],
  undo: [
    {
      title: 'In the management cluster: remove the same entries; the machines are replaced again',
      commands: ['kubectl edit kubeadmcontrolplane NAME'],
    },
  ],
});

/** v1beta1 has kubeadm's v1beta3 in it, v1beta2 has v1beta4. */
export const controlPlane = (input: PlanInput, api: 'v1beta1' | 'v1beta2'): string =>
  `apiVersion: controlplane.cluster.x-k8s.io/${api}
kind: KubeadmControlPlane
metadata:
  name: NAME
spec:
  kubeadmConfigSpec:
    files:
      - path: ${TRACING_FILE}
        owner: root:root
        permissions: "0644"
        content: |
${indent(10, configurationText(input))}
    clusterConfiguration:
${indent(6, controlPlaneParts(input, api === 'v1beta1' ? 'v1beta3' : 'v1beta4'))}
`;
