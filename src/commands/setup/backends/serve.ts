import { backendNamespace, LABELS } from '../cluster-objects.ts';
import { BACKEND_NAMESPACE } from '../facts.ts';

const NAME = 'kubectl-trace-serve';
const LABELED = { ...LABELS, 'app.kubernetes.io/name': NAME };
const SELECTOR = { 'app.kubernetes.io/name': NAME };

/** A folder of the node. An emptyDir is writable for every user, and `serve` refuses to store traces in such a folder. */
const FOLDER = '/var/lib/kubectl-trace';

/**
 * `serve` on the control-plane node, on loopback alone: the API server and etcd reach it there, and lookups come by a
 * port-forward, which the kubelet connects to the node's loopback. No other pod or machine reaches it.
 */
export function serveObjects(image: string): readonly object[] {
  const metadata = { name: NAME, namespace: BACKEND_NAMESPACE, labels: LABELED };
  return [
    // The host network needs it.
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
      metadata: { ...metadata, labels: { 'app.kubernetes.io/name': NAME } },
      spec: { selector: SELECTOR, ports: [{ name: 'http-query', port: 16_686, targetPort: 'http-query' }] },
    },
  ];
}

const podSpec = (image: string): object => ({
  automountServiceAccountToken: false,
  hostNetwork: true,
  nodeSelector: { 'node-role.kubernetes.io/control-plane': '' },
  tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
  securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'serve',
      image,
      args: [
        'serve',
        '--listen=127.0.0.1:4317',
        '--listen-http=none',
        '--listen-query=127.0.0.1:16686',
        `--database=${FOLDER}/traces.db`,
        '--max-size=512Mi',
      ],
      env: [
        { name: 'HOME', value: FOLDER },
        { name: 'XDG_STATE_HOME', value: FOLDER },
      ],
      ports: [{ name: 'http-query', containerPort: 16_686, hostPort: 16_686, hostIP: '127.0.0.1' }],
      resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
      securityContext: {
        // The folder of the node belongs to root.
        runAsUser: 0,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [{ name: 'store', mountPath: FOLDER }],
    },
  ],
  volumes: [{ name: 'store', hostPath: { path: FOLDER, type: 'DirectoryOrCreate' } }],
});
