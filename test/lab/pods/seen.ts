import type { TestCluster } from '../cluster/cluster.ts';

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly running?: object;
  readonly terminated?: { readonly reason?: string; readonly exitCode: number };
}

export interface ContainerStatus {
  readonly name: string;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** Fields of a pod that the stories and the recorder read. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly OwnerReference[];
  };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface SeenEvent {
  readonly reason: string;
  readonly message?: string;
}

/** Objects in a story's namespace at one moment. */
export class Seen {
  readonly pods: readonly PodObject[];
  readonly #events: readonly SeenEvent[];

  constructor(pods: readonly PodObject[], events: readonly SeenEvent[]) {
    this.pods = pods;
    this.#events = events;
  }

  static async in(cluster: TestCluster, namespace: string): Promise<Seen> {
    const items = async <Item>(resource: string): Promise<Item[]> => {
      const { status, body } = await cluster.call('GET', `/api/v1/namespaces/${namespace}/${resource}`);
      if (status !== 200) throw new Error(`GET ${resource} of ${namespace}: ${status} ${body}`);
      return (JSON.parse(body) as { items: Item[] }).items;
    };
    return new Seen(await items('pods'), await items('events'));
  }

  event(reason: string): boolean {
    return this.#events.some((event) => event.reason === reason);
  }

  /** Whether any pod has a condition: `PodScheduled=False`, or with its reason `PodScheduled=False Unschedulable`. */
  condition(wanted: string): boolean {
    return this.pods.some(({ status }) =>
      (status.conditions ?? []).some(({ type, status: value, reason = '' }) =>
        `${type}=${value} ${reason} `.startsWith(`${wanted} `),
      ),
    );
  }

  /** Both a condition of a pod and an event have this in their message: one of the two comes first. */
  told(text: string): boolean {
    const conditions = this.pods.flatMap(({ status }) => status.conditions ?? []);
    return [conditions, this.#events].every((all) => all.some(({ message }) => message?.includes(text) === true));
  }

  waiting(reason: string): boolean {
    return this.containers().some(({ state }) => state?.waiting?.reason === reason);
  }

  /** With this reason, now or in the run before. */
  terminated(reason: string): boolean {
    return this.containers().some(
      ({ state, lastState }) => state?.terminated?.reason === reason || lastState?.terminated?.reason === reason,
    );
  }

  running(container: string): boolean {
    return this.containers().some(({ name, state }) => name === container && state?.running !== undefined);
  }

  /**
   * A container was restarted this many times and is down. The kubelet reports `terminated` for as long as no other
   * cause makes it sync the pod; only then it reports CrashLoopBackOff.
   */
  down(restarts: number): boolean {
    return this.containers().some(
      ({ restartCount, state }) => restartCount >= restarts && state?.running === undefined,
    );
  }

  restarts(): number {
    return Math.max(0, ...this.containers().map(({ restartCount }) => restartCount));
  }

  containers(): ContainerStatus[] {
    return this.pods.flatMap(({ status }) => [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
    ]);
  }
}
