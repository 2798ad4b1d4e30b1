import { apiserverTracing, TRACING_CONFIG_FLAG } from '../apiserver-tracing.ts';
import { componentPod, type ComponentPod } from '../component-pod.ts';
import { etcdTracing, etcdTracingFlags } from '../etcd-tracing.ts';
import { EVERY_REQUEST, tracingConfiguration, usualSamplingRate } from '../tracing-configuration.ts';
import { isAtLeast, type Version } from '../version.ts';
import { EditRefused, valuesOf } from './layout.ts';
import type { PodTracing } from './static-pod.ts';

/** The folder of the TracingConfiguration, on the node and in the pod. */
export const TRACING_FOLDER = { name: 'tracing', path: '/etc/kubernetes/tracing' } as const;
export const TRACING_FILE = `${TRACING_FOLDER.path}/config.yaml`;

/** Where kubeadm says which pod belongs to a node. */
const ADDRESS_ANNOTATIONS = {
  'kube-apiserver': 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint',
  etcd: 'kubeadm.kubernetes.io/etcd.advertise-client-urls',
} as const;

export interface TracingOptions {
  /** HOST:PORT of a receiver of OTLP over gRPC. */
  readonly endpoint: string;
  /** Per million; undefined: the usual one of the version. */
  readonly samplingRate: number | undefined;
  /** In place of the versions of the images. */
  readonly kubernetesVersion?: Version | undefined;
  readonly etcdVersion?: Version | undefined;
}

/** The files with which one control-plane node traces. */
export interface NodePlan {
  readonly pods: readonly PodTracing[];
  /** Text of the TracingConfiguration. */
  readonly configuration: string;
  /** `10.0.0.5:6443`, where this node's API server is. */
  readonly apiserverAddress: string;
  /** False: a user's trace context is never accepted by this version. */
  readonly acceptsTraceContext: boolean;
}

/** Reads a static pod. Throws EditRefused for one that runs no such component. */
export function readManifest(text: string, component: PodTracing['component']): ComponentPod {
  const pod = componentPod(valuesOf(text));
  if (pod?.component !== component) throw new EditRefused(`it has no container ${component}`);
  return pod;
}

/** Host and port at which a component of this node is reached: the same in its manifest and in its mirror pod. */
export const addressOf = ({ component, annotations }: ComponentPod): string | undefined =>
  annotations[ADDRESS_ANNOTATIONS[component]];

/** Plans the change of a node. `etcd` is undefined where etcd runs elsewhere. Throws EditRefused. */
export function planNode(
  apiserver: ComponentPod,
  etcd: ComponentPod | undefined,
  { endpoint, samplingRate, kubernetesVersion, etcdVersion }: TracingOptions,
): NodePlan {
  const version = versionOf(apiserver, kubernetesVersion);
  const tracing = apiserverTracing(version);
  if (tracing === undefined || !isAtLeast(version, '1.27')) {
    throw new EditRefused('tracing of this Kubernetes version is alpha, behind a feature gate: use 1.27 or later');
  }
  const apiserverAddress = addressOf(apiserver);
  if (apiserverAddress === undefined) throw new EditRefused("it has no annotation with the API server's address");
  const rate = samplingRate ?? usualSamplingRate(tracing);
  const pods: PodTracing[] = [];
  if (etcd !== undefined) {
    const ofEtcd = etcdTracing(versionOf(etcd, etcdVersion));
    if (ofEtcd === undefined) throw new EditRefused('this etcd does not trace; 3.5 is the first that does');
    // A request of the API server that is sampled is recorded by etcd at any rate.
    pods.push({ component: 'etcd', flags: etcdTracingFlags(ofEtcd, { endpoint }) });
  }
  pods.push({ component: 'kube-apiserver', flags: [[TRACING_CONFIG_FLAG, TRACING_FILE]], folder: TRACING_FOLDER });
  return {
    pods,
    configuration: tracingConfiguration(tracing, { endpoint, samplingRate: Math.min(rate, EVERY_REQUEST) }),
    apiserverAddress,
    acceptsTraceContext: tracing.acceptsTraceContext,
  };
}

function versionOf({ component, version }: ComponentPod, given: Version | undefined): Version {
  const known = given ?? version;
  if (known !== undefined) return known;
  const flag = component === 'etcd' ? '--etcd-version' : '--kubernetes-version';
  throw new EditRefused(`its image has no version in its tag; give ${flag}`);
}

/** Whether a pod has every flag of it, with its value. */
export const hasTracing = ({ flags }: ComponentPod, tracing: PodTracing): boolean =>
  tracing.flags.every(([name, value]) => flags.get(name) === value);
