import { isAtLeast, parseVersion } from './version.ts';
import type { Export } from './kubelet-tracing.ts';

/** A file for a node, complete or as lines to add. */
export interface NodeFile {
  readonly path: string;
  readonly text: string;
  /** Applies the file on the node. */
  readonly restart: string;
}

/**
 * The file with which a container runtime continues the kubelet's traces; undefined for a runtime that cannot. `runtime` is as in
 * status.nodeInfo.containerRuntimeVersion: `containerd://2.1.4`, `cri-o://1.33.0`.
 */
export function runtimeTracing(runtime: string, { endpoint }: Pick<Export, 'endpoint'>): NodeFile | undefined {
  const [, name, text = ''] = /^([\w-]+):\/\/(.*)$/.exec(runtime) ?? [];
  const version = parseVersion(text);
  if (version === undefined) return undefined;
  if (name === 'cri-o') return crio(endpoint);
  if (name !== 'containerd' || !isAtLeast(version, '1.6')) return undefined;
  return isAtLeast(version, '2.0') ? containerd2(endpoint) : containerd1(endpoint);
}

/**
 * containerd 2 reads OpenTelemetry's variables alone (pkg/tracing/plugin/otlp.go): without an endpoint it does not trace.
 * The kubelet decides what is sampled.
 */
const containerd2 = (endpoint: string): NodeFile => ({
  path: '/etc/systemd/system/containerd.service.d/tracing.conf',
  text: `[Service]
Environment=OTEL_EXPORTER_OTLP_ENDPOINT=http://${endpoint}
Environment=OTEL_EXPORTER_OTLP_PROTOCOL=grpc
Environment=OTEL_SERVICE_NAME=containerd
Environment=OTEL_TRACES_SAMPLER=parentbased_always_off
`,
  restart: 'systemctl daemon-reload && systemctl restart containerd',
});

/** containerd 1.6 and 1.7 have two plugins for it. Some distributions build containerd without them. */
const containerd1 = (endpoint: string): NodeFile => ({
  path: '/etc/containerd/config.toml',
  text: `[plugins."io.containerd.tracing.processor.v1.otlp"]
  endpoint = "${endpoint}"
  protocol = "grpc"
  insecure = true
[plugins."io.containerd.internal.v1.tracing"]
  sampling_ratio = 0.0
  service_name = "containerd"
`,
  restart: 'systemctl restart containerd',
});

const crio = (endpoint: string): NodeFile => ({
  path: '/etc/crio/crio.conf.d/99-tracing.conf',
  text: `[crio.tracing]
enable_tracing = true
tracing_endpoint = "${endpoint}"
tracing_sampling_rate_per_million = 0
`,
  restart: 'systemctl restart crio',
});
