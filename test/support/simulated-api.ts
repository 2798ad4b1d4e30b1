import type { Exchange, KubeRequest } from '../../src/kube/http/exchange.ts';
import type { SendStream } from '../../src/kube/api/watch.ts';

interface APIObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

interface OpenWatch {
  readonly path: string;
  readonly onData: (chunk: Uint8Array) => void;
  readonly end: (exchange: Partial<Exchange>) => void;
}

/**
 * An API server in memory that lists and watches, and fails when a test says so. Selectors are not looked at: a test has
 * the objects of one subject.
 */
export class SimulatedAPI {
  /** Method, path, and `watch` with the version that it goes on from. */
  readonly asked: string[] = [];
  readonly #objects = new Map<string, Map<string, APIObject>>();
  readonly #log: { readonly path: string; readonly version: number; readonly line: string }[] = [];
  readonly #watches = new Set<OpenWatch>();
  #version = 10;
  #oldest = 0;
  #down = false;
  #hung = false;
  #refused: RegExp | undefined;

  readonly send: SendStream = async (request, reading) => {
    const stream = reading?.onData;
    const { path } = request;
    const query = new Map(request.query);
    const from = query.get('resourceVersion') ?? '';
    const asked = query.has('watch') ? `watch ${path} ${from}` : `list ${path}`;
    this.asked.push(asked);
    // A server responds later than at once, but before any time passes on a fake clock.
    await Promise.resolve();
    if (this.#hung) return this.#never(request, reading?.signal);
    if (this.#down)
      return answer(request, { error: { reason: 'ConnectionRefused', message: 'refused' }, status: null });
    if (this.#refused?.test(asked) === true) return answer(request, { status: 403 });
    if (stream === undefined) return answer(request, this.#read(path));
    if (Number(from) < this.#oldest) return answer(request, { status: 410 });
    return this.#watch(request, { onData: stream, signal: reading!.signal }, Number(from));
  };

  put(path: string, object: APIObject): void {
    const objects = this.#of(path);
    const type = objects.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED';
    const metadata = { ...object.metadata, resourceVersion: String(++this.#version) };
    const stored = { ...object, metadata };
    objects.set(object.metadata.uid, stored);
    this.#tell(path, type, stored);
  }

  remove(path: string, uid: string): void {
    const object = this.#of(path).get(uid);
    this.#of(path).delete(uid);
    this.#version++;
    if (object !== undefined) this.#tell(path, 'DELETED', object);
  }

  /** Every watch breaks in the middle of a line, as when a connection is reset. */
  breakWatches(): void {
    for (const watch of this.#watches) {
      watch.onData(Buffer.from('{"type":"MODIF'));
      watch.end({ error: { reason: 'ConnectionReset', message: 'socket hang up' } });
    }
  }

  /** etcd compacts: clients that watch from before now get an error, in either of the forms that servers have. */
  compact(how: 'event' | 'status'): void {
    this.#oldest = this.#version + 1;
    this.#version++;
    for (const watch of this.#watches) {
      if (how === 'event') {
        watch.onData(
          Buffer.from(
            `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })}\n`,
          ),
        );
      }
      watch.end({});
    }
  }

  stop(): void {
    this.#down = true;
    this.breakWatches();
  }

  /** It keeps its connections open, and no longer responds. */
  hang(): void {
    this.#hung = true;
  }

  start(): void {
    this.#down = false;
  }

  refuse(asked: RegExp): void {
    this.#refused = asked;
  }

  #never(request: KubeRequest, signal: AbortSignal | undefined): Promise<Exchange> {
    return new Promise((resolve) => {
      const end = (): void =>
        resolve(answer(request, { status: null, error: { reason: 'Interrupted', message: 'interrupted' } }));
      signal?.addEventListener('abort', end);
    });
  }

  #read(path: string): Partial<Exchange> {
    const objects = this.#objects.get(path);
    if (objects !== undefined) {
      return body({ items: [...objects.values()], metadata: { resourceVersion: String(this.#version) } });
    }
    const cut = path.lastIndexOf('/');
    const named = [...(this.#objects.get(path.slice(0, cut))?.values() ?? [])];
    const object = named.find(({ metadata }) => metadata.name === path.slice(cut + 1));
    return object === undefined ? { status: 404 } : body(object);
  }

  #watch(
    request: KubeRequest,
    { onData, signal }: Required<NonNullable<Parameters<SendStream>[1]>>,
    from: number,
  ): Promise<Exchange> {
    return new Promise((resolve) => {
      const watch: OpenWatch = {
        path: request.path,
        onData,
        end: (exchange) => {
          this.#watches.delete(watch);
          resolve(answer(request, exchange));
        },
      };
      this.#watches.add(watch);
      signal.addEventListener('abort', () => watch.end({ error: { reason: 'Interrupted', message: 'interrupted' } }));
      for (const { path, version, line } of this.#log) {
        if (path === request.path && version > from) onData(Buffer.from(line));
      }
    });
  }

  #tell(path: string, type: string, object: unknown): void {
    const line = `${JSON.stringify({ type, object })}\n`;
    this.#log.push({ path, version: this.#version, line });
    // In two pieces, as it may come over a network.
    for (const watch of this.#watches) {
      if (watch.path !== path) continue;
      watch.onData(Buffer.from(line.slice(0, 9)));
      watch.onData(Buffer.from(line.slice(9)));
    }
  }

  #of(path: string): Map<string, APIObject> {
    const known = this.#objects.get(path) ?? new Map<string, APIObject>();
    this.#objects.set(path, known);
    return known;
  }
}

const body = (value: unknown): Partial<Exchange> => ({ status: 200, body: Buffer.from(JSON.stringify(value)) });

const answer = (request: KubeRequest, exchange: Partial<Exchange>): Exchange =>
  ({ request, status: 200, headers: {}, body: Buffer.alloc(0), error: null, ...exchange }) as unknown as Exchange;
