import { request as httpRequest, type Agent } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Platform } from '../../platform.ts';
import { isObject, parseJSON } from '../json.ts';
import { transportError } from '../http/transport-error.ts';

/** A connection to an OpenID Connect issuer. */
export interface OIDCIssuer {
  /** PEM; undefined for Node's own list. */
  readonly authorities: Buffer | string[] | undefined;
  /** Connects through a proxy; undefined for a direct connection. */
  readonly proxyAgent: Agent | undefined;
  readonly platform: Platform;
}

/** The client's identity at the issuer. */
export interface OIDCClient {
  readonly id: string;
  readonly secret: string;
}

interface TokenResponse {
  readonly status: string;
  readonly ok: boolean;
  readonly body: Buffer;
}

const TIMEOUT_MILLIS = 30_000;
/** Size limit of a document or a token, as in golang.org/x/oauth2. */
const MAX_BYTES = 1024 * 1024;
/** Size limit for showing an unexpected response. */
const MAX_SHOWN = 80;

/** The token endpoint by the issuer's discovery document (OpenID Connect Discovery 1.0, 4). Rejects in client-go's words. */
export async function queryTokenEndpoint(issuer: OIDCIssuer, url: string): Promise<string> {
  const address = `${url.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { ok, status, body } = await sendRequest(issuer, 'GET', address);
  if (!ok) throw new Error(`oidc: failed to query metadata endpoint ${status}: ${JSON.stringify(shown(body))}`);
  const document = parseJSON(body);
  if (!isObject(document)) throw new Error('oidc: failed to decode provider discovery object: it is not JSON');
  const { token_endpoint: endpoint } = document;
  if (typeof endpoint === 'string' && endpoint !== '') return endpoint;
  throw new Error("oidc: discovery object doesn't contain a token_endpoint");
}

/** New tokens for a refresh token (RFC 6749, 6). Rejects in the words of golang.org/x/oauth2, which kubectl uses. */
export async function refreshTokens(
  issuer: OIDCIssuer,
  endpoint: string,
  client: OIDCClient,
  refreshToken: string,
): Promise<{ readonly idToken: string | undefined; readonly refreshToken: string | undefined }> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const header = `Basic ${Buffer.from(`${formEncoded(client.id)}:${formEncoded(client.secret)}`).toString('base64')}`;
  let response = await sendRequest(issuer, 'POST', endpoint, { form, authorization: header });
  let why = refusal(response);
  if (why !== undefined) {
    // The client may be wanted in the form instead: issuers differ, and do not say.
    const secret = client.secret === '' ? {} : { client_secret: client.secret };
    response = await sendRequest(issuer, 'POST', endpoint, { form: { ...form, client_id: client.id, ...secret } });
    why = refusal(response);
  }
  if (why !== undefined) throw new Error(why);
  const { id_token: idToken, refresh_token: next } = objectOf(response) ?? {};
  return { idToken: textOf(idToken), refreshToken: textOf(next) };
}

function refusal(response: TokenResponse): string | undefined {
  const { ok, status, body } = response;
  const document = objectOf(response);
  const code = textOf(document?.['error']);
  if (code !== undefined) {
    const parts = [code, document?.['error_description'], document?.['error_uri']].map(textOf);
    return `oauth2: ${parts.flatMap((part) => (part === undefined ? [] : [JSON.stringify(part)])).join(' ')}`;
  }
  if (!ok) return `oauth2: cannot fetch token: ${status}\nResponse: ${shown(body)}`;
  if (document === undefined) return 'oauth2: cannot parse json: the response is not an object';
  return textOf(document['access_token']) === undefined ? 'oauth2: server response missing access_token' : undefined;
}

function objectOf({ body }: TokenResponse): Readonly<Record<string, unknown>> | undefined {
  const document = parseJSON(body);
  return isObject(document) ? document : undefined;
}

function sendRequest(
  { authorities, proxyAgent, platform }: OIDCIssuer,
  method: 'GET' | 'POST',
  address: string,
  sent: { readonly form?: Readonly<Record<string, string>>; readonly authorization?: string } = {},
): Promise<TokenResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<TokenResponse>();
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Error(`${JSON.stringify(address)} is not a URL`);
  const body = sent.form === undefined ? undefined : new URLSearchParams(sent.form).toString();
  const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    // One or two requests: no connection stays open that would keep the command from ending.
    agent: proxyAgent ?? false,
    ...(authorities !== undefined && { ca: authorities }),
    headers: {
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(sent.authorization !== undefined && { authorization: sent.authorization }),
    },
  });
  outgoing.on('error', reject);
  outgoing.on('response', (response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) outgoing.destroy(new Error('the response is larger than 1 MiB'));
      else chunks.push(chunk);
    });
    response.on('error', reject);
    response.on('end', () => {
      const { statusCode = 0, statusMessage = '' } = response;
      const ok = statusCode >= 200 && statusCode < 300;
      resolve({ status: `${statusCode} ${statusMessage}`.trim(), ok, body: Buffer.concat(chunks) });
    });
  });
  outgoing.end(body);
  return promise.catch((error: unknown) => {
    throw new Error(
      `${method === 'GET' ? 'Get' : 'Post'} ${JSON.stringify(address)}: ${unreached(error, url, platform)}`,
    );
  });
}

/** In Go's words, as of the API server. */
function unreached(error: unknown, url: URL, platform: Platform): string {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
    return `dial tcp ${url.hostname}:${port}: connect: connection refused`;
  }
  const destination = { authority: url.host, hostname, port, platform };
  const verification = { certificate: undefined, authorities: undefined, name: hostname, now: new Date() };
  return transportError(error, destination, verification).message.replace(/^Unable to connect to the server: /, '');
}

const shown = (body: Buffer): string => {
  const text = body.toString('utf8');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Go's url.QueryEscape. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
