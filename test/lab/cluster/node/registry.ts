import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { privateHost, registryHost } from './commands.ts';
import { imageOf, type Blob, type Image } from './image.ts';

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
    const program = await readFile(labProgram);
    const images = new Map([
      ['lab', imageOf(program, [])],
      ['pause', imageOf(program, ['pause'])],
    ]);
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://registry').pathname;
      answer(images, path, request.method === 'HEAD', response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // It ends with the cluster; that alone does not keep this process running.
    server.unref();
    return new Registry(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function answer(images: ReadonlyMap<string, Image>, path: string, headOnly: boolean, response: ServerResponse): void {
  const [, host, name = '', kind = '', reference = ''] =
    /^\/([^/]+)\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  if (host === privateHost) {
    response.setHeader('www-authenticate', `Basic realm="${privateHost}"`);
    refuse(response, 401, 'UNAUTHORIZED', 'authentication required');
    return;
  }
  const image = host === registryHost ? images.get(name) : undefined;
  const found = image === undefined ? undefined : part(image, kind, reference);
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

function part({ manifest, config, layer }: Image, kind: string, reference: string): Blob | undefined {
  if (kind === 'manifests') return reference === '1' || reference === manifest.digest ? manifest : undefined;
  return [config, layer].find(({ digest }) => digest === reference);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code, message }] }));
}
