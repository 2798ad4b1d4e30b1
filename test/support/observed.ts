import { parseVersion } from '../../src/control-plane/version.ts';
import type { Canary, Observed, ServerPod } from '../../src/doctor/observed.ts';
import { PERMISSIONS } from '../../src/doctor/observed.ts';
import type { Reading } from '../../src/doctor/reading.ts';
import type { TraceID } from '../../src/trace/ids.ts';
import { nanos } from '../../src/trace/time.ts';

export const read = <Value>(value: Value): Reading<Value> => ({ status: 'read', value });
export const none = { status: 'none', why: 'not there' } as const;
export const refused = { status: 'refused', rule: 'read it' } as const;

const traceID = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceID;

type CanaryBackend = Canary['backend'] extends Reading<infer Value> ? Value : never;

/** A canary that was found by its trace ID, with spans of API server and etcd. */
export function canary(
  backend: Partial<CanaryBackend> = {},
  metrics: Canary['metrics'] = read({ ours: 1, untraced: 0, others: 0 }),
): Observed['canary'] {
  return read({
    method: 'GET',
    path: '/api/v1/nodes',
    traceID,
    auditID: '4bf92f35-77b3-4da6-a3ce-929d0e0e4736',
    status: 200,
    durationNanos: nanos(4_000_000),
    metrics,
    backend: read({
      foundBy: 'trace-id',
      services: ['apiserver', 'etcd'],
      isEtcdMissing: false,
      waitedNanos: nanos(700_000_000),
      isCertain: false,
      probes: [{ traceID, foundBy: 'trace-id', instance: 'apiserver-a' }],
      ...backend,
    }),
  });
}

/** One of which no source shows anything, although the backend had the time to. */
export const lostCanary = (metrics?: Canary['metrics']): Observed['canary'] =>
  canary(
    {
      foundBy: null,
      services: [],
      isCertain: true,
      waitedNanos: nanos(9_000_000_000),
      probes: [{ traceID, foundBy: null, instance: null }],
    },
    metrics,
  );

export function serverPod(changed: Partial<ServerPod> & { readonly flagWords?: readonly string[] } = {}): ServerPod {
  const { flagWords = ['--tracing-config-file=/etc/kubernetes/tracing/config.yaml'], ...rest } = changed;
  return {
    component: 'kube-apiserver',
    pod: 'kube-apiserver-cp-1',
    node: 'cp-1',
    annotations: {},
    version: parseVersion('1.37.2'),
    flags: new Map(flagWords.map((word) => word.replace(/^--/, '').split('=') as [string, string])),
    mounts: [{ mountPath: '/etc/kubernetes/tracing', hostPath: '/etc/kubernetes/tracing' }],
    hostNetwork: true,
    waiting: null,
    ...rest,
  };
}

export const etcdPod = (version: string, ...flagWords: readonly string[]): ServerPod =>
  serverPod({ component: 'etcd', pod: 'etcd-cp-1', version: parseVersion(version), flagWords, mounts: [] });

export const version = (gitVersion: string): Observed['version'] => read({ ...parseVersion(gitVersion)!, gitVersion });

/** A healthy cluster of 1.37.2 as `system:monitoring` sees it, with parts that are otherwise. */
export const observed = (changed: Partial<Observed> = {}): Observed => ({
  context: 'test',
  server: 'https://10.0.0.1:6443',
  reach: { status: 'reached', durationNanos: nanos(12_000_000) },
  version: version('v1.37.2'),
  identity: read({ username: 'jane', groups: ['system:monitoring', 'system:authenticated'] }),
  isImpersonating: false,
  certificateEndsInMillis: null,
  permissions: PERMISSIONS.map((name) => ({ name, allowed: true })),
  flagz: read([{ tracing: 'on' }]),
  pods: read([serverPod(), etcdPod('3.7.3', '--enable-distributed-tracing=true')]),
  exports: new Map([
    ['kube-apiserver-cp-1', read(null)],
    ['etcd-cp-1', read(null)],
  ]),
  file: null,
  instances: read([{ id: 'apiserver-a', host: 'cp-1' }]),
  kind: { kind: 'kubeadm', evidence: [] },
  nodes: read(1),
  kubelets: [
    {
      node: 'cp-1',
      version: 'v1.37.2',
      tracing: read({ endpoint: '10.0.0.9:4317', samplingRatePerMillion: 1_000_000 }),
    },
  ],
  kubeletsLeftOut: 0,
  backend: read({
    kind: 'Jaeger',
    url: 'http://10.0.0.9:16686',
    searchLagMillis: 2000,
    services: ['apiserver', 'etcd', 'kubelet'].map((name) => ({ name, newest: read(nanos(1_000_000_000)) })),
  }),
  clock: { aheadNanos: nanos(0), uncertaintyNanos: nanos(500_000_000) },
  installation: {
    name: 'kubectl-trace',
    self: '/usr/bin/kubectl-trace',
    first: '/usr/bin/kubectl-trace',
    isSelf: true,
    longer: [],
    exposed: null,
  },
  canary: canary(),
  ...changed,
});
