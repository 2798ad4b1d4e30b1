import { componentPod, type ComponentPod } from '../../../control-plane/component-pod.ts';
import type { ConnectionFlags } from '../../../connection.ts';
import { withDeadline } from '../../../deadline.ts';
import { ExitCode, TraceCommandError } from '../../../errors.ts';
import { get } from '../../../kube/api/request.ts';
import { requestFailure, requestFailureError } from '../../../kube/api/request-failure.ts';
import type { Exchange, KubeRequest } from '../../../kube/http/exchange.ts';
import { isObject, itemsOf, parseJSON, textOf } from '../../../kube/json.ts';
import type { Runtime } from '../../../runtime.ts';
import { openSetupCluster, type SetupCluster } from '../setup-cluster.ts';

/** A pod of the control plane as the API server shows it. */
export interface RunningPod extends ComponentPod {
  /** Its container runs, and its readiness probe succeeds. */
  readonly isReady: boolean;
}

/** The ConfigMap in which kubeadm stores its configuration. */
export interface KubeadmConfig {
  /** Text of its ClusterConfiguration. */
  readonly text: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The parts of the API server that an apply needs. */
export interface ControlPlane {
  /** Pods of kube-apiserver and etcd; undefined while the API server does not respond. Rejects where they may not be read. */
  pods(): Promise<readonly RunningPod[] | undefined>;
  /** Undefined where the cluster has none. */
  kubeadmConfig(): Promise<KubeadmConfig | undefined>;
  /** False: another client has changed it in between. */
  replaceKubeadmConfig(config: KubeadmConfig, text: string): Promise<boolean>;
  close(): void;
}

const REQUEST_MILLIS = 10_000;
const SYSTEM = '/api/v1/namespaces/kube-system';
const CONFIG_MAP = `${SYSTEM}/configmaps/kubeadm-config`;
const DATA_KEY = 'ClusterConfiguration';

/** Opens the API server of this node, and sends nothing yet. */
export async function openControlPlane(
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<ControlPlane> {
  const cluster = await openSetupCluster(connection, runtime, version);
  const send = (request: KubeRequest): Promise<Exchange> =>
    // Also a rollback sends requests, which an interrupt does not end.
    withDeadline(runtime.clock, REQUEST_MILLIS, new AbortController().signal, (signal) =>
      cluster.read(request, signal),
    );
  return {
    async pods() {
      const exchange = await send(podsRequest);
      if (exchange.status === 401 || exchange.status === 403) throw failureOf(exchange, cluster);
      const list = exchange.status === 200 ? parseJSON(exchange.body) : undefined;
      return isObject(list) ? (itemsOf(list) ?? []).flatMap((pod) => runningPod(pod) ?? []) : undefined;
    },
    async kubeadmConfig() {
      const exchange = await send(system('GET', CONFIG_MAP, 'configmaps'));
      if (exchange.status === 404) return undefined;
      if (exchange.status !== 200) throw failureOf(exchange, cluster);
      const object = parseJSON(exchange.body);
      const data = isObject(object) ? object['data'] : undefined;
      if (!isObject(object) || !isObject(data)) return undefined;
      return { object, text: textOf(data[DATA_KEY]) };
    },
    async replaceKubeadmConfig({ object }, text) {
      const data = { ...(object['data'] as Record<string, unknown>), [DATA_KEY]: text };
      const request = system('PUT', CONFIG_MAP, 'configmaps');
      const exchange = await send({
        ...request,
        headers: { ...request.headers, 'content-type': 'application/json' },
        // With its resourceVersion, so that no other change is lost.
        body: new TextEncoder().encode(JSON.stringify({ ...object, data })),
      });
      if (exchange.status === 409) return false;
      if (exchange.status !== 200) throw failureOf(exchange, cluster);
      return true;
    },
    close: () => cluster.close(),
  };
}

const system = (method: string, path: string, resource: string): KubeRequest => ({
  ...get('request', path, 'application/json'),
  method,
  group: '',
  version: 'v1',
  resource,
  namespace: 'kube-system',
});

const podsRequest: KubeRequest = {
  ...system('GET', `${SYSTEM}/pods`, 'pods'),
  query: [['labelSelector', 'tier=control-plane']],
};

function failureOf(exchange: Exchange, { cluster: { contextName } }: SetupCluster): TraceCommandError {
  const failure = requestFailure(exchange, { contextName });
  return failure === undefined
    ? new TraceCommandError(ExitCode.requestFailed, 'NoResponse', 'the API server did not respond')
    : requestFailureError(failure);
}

function runningPod(pod: unknown): RunningPod | undefined {
  const found = componentPod(pod);
  if (found === undefined || !isObject(pod)) return undefined;
  const status = isObject(pod['status']) ? pod['status'] : {};
  const containers = Array.isArray(status['containerStatuses']) ? status['containerStatuses'] : [];
  const isReady = containers.some(
    (each: unknown) => isObject(each) && each['name'] === found.component && each['ready'] === true,
  );
  return { ...found, isReady };
}
