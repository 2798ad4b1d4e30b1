import { request } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface CallOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Calls the API server and nothing else of this project: what the tests compare with has to be independent of it. */
export class ClusterAPI {
  readonly server: string;
  readonly #authority: string;

  constructor(server: string, authority: string) {
    this.server = server;
    this.#authority = authority;
  }

  call(method: string, path: string, { token, headers = {}, body }: CallOptions = {}): Promise<Answer> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const call = request(
        new URL(path, this.server),
        {
          method,
          ca: this.#authority,
          agent: false,
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          timeout: 10_000,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no response for 10s`)));
      call.on('error', reject);
      call.end(sent);
    });
  }
}
