import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { privateHost, registryHost } from './commands.ts';
import { imageOf, type Blob, type Image } from './image.ts';

/** Images by name and tag. */
export type Images = ReadonlyMap<string, Image>;

/**
 * A registry on a loopback port, which implements pulling of the OCI distribution specification. At `registry.test` it
 * has only lab:1 and pause:1. `private.test` requires credentials that no client has.
 */
export class Registry {
  readonly port: number;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(labProgram: string): Promise<Registry> {
    return Registry.serve(await labImages(labProgram));
  }

  /** The same with images by name and tag, such as `etcd:3.7.3-0`, at a port that is free without one. */
  static async serve(images: Images, wanted = 0): Promise<Registry> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://registry').pathname;
      answer(images, path, request.method === 'HEAD', response);
    });
    await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
    // It ends with the cluster; that alone does not keep this process running.
    server.unref();
    return new Registry(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The images of the test node. */
export async function labImages(labProgram: string): Promise<Images> {
  const program = await readFile(labProgram);
  return new Map([
    ['lab:1', imageOf(program, [])],
    ['pause:1', imageOf(program, ['pause'])],
  ]);
}

function answer(images: Images, path: string, headOnly: boolean, response: ServerResponse): void {
  const [, host, name = '', kind = '', reference = ''] =
    /^\/([^/]+)\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  if (host === privateHost) {
    response.setHeader('www-authenticate', `Basic realm="${privateHost}"`);
    refuse(response, 401, 'UNAUTHORIZED', 'authentication required');
    return;
  }
  const found = host === registryHost ? part(images, name, kind, reference) : undefined;
  if (found === undefined) {
    refuse(
      response,
      404,
      kind === 'manifests' ? 'MANIFEST_UNKNOWN' : 'BLOB_UNKNOWN',
      `${name}:${reference} is unknown`,
    );
    return;
  }
  response.writeHead(200, {
    'content-type': found.mediaType,
    'content-length': found.content.length,
    'docker-content-digest': found.digest,
  });
  response.end(headOnly ? undefined : found.content);
}

function part(images: Images, name: string, kind: string, reference: string): Blob | undefined {
  const tagged = kind === 'manifests' ? images.get(`${name}:${reference}`) : undefined;
  if (tagged !== undefined) return tagged.manifest;
  const ofName = [...images].filter(([key]) => key.startsWith(`${name}:`)).map(([, image]) => image);
  return ofName
    .flatMap(({ manifest, config, layer }) => (kind === 'manifests' ? [manifest] : [config, layer]))
    .find(({ digest }) => digest === reference);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}
