import { isAtLeast, type Version } from './version.ts';

/** How one version of the kubelet traces. */
export interface KubeletTracing {
  readonly stage: 'alpha' | 'beta' | 'stable';
  /** The feature gate that has to be on; undefined where it is on by default. */
  readonly featureGate?: 'KubeletTracing' | undefined;
}

/**
 * Tracing of the kubelet by version; undefined before 1.25. The gate KubeletTracing is alpha in 1.25, beta and on in 1.27 and
 * stable in 1.34 (k8s.io/kubernetes pkg/features/kube_features.go).
 */
export function kubeletTracing(version: Version): KubeletTracing | undefined {
  if (!isAtLeast(version, '1.25')) return undefined;
  if (!isAtLeast(version, '1.27')) return { stage: 'alpha', featureGate: 'KubeletTracing' };
  return { stage: isAtLeast(version, '1.34') ? 'stable' : 'beta' };
}

/** Where spans are sent, and how much of what has no sampled caller is recorded. */
export interface Export {
  /** HOST:PORT of a receiver of OTLP over gRPC without TLS. */
  readonly endpoint: string;
  /** Per million. */
  readonly samplingRate: number;
}

/**
 * Lines to add to a KubeletConfiguration (kubelet.config.k8s.io/v1beta1). No other component's trace continues in the kubelet,
 * so that a rate of 0 records nothing.
 */
export function kubeletConfigurationLines(
  { featureGate }: KubeletTracing,
  { endpoint, samplingRate }: Export,
): readonly string[] {
  return [
    ...(featureGate === undefined ? [] : ['featureGates:', `  ${featureGate}: true`]),
    'tracing:',
    `  endpoint: ${JSON.stringify(endpoint)}`,
    `  samplingRatePerMillion: ${samplingRate}`,
  ];
}
