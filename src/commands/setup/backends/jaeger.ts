import type { NodeFacts } from '../../../control-plane/objects.ts';
import { BACKEND_NAMESPACE } from '../facts.ts';
import { backendNamespace, LABELS } from '../cluster-objects.ts';

/** The version that the tests run; Jaeger 2.13.0 and 1.76.0 are one commit. */
const IMAGE = 'docker.io/jaegertracing/jaeger:2.13.0';
const NAME = 'kubectl-trace-jaeger';
const LABELED = { ...LABELS, 'app.kubernetes.io/name': NAME };
const SELECTOR = { 'app.kubernetes.io/name': NAME };
const OTLP = 4317;
const QUERY = 16686;
const HEALTH = 13133;

/** 10,000 traces of 30 spans of 2 KB fit into the memory limit. */
const MAX_TRACES = 10_000;

/** Jaeger with its store in memory, reduced to what is used here. The names are those of Jaeger's own all-in-one.yaml. */
export const jaegerConfiguration = `service:
  extensions: [jaeger_storage, jaeger_query, healthcheckv2]
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [jaeger_storage_exporter]
extensions:
  jaeger_storage:
    backends:
      memory_store:
        memory:
          max_traces: ${MAX_TRACES}
  jaeger_query:
    storage:
      traces: memory_store
    http:
      endpoint: "\${env:JAEGER_LISTEN_HOST:-0.0.0.0}:${QUERY}"
  healthcheckv2:
    use_v2: true
    http:
      endpoint: "\${env:JAEGER_LISTEN_HOST:-0.0.0.0}:${HEALTH}"
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: "\${env:JAEGER_LISTEN_HOST:-0.0.0.0}:${OTLP}"
processors:
  batch:
exporters:
  jaeger_storage_exporter:
    trace_storage: memory_store
`;

/**
 * A small Jaeger. The control plane reaches it by the cluster IP of its Service, which the host network of a node can reach,
 * and not by its name.
 */
export function jaegerObjects(image: string | undefined, controlPlane: readonly NodeFacts[]): readonly object[] {
  const metadata = { name: NAME, namespace: BACKEND_NAMESPACE, labels: LABELED };
  return [
    backendNamespace('restricted'),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'config.yaml': jaegerConfiguration } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        // Two of them would have half of the traces each.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: SELECTOR },
        template: { metadata: { labels: LABELED }, spec: podSpec(image ?? IMAGE) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: SELECTOR,
        ports: [
          { name: 'otlp-grpc', port: OTLP, targetPort: 'otlp-grpc' },
          { name: 'http-query', port: QUERY, targetPort: 'http-query' },
        ],
      },
    },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: networkPolicy(controlPlane) },
  ];
}

const podSpec = (image: string): object => ({
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 10_001,
    runAsGroup: 10_001,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  containers: [
    {
      name: 'jaeger',
      image,
      args: ['--config=/etc/jaeger/config.yaml'],
      ports: [
        { name: 'otlp-grpc', containerPort: OTLP },
        { name: 'http-query', containerPort: QUERY },
        { name: 'health', containerPort: HEALTH },
      ],
      readinessProbe: { httpGet: { path: '/status', port: 'health' } },
      resources: { requests: { cpu: '50m', memory: '256Mi' }, limits: { memory: '1Gi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [
        { name: 'config', mountPath: '/etc/jaeger', readOnly: true },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    },
  ],
  // Small enough to run beside a control plane that has no other node.
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
  volumes: [
    { name: 'config', configMap: { name: NAME } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  ],
});

/**
 * Spans come from the host network, whose addresses differ by network plugin: that port is open, and only writes. Traces are
 * read through the API server alone. A port-forward comes from the pod's own node, which a policy does not concern.
 */
const networkPolicy = (controlPlane: readonly NodeFacts[]): object => {
  const addresses = controlPlane.map(({ internalIP }) => internalIP).filter((ip) => ip !== '');
  return {
    podSelector: { matchLabels: SELECTOR },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { ports: [{ port: OTLP }] },
      ...(addresses.length === 0
        ? []
        : [
            {
              from: addresses.map((ip) => ({ ipBlock: { cidr: ip.includes(':') ? `${ip}/128` : `${ip}/32` } })),
              ports: [{ port: QUERY }],
            },
          ]),
    ],
    egress: [],
  };
};
