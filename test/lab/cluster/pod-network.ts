import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCluster } from './cluster.ts';

/** A Service of the test cluster, and the real address of its pod on this machine. */
export interface FakeWorkload {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly port: { readonly name: string; readonly port: number };
  readonly headless?: boolean;
  /** The port of 127.0.0.1 that responds for the pod; without it no pod is ready. */
  readonly target?: number;
}

/**
 * A network for pods, of which the test cluster has none: kube-apiserver opens every connection into the cluster through
 * it (an egress selector, as with Konnectivity: HTTP CONNECT over a Unix socket), and here each pod's address leads to a
 * port of 127.0.0.1. Endpoints on loopback itself are refused by the API server, and nothing has to be set up as root.
 */
export class PodNetwork {
  /** For `apiserverArgs` of the cluster. */
  readonly apiserverArgs: readonly string[];
  readonly #folder: string;
  readonly #targets = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer();
  #pods = 0;

  private constructor(folder: string, configuration: string) {
    this.#folder = folder;
    this.apiserverArgs = [`--egress-selector-config-file=${configuration}`];
    this.#server.on('connect', (request: { readonly url?: string }, socket: Socket) =>
      this.#connect(request.url ?? '', socket),
    );
  }

  static async start(): Promise<PodNetwork> {
    const folder = await mkdtemp(join(tmpdir(), 'kt-net-'));
    const socket = join(folder, 'sock');
    const configuration = join(folder, 'egress.yaml');
    const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } };
    const document = {
      apiVersion: 'apiserver.k8s.io/v1beta1',
      kind: 'EgressSelectorConfiguration',
      egressSelections: [{ name: 'cluster', connection }],
    };
    // JSON is YAML.
    await writeFile(configuration, JSON.stringify(document));
    const network = new PodNetwork(folder, configuration);
    network.#server.listen(socket);
    await once(network.#server, 'listening');
    return network;
  }

  /** Where connections to `address` lead; `10.1.0.7:16686`. */
  route(address: string, target: number): void {
    this.#targets.set(address, target);
  }

  /** Makes the Service with its EndpointSlice and its pod, as controllers and a kubelet would. */
  async deploy(cluster: TestCluster, workload: FakeWorkload): Promise<void> {
    const { namespace, name, labels = {}, port, headless = false, target } = workload;
    const create = async (path: string, object: object): Promise<void> => {
      const { status, body } = await cluster.call('POST', path, { body: object });
      if (status !== 201 && status !== 409) throw new Error(`POST ${path}: ${status} ${body}`);
    };
    const core = `/api/v1/namespaces/${namespace}`;
    await create('/api/v1/namespaces', { metadata: { name: namespace } });
    const spec = { ports: [port], ...(headless && { clusterIP: 'None' }) };
    await create(`${core}/services`, { metadata: { name, labels }, spec });
    if (target === undefined) return;
    const ip = `10.1.0.${(this.#pods += 1)}`;
    const pod = `${name}-0`;
    this.route(`${ip}:${port.port}`, target);
    await create(`${core}/pods`, {
      metadata: { name: pod },
      spec: { nodeName: 'demo-node', containers: [{ name: 'it', image: 'none' }] },
    });
    const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], hostIP: '10.0.0.1', hostIPs: [{ ip: '10.0.0.1' }] };
    const patched = await cluster.call('PATCH', `${core}/pods/${pod}/status`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status },
    });
    if (patched.status !== 200) throw new Error(`the pod's status: ${patched.status} ${patched.body}`);
    await create(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, {
      metadata: { name, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ ...port, protocol: 'TCP' }],
      endpoints: [{ addresses: [ip], conditions: { ready: true }, targetRef: { kind: 'Pod', namespace, name: pod } }],
    });
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #connect(address: string, socket: Socket): void {
    const target = this.#targets.get(address);
    if (target === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const pod = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      pod.pipe(socket).pipe(pod);
    });
    for (const one of [socket, pod]) {
      this.#sockets.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        (one === pod ? socket : pod).destroy();
      });
    }
  }
}
