import { formatVersion } from '../../../control-plane/version.ts';
import type { MakePlan, PlanInput } from '../plan.ts';
import { apiserverFlags, configurationText, etcdFlags, etcdNotes } from './common.ts';

/**
 * A folder of the node that minikube fills from ~/.minikube/files when it starts, and that kube-apiserver mounts anyway
 * (minikube's tutorial on audit policies).
 */
const NODE_FILE = '/etc/ssl/certs/tracing.yaml';
const OWN_FILE = '~/.minikube/files/etc/ssl/certs/tracing.yaml';

/** minikube. */
export const minikube: MakePlan = (input) => ({
  steps: [
    {
      title: 'On this machine: the file that kube-apiserver reads; minikube copies it to the node',
      files: [{ path: OWN_FILE, text: configurationText(input) }],
    },
    {
      title: 'Start the cluster with the flags; a stopped cluster gets them at its next start',
      commands: ['minikube stop', startCommand(input)],
      notes: [...etcdNotes(input), 'minikube has no setting for the tracing of the kubelet.'],
    },
  ],
  undo: [
    {
      title: 'On this machine; minikube stores the flags of a cluster, so that it is made again',
      commands: [`rm ${OWN_FILE}`, 'minikube delete', 'minikube start'],
    },
  ],
});

function startCommand(input: PlanInput): string {
  const flags = [
    ...apiserverFlags(input, NODE_FILE).map(([name, value]) =>
      name === 'feature-gates' ? `--feature-gates=${value}` : `--extra-config=apiserver.${name}=${value}`,
    ),
    ...etcdFlags(input).map(([name, value]) => `--extra-config=etcd.${name}=${value}`),
  ];
  return [`minikube start --kubernetes-version=v${formatVersion(input.version)}`, ...flags].join(' \\\n  ');
}
