import type { Cause, CheckID } from '../../../src/doctor/result.ts';
import type { ContextName } from '../cluster/cluster.ts';
import { minorOf } from '../cluster/versions.ts';
import type { PodSpec } from './control-plane.ts';

/** Where the API server exports its spans. */
export type Destination =
  | 'jaeger'
  /** A server that speaks HTTP/1.1 only, as at port 4318. */
  | 'http'
  /** A server for TLS. */
  | 'tls'
  /** A port of loopback that nothing listens on. */
  | 'nothing'
  /** An address of a documentation network (RFC 5737), which no host has. */
  | 'nowhere'
  | 'cluster-dns'
  /** An address without a port. */
  | 'no-port'
  /** A server of gRPC that wants credentials. */
  | 'refuses';

/** The causes that `doctor` names, and the first broken link. */
export interface Expected {
  readonly causes: readonly Cause[];
  readonly broken: CheckID | null;
}

/** One way in which a cluster is set up, and what `doctor` has to say about it: written down before it was run. */
export interface DoctorStory {
  readonly name: string;
  readonly user: ContextName;
  /** Undefined: the API server runs without --tracing-config-file. */
  readonly tracing?: { readonly to: Destination; readonly rate: number };
  /** etcd runs without its flags of tracing. */
  readonly etcdOff?: true;
  /** Pods that are not as the servers run; without it they are. */
  readonly pods?: (pods: readonly PodSpec[]) => readonly PodSpec[];
  /** The log of a second API server, which has ended because it cannot read this endpoint. */
  readonly secondEndpoint?: string;
  /** No pod shows the servers, as where they run as systemd units. */
  readonly isHidden?: true;
  /** Arguments of `doctor`; `$FILE` is the file of --tracing-config-file. */
  readonly args?: readonly string[];
  readonly backend?: 'other' | 'dead' | 'none';
  readonly expected: (minor: number) => Expected;
}

const FIRST_TRUSTING_MINOR = 33;
const FIRST_EXEMPLAR_MINOR = 32;
const good = { to: 'jaeger', rate: 1_000_000 } as const;
const only =
  (broken: CheckID | null, ...causes: Cause[]) =>
  (): Expected => ({ causes, broken });
/** Before Kubernetes 1.32 there are no exemplars: nothing shows what was recorded, or whether the server traces. */
const withExemplars =
  (broken: CheckID | null, ...causes: Cause[]) =>
  (minor: number): Expected =>
    minor >= FIRST_EXEMPLAR_MINOR ? { causes, broken } : { causes: ['SpansMissing'], broken: null };

export const DOCTOR_STORIES: readonly DoctorStory[] = [
  { name: 'healthy', user: 'admin', tracing: good, expected: only(null) },
  { name: 'healthy-for-masters', user: 'masters', tracing: good, expected: only(null) },
  { name: 'healthy-for-nobody', user: 'nobody', tracing: good, expected: only(null) },
  { name: 'healthy-and-hidden', user: 'admin', tracing: good, isHidden: true, expected: only(null) },
  {
    name: 'etcd-off',
    user: 'admin',
    tracing: good,
    etcdOff: true,
    expected: only(null, 'EtcdTracingOff'),
  },
  {
    name: 'etcd-off-and-hidden',
    user: 'admin',
    tracing: good,
    etcdOff: true,
    isHidden: true,
    expected: only(null, 'EtcdTracingOff'),
  },
  {
    name: 'etcd-flags-of-3.5',
    user: 'admin',
    tracing: good,
    etcdOff: true,
    pods: withEtcdFlags('--experimental-enable-distributed-tracing=true'),
    expected: only(null, 'EtcdFlagsOfOtherVersion'),
  },
  {
    name: 'second-server-not-mounted',
    user: 'admin',
    tracing: good,
    pods: withCrashedSecond((pod) => ({ ...pod, mounts: ['/etc/kubernetes/pki'] })),
    expected: only(null, 'ConfigurationNotMounted'),
  },
  {
    name: 'second-server-with-http-endpoint',
    user: 'admin',
    tracing: good,
    pods: withCrashedSecond((pod) => pod),
    secondEndpoint: 'http://127.0.0.1:4318',
    expected: only(null, 'EndpointInvalid'),
  },
  {
    name: 'other-backend',
    user: 'admin',
    tracing: good,
    backend: 'other',
    expected: withExemplars('services', 'OtherBackend'),
  },
  {
    name: 'backend-down',
    user: 'admin',
    tracing: good,
    backend: 'dead',
    expected: only('backend', 'BackendUnreachable'),
  },
  { name: 'no-backend', user: 'admin', tracing: good, backend: 'none', expected: only('backend', 'NoBackend') },
  {
    name: 'not-sampled',
    user: 'admin',
    tracing: { to: 'jaeger', rate: 0 },
    expected: withExemplars('sampling', 'NotSampled'),
  },
  {
    name: 'rate-0-for-masters',
    user: 'masters',
    tracing: { to: 'jaeger', rate: 0 },
    expected: (minor) =>
      minor >= FIRST_TRUSTING_MINOR ? { causes: [], broken: null } : withExemplars('sampling', 'NotSampled')(minor),
  },
  {
    name: 'rate-0-with-tracer-user',
    user: 'admin',
    tracing: { to: 'jaeger', rate: 0 },
    args: ['--tracer-user', 'monitoring'],
    expected: (minor) =>
      minor >= FIRST_TRUSTING_MINOR ? { causes: [], broken: null } : withExemplars('sampling', 'NotSampled')(minor),
  },
  {
    name: 'http-port',
    user: 'admin',
    tracing: { to: 'http', rate: 1_000_000 },
    expected: only('export', 'EndpointNotGRPC'),
  },
  {
    name: 'tls-port',
    user: 'admin',
    tracing: { to: 'tls', rate: 1_000_000 },
    expected: only('export', 'EndpointTLS'),
  },
  {
    name: 'collector-refuses',
    user: 'admin',
    tracing: { to: 'refuses', rate: 1_000_000 },
    expected: only('export', 'CollectorRefuses'),
  },
  {
    name: 'no-port',
    user: 'admin',
    tracing: { to: 'no-port', rate: 1_000_000 },
    expected: only('export', 'EndpointInvalid'),
  },
  {
    name: 'no-port-by-file',
    user: 'admin',
    tracing: { to: 'no-port', rate: 1_000_000 },
    args: ['--tracing-config-file', '$FILE'],
    expected: only('configuration', 'EndpointInvalid'),
  },
  {
    name: 'nothing-listens',
    user: 'admin',
    tracing: { to: 'nothing', rate: 1_000_000 },
    expected: only('export', 'EndpointLoopback'),
  },
  {
    name: 'collector-nowhere',
    user: 'masters',
    tracing: { to: 'nowhere', rate: 1_000_000 },
    expected: only('export', 'CollectorUnreachable'),
  },
  {
    name: 'cluster-dns',
    user: 'admin',
    tracing: { to: 'cluster-dns', rate: 1_000_000 },
    expected: only('export', 'EndpointClusterDNS'),
  },
  {
    name: 'cluster-dns-by-file',
    user: 'admin',
    tracing: { to: 'cluster-dns', rate: 1_000_000 },
    isHidden: true,
    args: ['--tracing-config-file', '$FILE'],
    expected: only('configuration', 'EndpointClusterDNS'),
  },
  {
    name: 'nothing-listens-and-hidden',
    user: 'admin',
    tracing: { to: 'nothing', rate: 1_000_000 },
    isHidden: true,
    expected: only(null, 'SpansMissing'),
  },
  { name: 'wrong-token', user: 'wrong-token', tracing: good, expected: only('reach', 'Refused') },
  { name: 'tracing-off', user: 'admin', expected: only('tracing', 'TracingOff') },
  {
    name: 'tracing-off-and-hidden',
    user: 'admin',
    isHidden: true,
    expected: withExemplars('tracing', 'TracingOff'),
  },
];

function withEtcdFlags(...flags: readonly string[]): NonNullable<DoctorStory['pods']> {
  return (pods) => pods.map((pod) => (pod.component === 'etcd' ? { ...pod, flags } : pod));
}

/** The pods with a second API server beside, which does not start. */
function withCrashedSecond(change: (pod: PodSpec) => PodSpec): NonNullable<DoctorStory['pods']> {
  return (pods) => [
    ...pods,
    ...pods
      .filter(({ component }) => component === 'kube-apiserver')
      .map((pod) => ({ ...change(pod), waiting: 'CrashLoopBackOff' })),
  ];
}

/** The expectation of a story for a version. */
export const expectedOf = ({ expected }: DoctorStory, version: string): Expected => expected(minorOf(version));
