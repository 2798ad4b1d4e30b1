import { backendNamespace, LABELS } from '../cluster-objects.ts';
import { BACKEND_NAMESPACE } from '../facts.ts';

/** Name of the objects, and of the Secret with certificate and token. */
export const SERVE_NAME = 'kubectl-trace-serve';
const LABELED = { ...LABELS, 'app.kubernetes.io/name': SERVE_NAME };
const SELECTOR = { 'app.kubernetes.io/name': SERVE_NAME };

/** A folder of the node. An emptyDir is writable for every user, and `serve` refuses to store traces in such a folder. */
export const SERVE_FOLDER = '/var/lib/kubectl-trace';
/** Where the Secret is mounted. */
const SERVE_SECRETS = '/etc/kubectl-trace';
const QUERY = 16_686;
/** No user of a usual image or node. */
const USER = 65_532;

/** The names by which clients reach it, for its certificate. */
export const SERVE_NAMES: readonly string[] = [
  `${SERVE_NAME}.${BACKEND_NAMESPACE}.svc`,
  `${SERVE_NAME}.${BACKEND_NAMESPACE}.svc.cluster.local`,
];

/**
 * The words of `serve` in the pod. kube-apiserver and etcd can only send plain text without a token: to loopback of their
 * own node. Everything that is read needs TLS and the token.
 */
const SERVE_ARGUMENTS: readonly string[] = [
  'serve',
  '--listen=127.0.0.1:4317',
  '--listen-http=none',
  '--insecure-loopback-otlp',
  `--listen-query=0.0.0.0:${QUERY}`,
  `--tls-cert-file=${SERVE_SECRETS}/tls.crt`,
  `--tls-private-key-file=${SERVE_SECRETS}/tls.key`,
  `--token-file=${SERVE_SECRETS}/token`,
  `--database=${SERVE_FOLDER}/traces.db`,
  '--max-size=512Mi',
];

/** `serve` on each control-plane node. */
export function serveObjects(image: string): readonly object[] {
  const metadata = { name: SERVE_NAME, namespace: BACKEND_NAMESPACE, labels: LABELED };
  return [
    // The host network and a folder of the node need it.
    backendNamespace('privileged'),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        selector: { matchLabels: SELECTOR },
        template: { metadata: { labels: LABELED }, spec: podSpec(image) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      // Without the label by which `setup` finds an endpoint for spans: this Service has none.
      metadata: { ...metadata, labels: SELECTOR },
      spec: { selector: SELECTOR, ports: [{ name: 'https-query', port: QUERY, targetPort: 'https-query' }] },
    },
  ];
}

const LOCKED = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true } as const;

const podSpec = (image: string): object => ({
  automountServiceAccountToken: false,
  hostNetwork: true,
  nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
  // The group reads the Secret.
  securityContext: {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    fsGroup: USER,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  // The kubelet makes the folder for root.
  initContainers: [
    {
      name: 'folder',
      image,
      command: ['chown', `${USER}:${USER}`, SERVE_FOLDER],
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
      securityContext: {
        ...LOCKED,
        runAsNonRoot: false,
        runAsUser: 0,
        capabilities: { drop: ['ALL'], add: ['CHOWN'] },
      },
      volumeMounts: [{ name: 'store', mountPath: SERVE_FOLDER }],
    },
  ],
  containers: [
    {
      name: 'serve',
      image,
      args: SERVE_ARGUMENTS,
      env: [
        { name: 'HOME', value: SERVE_FOLDER },
        { name: 'XDG_STATE_HOME', value: SERVE_FOLDER },
        { name: 'XDG_CACHE_HOME', value: SERVE_FOLDER },
      ],
      ports: [{ name: 'https-query', containerPort: QUERY }],
      // A probe has no token: that the port is open has to do.
      readinessProbe: { tcpSocket: { port: 'https-query' } },
      resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
      securityContext: { ...LOCKED, capabilities: { drop: ['ALL'] } },
      volumeMounts: [
        { name: 'store', mountPath: SERVE_FOLDER },
        { name: 'credentials', mountPath: SERVE_SECRETS, readOnly: true },
      ],
    },
  ],
  volumes: [
    { name: 'store', hostPath: { path: SERVE_FOLDER, type: 'DirectoryOrCreate' } },
    { name: 'credentials', secret: { secretName: SERVE_NAME, defaultMode: 0o440 } },
  ],
});
