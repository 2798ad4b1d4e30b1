import { join } from 'node:path';
import { defaultKubernetes, minorOf } from './versions.ts';

/** Settings of a cluster that a test may change. */
export interface ClusterOptions {
  /** The version of kube-apiserver, one of `kubernetesVersions`; the newest by default. The other servers stay the same. */
  readonly kubernetes?: string;
  /** The version of etcd; the one that the tests build by default. */
  readonly etcd?: string;
  /**
   * How long etcd and kube-apiserver collect spans before they export them, in milliseconds: 200 by default, so that
   * tests are quick. 5000 is the servers' own default.
   */
  readonly exportDelayMillis?: number;
  /**
   * Sampling rate of requests whose trace context is not accepted: 1000000 (all) by default; 0 leaves it out of the
   * file.
   */
  readonly samplingRatePerMillion?: number;
  /** Whether the API server is configured to trace; false is how most clusters are. etcd traces anyway. */
  readonly apiserverTracing?: boolean;
  /** `HOST:PORT` of a receiver of OTLP over gRPC that etcd and kube-apiserver export to; then there is no Jaeger. */
  readonly exportTo?: string;
  /** Variables of the exporter in etcd and kube-apiserver, such as `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly exporterEnvironment?: Readonly<Record<string, string>>;
  /** Where Jaeger's API and UI are served from, "/" by default. */
  readonly jaegerBasePath?: string;
  /** The port of loopback that they export to, of a Collector that passes spans on to Jaeger; Jaeger's own by default. */
  readonly collectorPort?: number;
  /** Write the metadata of every request to `audit.log` in the cluster's folder; false by default. */
  readonly auditLog?: boolean;
  /** Made for a node to join, which `startNode` does; without one nothing makes service accounts, and none is demanded. */
  readonly node?: boolean;
  /** Appended, so that they win over the cluster's own. */
  readonly apiserverArgs?: readonly string[];
  readonly etcdArgs?: readonly string[];
  readonly jaegerArgs?: readonly string[];
}

export interface Ports {
  readonly etcd: number;
  readonly apiserver: number;
  readonly otlpGRPC: number;
  readonly otlpHTTP: number;
  readonly jaeger: number;
}

const anyPort = '127.0.0.1:0';

const receiver = (ports: Ports, { exportTo, collectorPort }: ClusterOptions): string =>
  exportTo ?? `127.0.0.1:${collectorPort ?? ports.otlpGRPC}`;

export function jaegerArgs(ports: Ports, options: ClusterOptions): string[] {
  return [
    `--collector.otlp.grpc.host-port=127.0.0.1:${ports.otlpGRPC}`,
    `--collector.otlp.http.host-port=127.0.0.1:${ports.otlpHTTP}`,
    `--query.http-server.host-port=127.0.0.1:${ports.jaeger}`,
    `--query.base-path=${options.jaegerBasePath ?? '/'}`,
    '--collector.queue-size=65536',
    // The other listeners are unused, and their default ports would collide with those of a second cluster.
    ...[
      'query.grpc-server.host-port',
      'collector.grpc-server.host-port',
      'collector.http-server.host-port',
      'admin.http.host-port',
      'http-server.host-port',
      'processor.jaeger-binary.server-host-port',
      'processor.jaeger-compact.server-host-port',
      'processor.zipkin-compact.server-host-port',
    ].map((flag) => `--${flag}=${anyPort}`),
    ...(options.jaegerArgs ?? []),
  ];
}

export function etcdArgs(folder: string, ports: Ports, options: ClusterOptions): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  // The flags have had their present names since 3.6 (etcd CHANGELOG-3.6.md).
  const tracing = minorOf(options.etcd ?? '3.6.0') >= 6 ? '' : 'experimental-';
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    // The only member: its peer address is never used.
    `--listen-peer-urls=http://${anyPort}`,
    `--${tracing}enable-distributed-tracing`,
    `--${tracing}distributed-tracing-address=${receiver(ports, options)}`,
    `--${tracing}distributed-tracing-service-name=etcd`,
    ...(options.etcdArgs ?? []),
  ];
}

export function apiserverArgs(folder: string, ports: Ports, options: ClusterOptions): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${ports.apiserver}`,
    // The endpoints of the service "kubernetes" may not be a loopback address.
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/24',
    `--cert-dir=${folder}`,
    `--tls-cert-file=${join(folder, 'server.crt')}`,
    `--tls-private-key-file=${join(folder, 'server.key')}`,
    `--client-ca-file=${join(folder, 'ca.crt')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${join(folder, 'service-account.key')}`,
    `--service-account-key-file=${join(folder, 'service-account.key')}`,
    ...(options.node
      ? [
          `--kubelet-client-certificate=${join(folder, 'kubelet-client.crt')}`,
          `--kubelet-client-key=${join(folder, 'kubelet-client.key')}`,
          '--kubelet-preferred-address-types=InternalIP',
        ]
      : // No controller manager makes the service accounts that it would demand of a pod.
        ['--disable-admission-plugins=ServiceAccount']),
    '--allow-privileged=true',
    ...(options.apiserverTracing === false ? [] : [`--tracing-config-file=${join(folder, 'tracing.yaml')}`]),
    ...(options.auditLog
      ? [`--audit-policy-file=${join(folder, 'audit-policy.yaml')}`, `--audit-log-path=${join(folder, 'audit.log')}`]
      : []),
    ...(options.apiserverArgs ?? []),
  ];
}

/** The file of `--tracing-config-file`. Its format is v1beta1 since Kubernetes 1.27 and v1 since 1.34. */
export function tracingConfiguration(ports: Ports, options: ClusterOptions): string {
  const rate = options.samplingRatePerMillion ?? 1_000_000;
  const format = minorOf(options.kubernetes ?? defaultKubernetes) >= 34 ? 'v1' : 'v1beta1';
  return [
    `apiVersion: apiserver.config.k8s.io/${format}`,
    'kind: TracingConfiguration',
    `endpoint: ${receiver(ports, options)}`,
    ...(rate === 0 ? [] : [`samplingRatePerMillion: ${rate}`]),
    '',
  ].join('\n');
}

export const auditPolicy = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Metadata\n';

/**
 * Jaeger stores traces in memory, and creates none about itself: it would send them to the default port, where no
 * server listens, and would not end before it has given up.
 */
export const jaegerEnvironment = { SPAN_STORAGE_TYPE: 'memory', OTEL_TRACES_SAMPLER: 'always_off' };

/** For every server. Nothing of this process's own environment decides how they trace. */
export function serverEnvironment(options: ClusterOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OTEL|ETCD)_|_PROXY$/i.test(name));
  return {
    ...Object.fromEntries(kept),
    OTEL_BSP_SCHEDULE_DELAY: String(options.exportDelayMillis ?? 200),
    // Room for what a test sends at once: of a queue that is full, spans are dropped without a word.
    OTEL_BSP_MAX_QUEUE_SIZE: '65536',
    ...options.exporterEnvironment,
  };
}
