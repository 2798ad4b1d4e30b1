import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority } from '../lab/cluster/certificate.ts';
import type { TestCluster } from '../lab/cluster/cluster.ts';

const GROUP = 'metrics.test';
const SERVICE = 'gauges';

/**
 * A second API server behind the cluster's (an aggregated API), with one type, gauges, that stores nothing. It makes no
 * tables and knows only the old way of discovery, as small servers do.
 */
export class ExtensionServer {
  readonly #server: Server;
  readonly #authority = createAuthority('extension');
  /** Those in a handshake, too, which the server itself does not close. */
  readonly #sockets = new Set<Socket>();

  constructor() {
    const { certificate, key } = this.#authority.issueServer([`${SERVICE}.default.svc`]);
    this.#server = createServer({ cert: certificate, key }, (incoming, response) => {
      answer(incoming, response).catch((error: unknown) => response.destroy(error as Error));
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Resolves when the cluster's own discovery has its type. */
  async start(cluster: TestCluster): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
    const { port } = this.#server.address() as AddressInfo;
    await create(cluster, '/api/v1/namespaces/default/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: SERVICE },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    });
    await create(cluster, '/apis/apiregistration.k8s.io/v1/apiservices', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `v1.${GROUP}` },
      spec: {
        group: GROUP,
        version: 'v1',
        groupPriorityMinimum: 100,
        versionPriority: 10,
        caBundle: Buffer.from(this.#authority.certificate).toString('base64'),
        service: { namespace: 'default', name: SERVICE, port },
      },
    });
    await untilDiscovered(cluster, 'gauges');
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** The aggregated discovery of a cluster learns of types a moment after they were made. */
export async function untilDiscovered(cluster: TestCluster, resource: string): Promise<void> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  for (let attempt = 0; attempt < 300; attempt++) {
    const { body } = await cluster.call('GET', '/apis', { headers: { accept } });
    if (body.includes(`"resource":"${resource}"`)) return;
    await sleep(100);
  }
  throw new Error(`the API server does not discover ${resource}`);
}

async function create(cluster: TestCluster, path: string, body: unknown): Promise<void> {
  const answered = await cluster.call('POST', path, { body });
  if (answered.status !== 201) throw new Error(`POST ${path}: ${answered.status} ${answered.body}`);
}

const version = { groupVersion: `${GROUP}/v1`, version: 'v1' };

const DISCOVERY: Readonly<Record<string, unknown>> = {
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [{ name: GROUP, versions: [version], preferredVersion: version }],
  },
  [`/apis/${GROUP}`]: {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: GROUP,
    versions: [version],
    preferredVersion: version,
  },
  [`/apis/${GROUP}/v1`]: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: `${GROUP}/v1`,
    resources: [
      {
        name: 'gauges',
        singularName: 'gauge',
        namespaced: true,
        kind: 'Gauge',
        shortNames: ['ga'],
        categories: ['meters'],
        verbs: ['create', 'delete', 'get', 'list', 'patch', 'update'],
      },
    ],
  },
};

/** So old that its age changes once a year. */
const gauge = (name: string, namespace: string): Record<string, unknown> => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Gauge',
  metadata: { name, namespace, creationTimestamp: '2010-06-01T00:00:00Z', resourceVersion: '7' },
  value: 0.00001,
});

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(incoming);
  const { pathname } = new URL(incoming.url ?? '', 'https://localhost');
  const [, namespace, name] =
    /^\/apis\/[^/]+\/v1(?:\/namespaces\/([^/]+))?\/gauges(?:\/([^/]+))?$/.exec(pathname) ?? [];
  const isGauge = pathname.includes('/gauges');
  const [status, document] =
    DISCOVERY[pathname] !== undefined
      ? [200, DISCOVERY[pathname]]
      : !isGauge
        ? [404, failure(404, 'NotFound', 'the server could not find the requested resource')]
        : object(incoming.method ?? '', namespace ?? 'elsewhere', name, body);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document));
}

function object(method: string, namespace: string, name: string | undefined, body: Buffer): [number, unknown] {
  if (name === 'missing') return [404, failure(404, 'NotFound', 'gauges.metrics.test "missing" not found')];
  if (method === 'GET' && name === undefined) {
    const items = ['cpu', 'memory'].map((each) => gauge(each, namespace));
    return [200, { apiVersion: `${GROUP}/v1`, kind: 'GaugeList', metadata: { resourceVersion: '7' }, items }];
  }
  if (method === 'POST') return [201, JSON.parse(body.toString('utf8'))];
  if (method === 'DELETE') return [200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }];
  return [200, gauge(name ?? '', namespace)];
}

const failure = (code: number, reason: string, message: string): unknown => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  code,
});
