import { instantOf, listOf, objectOf, textOf, type APIObject, type Instant } from './fields.ts';
import { conditionsOf, type Condition } from './objects.ts';

/** The node of a pod, and what the cluster says of its kubelet. */
export interface NodeObject {
  readonly name: string;
  /** False: the API server has no such node any more. */
  readonly exists: boolean;
  readonly ready: Condition | undefined;
  /**
   * Since when the node controller has not heard of the kubelet: it sets Ready=Unknown and adds the taint
   * node.kubernetes.io/unreachable (pkg/controller/nodelifecycle/node_lifecycle_controller.go). Undefined while it has.
   */
  readonly unreachable: { readonly since: Instant | undefined } | undefined;
  /** The kubelet renews its lease every 10 s by the node's own clock (KEP-589); undefined when it could not be read. */
  readonly renewedAt: Instant | undefined;
  /** Operating system and runtime (`status.nodeInfo`). */
  readonly system: NodeSystem;
}

export interface NodeSystem {
  /** `linux`, `windows`. */
  readonly os: string | undefined;
  /** `amd64`, `arm64`. */
  readonly architecture: string | undefined;
  /** `containerd://2.1.4`, `cri-o://1.34.0`. */
  readonly runtime: string | undefined;
}

const UNREACHABLE = 'node.kubernetes.io/unreachable';

/** Undefined when the node could not be read. */
export function nodeOf(node: unknown, lease: unknown): NodeObject | undefined {
  const name = textOf(objectOf(objectOf(node)['metadata'])['name']);
  if (name === undefined) return undefined;
  const ready = conditionsOf(objectOf(objectOf(node)['status'])).get('Ready');
  const taint = listOf(objectOf(objectOf(node)['spec'])['taints']).find(({ key }) => key === UNREACHABLE);
  const tainted = instantOf(taint?.['timeAdded']);
  // When a kubelet is back, the controller removes the taint a moment later.
  const isBack =
    ready?.status !== 'Unknown' &&
    ready?.changed !== undefined &&
    tainted !== undefined &&
    ready.changed.at > tainted.at;
  const lost = ready?.status === 'Unknown' || (taint !== undefined && !isBack);
  return {
    name,
    exists: true,
    ready,
    unreachable: lost ? { since: ready?.status === 'Unknown' ? ready.changed : tainted } : undefined,
    renewedAt: instantOf(objectOf(objectOf(lease)['spec'])['renewTime']),
    system: systemOf(objectOf(objectOf(objectOf(node)['status'])['nodeInfo'])),
  };
}

/** A node that pods are still bound to, and that does not exist. */
export const missingNode = (name: string): NodeObject => ({
  name,
  exists: false,
  ready: undefined,
  unreachable: undefined,
  renewedAt: undefined,
  system: systemOf({}),
});

function systemOf(info: APIObject): NodeSystem {
  return {
    os: textOf(info['operatingSystem']),
    architecture: textOf(info['architecture']),
    runtime: textOf(info['containerRuntimeVersion']),
  };
}
