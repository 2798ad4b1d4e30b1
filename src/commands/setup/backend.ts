import type { ConnectionFlags } from '../../connection.ts';
import { isControlPlaneNode } from '../../control-plane/objects.ts';
import { ExitCode } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';
import { writeYAML } from '../../kube/print/yaml.ts';
import type { Runtime } from '../../runtime.ts';
import type { SetupTask } from './arguments.ts';
import { jaegerObjects } from './backends/jaeger.ts';
import { serveObjects } from './backends/serve.ts';
import { readFacts } from './facts.ts';
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

const SERVE_HEAD = (): readonly string[] => [
  `${programName()} serve on each control-plane node, on loopback alone. Nothing was changed.`,
  `Apply it:   ${programName()} setup backend serve --image IMAGE | kubectl apply -f -`,
  `Point the control plane at it:   ${programName()} setup --endpoint 127.0.0.1:4317`,
  'With several control-plane nodes each has its own store, and a lookup reads one of them: use Jaeger there.',
  'Undo:       kubectl delete namespace tracing; on the node: rm -r /var/lib/kubectl-trace',
];
