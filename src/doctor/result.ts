/** How a check ended. `unknown`: it could not be made, and its summary says why. */
export const CHECK_STATES = ['ok', 'warning', 'failed', 'unknown'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** The checks, in the order in which they are printed: each needs those before it. docs/doctor.md explains them. */
export const CHECK_IDS = [
  'reach',
  'version',
  'cluster',
  'identity',
  'permissions',
  'tracing',
  'configuration',
  'sampling',
  'export',
  'etcd',
  'kubelet',
  'backend',
  'services',
  'replicas',
  'clock',
  'installation',
  'canary',
] as const;
export type CheckID = (typeof CHECK_IDS)[number];

/** The name of each check on the screen. */
export const TITLES: Readonly<Record<CheckID, string>> = {
  reach: 'API server',
  version: 'version',
  cluster: 'kind of cluster',
  identity: 'identity',
  permissions: 'permissions',
  tracing: 'tracing',
  configuration: 'configuration',
  sampling: 'sampling',
  export: 'export',
  etcd: 'etcd',
  kubelet: 'kubelets',
  backend: 'trace backend',
  services: 'services',
  replicas: 'API servers',
  clock: 'clock',
  installation: 'installation',
  canary: 'canary request',
};

/** The page that explains a check. */
export const docsPage = (id: CheckID): string => `docs/doctor.md#${id}`;

/** Everything that a check may find to be wrong: words for scripts. docs/doctor.md has a row for each. */
export const CAUSES = [
  'Unreachable',
  'Refused',
  'CertificateExpired',
  'TooOld',
  'FeatureGateOff',
  'TracingOff',
  'ManagedControlPlane',
  'ConfigurationNotMounted',
  'EndpointClusterDNS',
  'EndpointNotGRPC',
  'EndpointTLS',
  'EndpointInvalid',
  'EndpointLoopback',
  'CollectorUnreachable',
  'CollectorRefuses',
  'NotSampled',
  'SpansMissing',
  'NoBackend',
  'BackendUnreachable',
  'OtherBackend',
  'ReplicaWithoutTracing',
  'EtcdTracingOff',
  'EtcdFlagsOfOtherVersion',
  'KubeletTracingOff',
  'KubeletNotSampled',
  'KubeletTooOld',
  'ClockSkew',
  'ProgramShadowed',
  'ProgramHijacked',
] as const;
export type Cause = (typeof CAUSES)[number];

/** One line of the diagnosis, with what is below it. Texts may have parts that came from a cluster. */
export interface CheckResult {
  readonly id: CheckID;
  readonly state: CheckState;
  /** One sentence, without its period. */
  readonly summary: string;
  /** Everything that was looked at, and what it said. */
  readonly looked: readonly string[];
  /** The next steps, one a line; empty where nothing is wrong. */
  readonly fix: readonly string[];
  /** Empty for `ok` and `unknown`. */
  readonly causes: readonly Cause[];
}

type Details = Partial<Pick<CheckResult, 'looked' | 'fix'>>;

export const ok = (id: CheckID, summary: string, { looked = [] }: Details = {}): CheckResult => ({
  id,
  state: 'ok',
  summary,
  looked,
  fix: [],
  causes: [],
});

/** A check that could not be made: `fix` says what would make it possible. */
export const unknown = (id: CheckID, summary: string, { looked = [], fix = [] }: Details = {}): CheckResult => ({
  id,
  state: 'unknown',
  summary,
  looked,
  fix,
  causes: [],
});

export const wrong = (
  id: CheckID,
  state: 'warning' | 'failed',
  causes: Cause | readonly Cause[],
  summary: string,
  { looked = [], fix = [] }: Details = {},
): CheckResult => ({
  id,
  state,
  summary,
  looked,
  fix,
  causes: typeof causes === 'string' ? [causes] : [...new Set(causes)],
});
