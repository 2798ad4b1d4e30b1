import { TRACING_CONFIG_FLAG } from '../../../control-plane/apiserver-tracing.ts';
import { etcdTracingFlags } from '../../../control-plane/etcd-tracing.ts';
import { kubeletConfigurationLines } from '../../../control-plane/kubelet-tracing.ts';
import { runtimeTracing } from '../../../control-plane/runtime-tracing.ts';
import { tracingConfiguration } from '../../../control-plane/tracing-configuration.ts';
import type { PlanInput, Step } from '../plan.ts';

/** A flag of a component, without `--`. */
export type FlagPair = readonly [name: string, value: string];

/** The folder of the TracingConfiguration on a node, and inside kube-apiserver's pod. */
export const TRACING_FOLDER = '/etc/kubernetes/tracing';
export const TRACING_FILE = `${TRACING_FOLDER}/config.yaml`;

/** The TracingConfiguration. */
export const configurationText = ({ apiserver, endpoint, samplingRate }: PlanInput): string =>
  tracingConfiguration(apiserver, { endpoint, samplingRate });

/** The flags of kube-apiserver: its file and, before 1.27, its feature gate. */
export const apiserverFlags = ({ apiserver }: PlanInput, file = TRACING_FILE): readonly FlagPair[] => [
  [TRACING_CONFIG_FLAG, file],
  ...(apiserver.featureGate === undefined ? [] : [['feature-gates', apiserver.featureGate] as const]),
];

/** A server that has gates already needs one list of all of them. */
export const gateNotes = ({ apiserver }: PlanInput): readonly string[] =>
  apiserver.featureGate === undefined
    ? []
    : [`if kube-apiserver has --feature-gates already, add ${apiserver.featureGate} to its list.`];

/**
 * The flags of etcd; none where it does not trace. Its own sampling stays off: it records the requests that the API server
 * records.
 */
export const etcdFlags = ({ etcd, endpoint }: PlanInput): readonly FlagPair[] =>
  etcd === undefined ? [] : etcdTracingFlags(etcd, { endpoint });

export const etcdNotes = ({ etcd }: PlanInput): readonly string[] =>
  etcd?.ownSampling === 'all'
    ? [
        'this etcd (3.5.0 to 3.5.4) records every request, and nothing limits it; use 3.5.11 or later on a busy cluster.',
      ]
    : etcd?.ownSampling === 'none'
      ? [
          'this etcd (3.5.5 to 3.5.10) has no sampling rate: it records the requests that the API server records, and no other.',
        ]
      : [];

/** Steps for the kubelet and the container runtime of a node on which files can be written. */
export function nodeSteps(input: PlanInput, kubeletFile = '/var/lib/kubelet/config.yaml'): readonly Step[] {
  const runtime = input.runtime === undefined ? undefined : runtimeTracing(input.runtime, input);
  return [
    ...(input.kubelet === undefined
      ? []
      : [
          {
            title: `On each node, as root: the kubelet (optional; shows where the start of a pod takes its time)`,
            merge: { path: kubeletFile, text: `${kubeletLines(input).join('\n')}\n` },
            commands: ['systemctl restart kubelet'],
          },
        ]),
    ...(runtime === undefined
      ? []
      : [
          {
            title: `On each node, as root: the container runtime, ${input.runtime} (optional)`,
            ...(runtime.path.endsWith('.toml') ? { merge: runtime } : { files: [runtime] }),
            commands: [runtime.restart],
          },
        ]),
  ];
}

export const kubeletLines = ({ kubelet, endpoint, kubeletSamplingRate }: PlanInput): readonly string[] =>
  kubelet === undefined ? [] : kubeletConfigurationLines(kubelet, { endpoint, samplingRate: kubeletSamplingRate });

/** Steps that remove the optional ones again. */
export function undoNodeSteps(input: PlanInput, kubeletFile = '/var/lib/kubelet/config.yaml'): readonly Step[] {
  const runtime = input.runtime === undefined ? undefined : runtimeTracing(input.runtime, input);
  const isFile = runtime !== undefined && !runtime.path.endsWith('.toml');
  if (input.kubelet === undefined && runtime === undefined) return [];
  return [
    {
      title: `On each node, if it was changed: remove the lines from ${[
        ...(input.kubelet === undefined ? [] : [kubeletFile]),
        ...(runtime === undefined || isFile ? [] : [runtime.path]),
      ].join(' and ')}`,
      commands: [
        ...(isFile ? [`rm -f ${runtime.path}`] : []),
        ...(input.kubelet === undefined ? [] : ['systemctl restart kubelet']),
        ...(runtime === undefined ? [] : [runtime.restart]),
      ],
    },
  ];
}
