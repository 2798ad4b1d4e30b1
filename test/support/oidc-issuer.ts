import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createAuthority } from '../lab/cluster/certificate.ts';

/** Response of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: object | string;
}

/** A small OpenID Connect issuer on a loopback port: discovery, keys, and a token endpoint that takes refresh tokens. */
export class TestIssuer {
  /** https://127.0.0.1:PORT */
  readonly url: string;
  /** The CA of its certificate, PEM. */
  readonly authority: string;
  readonly client = { id: 'kubectl-tests', secret: 'a secret of the client: %&+' };
  /** Forms that the token endpoint received, with the header of the client. */
  readonly asked: { readonly authorization: string; readonly form: Readonly<Record<string, string>> }[] = [];
  readonly #server: Server;
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  #answer: (form: URLSearchParams) => TokenAnswer = () => ({ status: 500, body: 'no response was set' });

  private constructor(server: Server, authority: string) {
    this.#server = server;
    this.authority = authority;
    this.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<TestIssuer> {
    const authority = createAuthority('issuer');
    const { certificate, key } = authority.issueServer(['127.0.0.1']);
    const server = createServer({ cert: certificate, key });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new TestIssuer(server, authority.certificate);
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      issuer.#serve(incoming).then(
        ({ status, body }) => {
          response.writeHead(status, { 'content-type': 'application/json' });
          return response.end(typeof body === 'string' ? body : JSON.stringify(body));
        },
        (error: unknown) => response.destroy(error as Error),
      );
    });
    return issuer;
  }

  async #serve(incoming: IncomingMessage): Promise<TokenAnswer> {
    switch (incoming.url) {
      case '/.well-known/openid-configuration':
        return { status: 200, body: this.#discovery() };
      case '/keys': {
        const key = createPublicKey(this.#key.privateKey).export({ format: 'jwk' });
        return { status: 200, body: { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'RS256' }] } };
      }
      case '/token': {
        const form = new URLSearchParams(await text(incoming));
        this.asked.push({ authorization: incoming.headers.authorization ?? '', form: Object.fromEntries(form) });
        return this.#answer(form);
      }
      default:
        return { status: 404, body: 'not here' };
    }
  }

  #discovery(): object {
    return {
      issuer: this.url,
      jwks_uri: `${this.url}/keys`,
      token_endpoint: `${this.url}/token`,
      authorization_endpoint: `${this.url}/authorize`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  /** From now on refresh requests get this response. */
  answer(answer: (form: URLSearchParams) => TokenAnswer): void {
    this.#answer = answer;
  }

  /** An ID token for a user, which expires in this many seconds; in the past with a negative number. */
  idToken(subject: string, seconds: number): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.url, aud: this.client.id, sub: subject, iat: now - 3600, exp: now + seconds };
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), this.#key.privateKey).toString('base64url')}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
