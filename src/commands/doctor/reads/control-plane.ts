import { componentPod } from '../../../control-plane/component-pod.ts';
import { detectKind } from '../../../control-plane/kind.ts';
import { list, member, nodeFacts, text, type NodeFacts } from '../../../control-plane/objects.ts';
import { UsageError } from '../../../errors.ts';
import { exportProblem } from '../../../doctor/export-log.ts';
import type { Kubelet, Observed, ServerPod } from '../../../doctor/observed.ts';
import { valueOf, type Reading } from '../../../doctor/reading.ts';
import {
  CONTROL_PLANE_SELECTOR,
  groupNamesOf,
  groupsRequest,
  itemsOf,
  kubeletConfigurationRequest,
  kubeletTracingOf,
  serverLogRequest,
  systemPodsRequest,
} from '../../../kube/api/control-plane/requests.ts';
import { nodesRequest } from '../../../kube/api/pod-requests.ts';
import type { Exchange, KubeRequest } from '../../../kube/http/exchange.ts';
import { read, type ReadContext } from './reader.ts';

type Seen = Pick<Observed, 'pods' | 'exports' | 'nodes' | 'kubelets' | 'kubeletsLeftOut' | 'kind'>;

/** More servers and nodes than these are not looked at. */
const MAX_LOGS = 6;
const MAX_NODES = 10;

/** Reads pods, nodes and kubelets. `gitVersion` is "" where it is not known. */
export async function readControlPlane(gitVersion: Promise<string>, context: ReadContext): Promise<Seen> {
  const [pods, nodes, groups] = await Promise.all([readPods(context), readNodes(context), readGroups(context)]);
  const all = valueOf(nodes) ?? [];
  const ready = all.filter(isReady).map(nodeFacts);
  const [exports, kubelets, version] = await Promise.all([
    readExports(valueOf(pods) ?? [], context),
    readKubelets(ready.slice(0, MAX_NODES), context),
    gitVersion,
  ]);
  const kind = detectKind({
    gitVersion: version,
    server: context.cluster.server,
    nodes: valueOf(nodes)?.map(nodeFacts),
    components: valueOf(pods),
    apiGroups: valueOf(groups),
  });
  return {
    pods,
    exports,
    kubelets,
    kubeletsLeftOut: ready.length - kubelets.length,
    nodes: nodes.status === 'read' ? { status: 'read', value: nodes.value.length } : nodes,
    kind,
  };
}

/** By their label, since kube-system may have more pods than are read; without it, the first ones. */
async function readPods(context: ReadContext): Promise<Reading<readonly ServerPod[]>> {
  const parts = { rule: 'list pods in kube-system', parse: serverPodsOf };
  const labelled = await read(systemPodsRequest(CONTROL_PLANE_SELECTOR), parts, context);
  const isFound = valueOf(labelled)?.some(({ component }) => component === 'kube-apiserver') === true;
  return labelled.status !== 'read' || isFound ? labelled : read(systemPodsRequest(), parts, context);
}

const serverPodsOf = (exchange: Exchange): readonly ServerPod[] | undefined => itemsOf(exchange)?.flatMap(serverPod);

function serverPod(pod: unknown): ServerPod[] {
  const found = componentPod(pod);
  if (found === undefined) return [];
  const states = list(member(pod, 'status'), 'containerStatuses').map((status) =>
    text(member(member(status, 'state'), 'waiting'), 'reason'),
  );
  return [{ ...found, waiting: states.find((reason) => reason !== '') ?? null }];
}

const readNodes = (context: ReadContext): Promise<Reading<readonly unknown[]>> =>
  read({ ...nodesRequest(), purpose: 'discovery', unsampled: true }, { rule: 'list nodes', parse: itemsOf }, context);

const readGroups = (context: ReadContext): Promise<Reading<readonly string[]>> =>
  read(groupsRequest(), { rule: 'get /apis', parse: groupNamesOf }, context);

const isReady = (node: unknown): boolean =>
  list(member(node, 'status'), 'conditions').some(
    (condition) => text(condition, 'type') === 'Ready' && text(condition, 'status') === 'True',
  );

/** Reads an object with a name that came from the cluster; one that no API server allows is not requested. */
async function readNamed<Value>(
  requestOf: () => KubeRequest,
  parts: Parameters<typeof read<Value>>[1],
  context: ReadContext,
): Promise<Reading<Value>> {
  let request: KubeRequest;
  try {
    request = requestOf();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { status: 'failed', problem: error.message };
  }
  return read(request, parts, context);
}

async function readExports(pods: readonly ServerPod[], context: ReadContext): Promise<Observed['exports']> {
  const entries = pods.slice(0, MAX_LOGS).map(async ({ pod }) => {
    const rule = 'get pods/log in kube-system';
    const parse = ({ body }: { readonly body: Uint8Array }) => exportProblem(Buffer.from(body).toString());
    // A log without a failed export is read, and null.
    const reading = await readNamed(
      () => serverLogRequest(pod),
      { rule, parse: (got) => ({ problem: parse(got) }) },
      context,
    );
    return [
      pod,
      reading.status === 'read' ? { status: 'read' as const, value: reading.value.problem } : reading,
    ] as const;
  });
  return new Map(await Promise.all(entries));
}

function readKubelets(nodes: readonly NodeFacts[], context: ReadContext): Promise<readonly Kubelet[]> {
  return Promise.all(
    nodes.map(async ({ name, kubeletVersion }) => {
      const parse = (got: { readonly body: Uint8Array }) => {
        const section = kubeletTracingOf(got);
        return section === undefined ? undefined : { section };
      };
      const reading = await readNamed(
        () => kubeletConfigurationRequest(name),
        { rule: 'get nodes/proxy', parse },
        context,
      );
      const tracing = reading.status === 'read' ? { status: 'read' as const, value: reading.value.section } : reading;
      return { node: name, version: kubeletVersion, tracing };
    }),
  );
}
