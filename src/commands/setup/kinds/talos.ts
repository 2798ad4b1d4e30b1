import { indent, type MakePlan, type PlanInput } from '../plan.ts';
import {
  apiserverFlags,
  configurationText,
  etcdFlags,
  etcdNotes,
  gateNotes,
  kubeletLines,
  type FlagPair,
} from './common.ts';

/** Files of the machine configuration may be created below /var only. */
const NODE_FOLDER = '/var/etc/tracing';
const POD_FOLDER = '/etc/tracing';

/** Talos Linux: a patch of the machine configuration (pkg/machinery/config/types/v1alpha1/v1alpha1_types.go). */
export const talos: MakePlan = (input) => ({
  steps: [
    {
      title: 'On this machine: a patch of the machine configuration',
      files: [{ path: 'talos-tracing.yaml', text: talosPatch(input) }],
    },
    {
      title: 'Each control-plane node, one after the other',
      commands: ['talosctl patch machineconfig --nodes NODE --patch @talos-tracing.yaml'],
      notes: [...gateNotes(input), ...etcdNotes(input)],
    },
  ],
  undo: [
    {
      title:
        'Each control-plane node: remove the same lines, except for machine.files, which may stay: a file in /var is not removed by Talos',
      commands: ['talosctl edit machineconfig --nodes NODE'],
    },
  ],
});

function talosPatch(input: PlanInput): string {
  const kubelet = kubeletLines(input);
  const etcd = etcdFlags(input);
  return `machine:
  files:
    - path: ${NODE_FOLDER}/config.yaml
      op: create
      permissions: 0o644
      content: |
${indent(8, configurationText(input))}
${
  kubelet.length === 0
    ? ''
    : `  kubelet:
    extraConfig:
${indent(6, kubelet)}
`
}cluster:
  apiServer:
    extraArgs:
${argLines(apiserverFlags(input, `${POD_FOLDER}/config.yaml`))}
    extraVolumes:
      - hostPath: ${NODE_FOLDER}
        mountPath: ${POD_FOLDER}
        readonly: true
${
  etcd.length === 0
    ? ''
    : `  etcd:
    extraArgs:
${argLines(etcd)}
`
}`;
}

const argLines = (flags: readonly FlagPair[]): string =>
  indent(
    6,
    flags.map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  );
