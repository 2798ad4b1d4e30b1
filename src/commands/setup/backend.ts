import type { ConnectionFlags } from '../../connection.ts';
import { isControlPlaneNode } from '../../control-plane/objects.ts';
import { ExitCode } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';
import { shell } from '../../format/shell-command.ts';
import { writeYAML } from '../../kube/print/yaml.ts';
import type { Runtime } from '../../runtime.ts';
import type { SetupTask } from './arguments.ts';
import { jaegerObjects } from './backends/jaeger.ts';
import { SERVE_FOLDER, SERVE_NAME, SERVE_NAMES, serveObjects } from './backends/serve.ts';
import { BACKEND_NAMESPACE, readFacts } from './facts.ts';
import { withCluster } from './setup-cluster.ts';

type BackendTask = Extract<SetupTask, { readonly kind: 'backend' }>;

/** `setup backend`: prints manifests for `kubectl apply -f -`. Changes nothing. */
export async function printBackend(
  { backend, image }: BackendTask,
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<ExitCode> {
  const [objects, head] =
    backend === 'serve'
      ? [serveObjects(image!), SERVE_HEAD()]
      : await withCluster(connection, runtime, version, async (cluster) => {
          const { nodes = [] } = await readFacts(cluster);
          const controlPlane = nodes.filter((node) => isControlPlaneNode(node) && node.internalIP !== '');
          return [jaegerObjects(image, controlPlane), jaegerHead(controlPlane.length)] as const;
        });
  const comments = head.map((line) => `# ${line}\n`).join('');
  runtime.out.write(`${comments}${objects.map((object) => writeYAML(object)).join('---\n')}`);
  return ExitCode.ok;
}

const jaegerHead = (nodes: number): readonly string[] => [
  'A small Jaeger: its store is in memory and holds 10,000 traces; a restart empties it. Nothing was changed.',
  `Apply it:   ${programName()} setup backend jaeger | kubectl apply -f -`,
  `Point the control plane at it:   ${programName()} setup   (it finds the cluster IP of the Service)`,
  'Its page:   kubectl -n tracing port-forward service/kubectl-trace-jaeger 16686, and http://localhost:16686',
  'Undo:       kubectl delete namespace tracing',
  nodes === 0
    ? 'No control-plane node was found: traces are read by port-forward, and not through the service proxy.'
    : `Traces are read by port-forward, and through the service proxy of ${nodes} control-plane node${nodes === 1 ? '' : 's'}.`,
];

const SERVE_HEAD = (): readonly string[] => {
  const program = programName();
  return [
    `${program} serve on each control-plane node. Nothing was changed.`,
    'Spans: to 127.0.0.1:4317 of each node, in plain text, which is all that kube-apiserver and etcd can send.',
    'Traces: at port 16686 of each node, with TLS and a token. A NetworkPolicy does not hold for the host network: the token does.',
    'Certificate and token, here self-signed for a year; the pods wait for them:',
    '  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj /CN=kubectl-trace-serve \\',
    `    -addext subjectAltName=${SERVE_NAMES.map((name) => `DNS:${name}`).join(',')} -keyout tls.key -out tls.crt`,
    '  (umask 077 && openssl rand -hex 32 > token)',
    `Apply it:   ${program} setup backend serve --image IMAGE | kubectl apply -f -`,
    `  ${shell`kubectl -n ${BACKEND_NAMESPACE} create secret generic ${SERVE_NAME} --from-file=tls.crt --from-file=tls.key --from-file=token`}`,
    `Point the control plane at it:   ${program} setup --endpoint 127.0.0.1:4317`,
    'Read it, by a port-forward:',
    `  export KUBECTL_TRACE_BACKEND=${BACKEND_NAMESPACE}/${SERVE_NAME} KUBECTL_TRACE_BACKEND_CA=$PWD/tls.crt KUBECTL_TRACE_BACKEND_TOKEN_FILE=$PWD/token`,
    'Renew:      make the files again, then the secret with --dry-run=client -o yaml | kubectl replace -f -. Nothing restarts.',
    'With several control-plane nodes each has its own store, and a lookup reads one of them: use Jaeger there.',
    `Undo:       ${shell`kubectl delete namespace ${BACKEND_NAMESPACE}`}; on each node: ${shell`rm -r ${SERVE_FOLDER}`}; here: rm tls.crt tls.key token`,
  ];
};
