import { createServer as createHTTPServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHTTPSServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createAuthority } from '../lab/cluster/certificate.ts';

/** One request for objects, by what identifies its server and its user. */
export interface SeenRequest {
  /** The first segment of its path, which names the cluster entry that it came from; "" without one. */
  readonly cluster: string;
  readonly scheme: 'http' | 'https';
  readonly namespace: string;
  /** Authorization, or the subject of a client certificate; null without either. */
  readonly user: string | null;
  /** Impersonate-User, Impersonate-Uid, Impersonate-Group and the extra ones. */
  readonly impersonated: Readonly<Record<string, string>>;
}

/**
 * Stands where an API server would, by https and by http, and remembers with which credentials each list of config maps
 * was requested. It has as many names as there are first path segments, so one port serves every cluster of a kubeconfig.
 */
export class CredentialServer {
  /** https://127.0.0.1:PORT */
  readonly secureURL: string;
  /** http://127.0.0.1:PORT */
  readonly plainURL: string;
  /** PEM. */
  readonly authority: string;
  /** Client certificate of jane. */
  readonly client: { readonly certificate: string; readonly key: string };
  /** Client certificate of john. */
  readonly other: { readonly certificate: string; readonly key: string };
  /** An Authorization header that gets a 401. */
  refused: string | undefined;
  readonly #servers: readonly Server[];
  readonly #seen: SeenRequest[];

  private constructor(servers: readonly Server[], seen: SeenRequest[], authority: ReturnType<typeof createAuthority>) {
    const [secure = 0, plain = 0] = servers.map((server) => (server.address() as AddressInfo).port);
    this.secureURL = `https://127.0.0.1:${secure}`;
    this.plainURL = `http://127.0.0.1:${plain}`;
    this.authority = authority.certificate;
    this.client = authority.issueClient('jane', ['users']);
    this.other = authority.issueClient('john', ['users']);
    this.#servers = servers;
    this.#seen = seen;
  }

  static async start(): Promise<CredentialServer> {
    const authority = createAuthority('credential-server');
    const { certificate: cert, key } = authority.issueServer(['127.0.0.1', 'localhost', 'kubernetes']);
    const seen: SeenRequest[] = [];
    const started: { server?: CredentialServer } = {};
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const found = seenRequest(request);
      if (found !== undefined) seen.push(found);
      const { authorization } = request.headers;
      if (authorization === undefined || authorization !== started.server?.refused) return respond(request, response);
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401 }));
    };
    const tls = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
    const servers = [createHTTPSServer(tls, answer), createHTTPServer(answer)];
    for (const server of servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    started.server = new CredentialServer(servers, seen, authority);
    return started.server;
  }

  /** The requests since the last time this was called. */
  take(): SeenRequest[] {
    return this.#seen.splice(0);
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      (server as ReturnType<typeof createHTTPServer>).closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

function seenRequest(request: IncomingMessage): SeenRequest | undefined {
  const [, cluster = '', namespace] =
    /^(?:\/([^/]+))?\/api\/v1\/namespaces\/([^/]+)\/configmaps/.exec(request.url ?? '') ?? [];
  if (namespace === undefined) return undefined;
  const { socket, headers } = request;
  const certificate = 'getPeerCertificate' in socket ? (socket as never as TLSLike).getPeerCertificate() : {};
  return {
    cluster,
    scheme: 'encrypted' in socket ? 'https' : 'http',
    namespace,
    user: headers.authorization ?? certificate.subject?.CN ?? null,
    impersonated: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.startsWith('impersonate-'))
        .map(([name, value]) => [name, String(value)]),
    ),
  };
}

interface TLSLike {
  getPeerCertificate(): { readonly subject?: { readonly CN?: string } };
}

function respond(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').replace(/^\/(?!apis?\b)[^/]+/, '').replace(/\?.*$/, '');
  const documents: Readonly<Record<string, object>> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
    '/api/v1': {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [
        { name: 'configmaps', singularName: 'configmap', kind: 'ConfigMap', namespaced: true, verbs: ['get', 'list'] },
      ],
    },
  };
  const list = { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] };
  const document = documents[path] ?? (path.endsWith('/configmaps') ? list : undefined);
  response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document ?? { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 }));
}
