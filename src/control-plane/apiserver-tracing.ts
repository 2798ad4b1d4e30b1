import { isAtLeast, type Version } from './version.ts';

/** The flag of kube-apiserver that names the file with its TracingConfiguration, since 1.22. */
export const TRACING_CONFIG_FLAG = 'tracing-config-file';

/** The group of TracingConfiguration. EgressSelectorConfiguration is in `apiserver.k8s.io`; this is another one. */
const GROUP = 'apiserver.config.k8s.io';

/** How one version of kube-apiserver traces. */
export interface ApiserverTracing {
  readonly stage: 'alpha' | 'beta' | 'stable';
  /** The value of `--feature-gates` without which it does not trace; undefined where the gate is on by default or gone. */
  readonly featureGate?: 'APIServerTracing=true' | undefined;
  /** The newest API version of TracingConfiguration that it reads. */
  readonly apiVersion: string;
  /** Whether it continues the trace of a caller in system:masters or system:monitoring. */
  readonly acceptsTraceContext: boolean;
  /** Whether its metrics have exemplars, so that a request can be measured without a backend. */
  readonly hasExemplars: boolean;
}

/**
 * Tracing of kube-apiserver by version; undefined before 1.22, which does not trace. The gate APIServerTracing is alpha in
 * 1.22, beta and on in 1.27, locked in 1.34 and gone in 1.37, where setting it ends the server
 * (k8s.io/apiserver pkg/features/kube_features.go). TracingConfiguration is v1alpha1, since 1.27 v1beta1, since 1.34 v1
 * (pkg/apis/apiserver/*\/register.go); later versions still read the earlier ones. Trace context is accepted since 1.33
 * (pkg/endpoints/filters/traces.go), and exemplars came with 1.32.
 */
export function apiserverTracing(version: Version): ApiserverTracing | undefined {
  if (!isAtLeast(version, '1.22')) return undefined;
  const facts = {
    acceptsTraceContext: isAtLeast(version, '1.33'),
    hasExemplars: isAtLeast(version, '1.32'),
  };
  if (!isAtLeast(version, '1.27')) {
    return { ...facts, stage: 'alpha', featureGate: 'APIServerTracing=true', apiVersion: `${GROUP}/v1alpha1` };
  }
  if (!isAtLeast(version, '1.34')) return { ...facts, stage: 'beta', apiVersion: `${GROUP}/v1beta1` };
  return { ...facts, stage: 'stable', apiVersion: `${GROUP}/v1` };
}

/** Groups whose members' trace context is accepted since 1.33 (pkg/endpoints/filters/traces.go). */
export const TRUSTED_GROUPS = ['system:masters', 'system:monitoring'] as const;
