import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHTTPSServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, type Authority } from '../../../lab/cluster/certificate.ts';

/** A request to one of the servers, without discovery. */
export interface SeenRequest {
  readonly server: 'main' | 'other' | 'plain';
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly impersonated: string | null;
  readonly certificate: string | null;
  readonly body: string;
}

/** Responds to a request, or returns false and leaves it to the API behind. */
export type Answer = (request: IncomingMessage, response: ServerResponse, servers: ResponseServers) => boolean;

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
  return true;
}

export const redirect = (response: ServerResponse, status: number, location: string | undefined): true => {
  response.writeHead(status, location === undefined ? {} : { location }).end();
  return true;
};

const type = (name: string, kind: string, more: object = {}): object => ({
  name,
  singularName: kind.toLowerCase(),
  kind,
  namespaced: true,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update'],
  ...more,
});

/** By path: unaggregated discovery of a server with three groups. */
export const DISCOVERY: Readonly<Record<string, object>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [type('configmaps', 'ConfigMap', { shortNames: ['cm'] }), type('pods', 'Pod', { shortNames: ['po'] })],
  },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: ['metrics.k8s.io/v1beta1', 'a.example/v1', 'b.example/v1'].map((groupVersion) => {
      const [name, version] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    }),
  },
  '/apis/metrics.k8s.io/v1beta1': {
    kind: 'APIResourceList',
    groupVersion: 'metrics.k8s.io/v1beta1',
    resources: [type('podmetrics', 'PodMetrics')],
  },
  '/apis/a.example/v1': {
    kind: 'APIResourceList',
    groupVersion: 'a.example/v1',
    resources: [type('widgets', 'Widget', { shortNames: ['w', 'wi'] })],
  },
  '/apis/b.example/v1': {
    kind: 'APIResourceList',
    groupVersion: 'b.example/v1',
    resources: [
      type('windows', 'Window', { shortNames: ['w', 'po'] }),
      type('widgets', 'Widget', { shortNames: ['wi', 'cm'] }),
      type('walls', 'Wall', { shortNames: ['w'] }),
    ],
  },
};

const object = (kind: string, apiVersion: string, name: string): object => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' },
});

/** Three servers on loopback: the API server, one on another port, and one that speaks plain HTTP. */
export class ResponseServers {
  readonly authority: Authority;
  readonly seen: SeenRequest[] = [];
  answer: Answer = () => false;
  #servers: readonly Server[] = [];
  #ports: readonly number[] = [];

  private constructor() {
    this.authority = createAuthority('response-servers');
  }

  static async start(): Promise<ResponseServers> {
    const servers = new ResponseServers();
    await servers.#start();
    return servers;
  }

  /** https://127.0.0.1:PORT of `main` and `other`, http://127.0.0.1:PORT of `plain`. */
  url(server: SeenRequest['server']): string {
    const port = this.#ports[['main', 'other', 'plain'].indexOf(server)];
    return `${server === 'plain' ? 'http' : 'https'}://127.0.0.1:${port}`;
  }

  take(): SeenRequest[] {
    return this.seen.splice(0);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  async #start(): Promise<void> {
    const { certificate: cert, key } = this.authority.issueServer(['127.0.0.1']);
    const tls = { cert, key, ca: this.authority.certificate, requestCert: true, rejectUnauthorized: false };
    const handler = (server: SeenRequest['server']) => (request: IncomingMessage, response: ServerResponse) =>
      void this.#respond(server, request, response);
    this.#servers = [
      createHTTPSServer(tls, handler('main')),
      createHTTPSServer(tls, handler('other')),
      createServer(handler('plain')),
    ];
    for (const server of this.#servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#ports = this.#servers.map((server) => (server.address() as AddressInfo).port);
  }

  async #respond(server: SeenRequest['server'], request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { method = '', url = '', headers, socket } = request;
    const path = url.replace(/\?.*$/, '');
    const isDiscovery = path in DISCOVERY || /^\/(?:version|openapi|apis\/authentication)/.test(path);
    if (!isDiscovery) {
      const peer = 'getPeerCertificate' in socket ? (socket as never as TLSLike).getPeerCertificate() : {};
      const { authorization = null } = headers;
      const impersonated = headers['impersonate-user'];
      const certificate = peer.subject?.CN ?? null;
      this.seen.push({
        server,
        method,
        url,
        authorization,
        impersonated: impersonated === undefined ? null : String(impersonated),
        certificate,
        body,
      });
    }
    if (this.answer(request, response, this)) return;
    standing(request, response, path);
  }
}

interface TLSLike {
  getPeerCertificate(): { readonly subject?: { readonly CN?: string } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function standing(request: IncomingMessage, response: ServerResponse, path: string): void {
  const known = DISCOVERY[path];
  if (known !== undefined) return void json(response, 200, known);
  const [, group, version = 'v1', resource = '', name] =
    /^\/(?:api|apis\/([^/]+))\/([^/]+)\/namespaces\/default\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const kinds: Readonly<Record<string, string>> = {
    configmaps: 'ConfigMap',
    pods: 'Pod',
    widgets: 'Widget',
    windows: 'Window',
    walls: 'Wall',
  };
  const kind = kinds[resource];
  if (kind === undefined) {
    return void json(response, 404, {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'NotFound',
      code: 404,
    });
  }
  const apiVersion = group === undefined ? version : `${group}/${version}`;
  if (name !== undefined || request.method !== 'GET')
    return void json(response, 200, object(kind, apiVersion, name ?? 'made'));
  const items = ['one', 'two'].map((each) => object(kind, apiVersion, each));
  return void json(response, 200, { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: '1' }, items });
}
