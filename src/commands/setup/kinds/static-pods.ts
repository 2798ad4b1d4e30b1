import type { MakePlan, PlanInput, Step } from '../plan.ts';
import {
  apiserverFlags,
  configurationText,
  etcdFlags,
  etcdNotes,
  gateNotes,
  nodeSteps,
  TRACING_FILE,
  TRACING_FOLDER,
  undoNodeSteps,
  type FlagPair,
} from './common.ts';

const MANIFESTS = '/etc/kubernetes/manifests';

/** Static pods whose manifests are written by hand or by another tool. */
export const staticPods: MakePlan = (input) => ({
  steps: [configurationStep(input), ...manifestSteps(input), ...nodeSteps(input)],
  undo: [...undoManifests(input), ...undoNodeSteps(input)],
});

/** The file that kube-apiserver reads when it starts. */
export const configurationStep = (input: PlanInput): Step => ({
  title: 'On each control-plane node, as root: the file that kube-apiserver reads when it starts',
  files: [{ path: TRACING_FILE, text: configurationText(input) }],
});

/** Changes of the manifests. etcd comes first: kube-apiserver loses its connection when etcd restarts. */
export const manifestSteps = (input: PlanInput): readonly Step[] => [
  ...(input.etcd === undefined
    ? []
    : [
        {
          title:
            'On each control-plane node, one after the other: etcd. The kubelet restarts it when the manifest changes',
          ...manifestEdit('etcd', flagLines(etcdFlags(input))),
          notes: etcdNotes(input),
        },
      ]),
  {
    title: 'On each control-plane node, one after the other: kube-apiserver',
    ...manifestEdit('kube-apiserver', [...flagLines(apiserverFlags(input)), ...MOUNT_LINES]),
    notes: [
      ...gateNotes(input),
      'wait for the node to be Ready, and kubectl get --raw /readyz to print ok, before you change the next node.',
    ],
  },
];

/** The kubelet starts every file of the folder, so that the manifest is edited elsewhere and moved into place. */
const manifestEdit = (component: string, lines: readonly string[]): Pick<Step, 'commands' | 'merge'> => ({
  merge: { path: `a copy of ${MANIFESTS}/${component}.yaml, and move it into place`, text: `${lines.join('\n')}\n` },
  commands: [
    // A second paste must not replace the way back.
    `test -e ${backupOf(component)} || cp ${MANIFESTS}/${component}.yaml ${backupOf(component)}`,
    `cp ${MANIFESTS}/${component}.yaml /etc/kubernetes/${component}.with-tracing.yaml`,
    `"$\{EDITOR:-vi}" /etc/kubernetes/${component}.with-tracing.yaml`,
    `mv /etc/kubernetes/${component}.with-tracing.yaml ${MANIFESTS}/${component}.yaml`,
  ],
});

const backupOf = (component: string): string => `/etc/kubernetes/${component}.before-tracing.yaml`;

const flagLines = (flags: readonly FlagPair[]): readonly string[] => [
  'spec.containers[0].command:',
  ...flags.map(([name, value]) => `    - --${name}=${value}`),
];

const MOUNT_LINES = [
  'spec.containers[0].volumeMounts:',
  `    - {name: tracing, mountPath: ${TRACING_FOLDER}, readOnly: true}`,
  'spec.volumes:',
  `    - {name: tracing, hostPath: {path: ${TRACING_FOLDER}, type: Directory}}`,
];

/** The manifests as they were. */
export const undoManifests = (input: PlanInput): readonly Step[] => [
  {
    title: 'On each control-plane node, one after the other, as root',
    commands: [
      `mv ${backupOf('kube-apiserver')} ${MANIFESTS}/kube-apiserver.yaml`,
      ...(input.etcd === undefined ? [] : [`mv ${backupOf('etcd')} ${MANIFESTS}/etcd.yaml`]),
      `rm -r ${TRACING_FOLDER}`,
    ],
  },
];
