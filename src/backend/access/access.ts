import { resolve } from 'node:path';
import type { BackendAccessFlags } from '../../backend-access.ts';
import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import type { Runtime } from '../../runtime.ts';
import type { HTTPOptions } from '../http/client.ts';
import type { TLSOptions } from './tls-fetch.ts';
import { ofFile, secretValue, type SecretSources } from './secret-value.ts';

/** Headers and connection options for a backend, ready to use. */
export interface BackendAccess extends Required<Pick<HTTPOptions, 'fetch' | 'headers'>> {
  readonly tenant?: string;
  /** TLS options for connections other than `fetch`; undefined for the defaults. */
  readonly tls?: TLSOptions;
}

/** Reads files and variables. Rejects with a UsageError, of which no message holds a secret. */
export async function readAccess(
  flags: BackendAccessFlags,
  runtime: SecretSources & Pick<Runtime, 'fetch'>,
): Promise<BackendAccess> {
  const headers: Record<string, string> = {};
  for (const header of flags.headers ?? []) {
    const [name, value] = await headerOf(header, runtime);
    // fetch takes bytes, one a character: UTF-8, as curl sends it.
    headers[name] = Buffer.from(value).toString('latin1');
  }
  const authorization = await authorizationOf(flags, runtime);
  if (authorization !== undefined) {
    if ('authorization' in headers) {
      throw new UsageError('TwoAuthorizations', 'more than one way to authenticate with the trace backend was given', {
        hint: 'one of --backend-header "Authorization: …", --backend-token-file and --backend-username is enough',
      });
    }
    headers['authorization'] = authorization;
  }
  const { tenant } = flags;
  if (tenant !== undefined && !/^[\x21-\x7e]+$/.test(tenant)) {
    throw new UsageError('InvalidTenant', '--backend-tenant must be a name without blanks');
  }
  return { headers, ...(await reachingOf(flags, runtime)), ...(tenant !== undefined && { tenant }) };
}

/** A field name by RFC 9110 §5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Headers that the tool itself sends, or that the connection needs. */
const OURS: ReadonlySet<string> = new Set(['host', 'accept', 'traceparent', 'connection', 'content-length', 'te']);

async function headerOf(given: string, sources: SecretSources): Promise<readonly [name: string, value: string]> {
  const colon = given.indexOf(':');
  const name = given.slice(0, colon).trim().toLowerCase();
  // Whatever it is may be a secret: it is not repeated.
  if (colon < 0 || !NAME.test(name)) {
    throw new UsageError('InvalidHeader', '--backend-header is not a header', {
      hint: "it looks like 'Name: value', 'Name: @file' or 'Name: $VARIABLE'",
    });
  }
  if (OURS.has(name)) throw new UsageError('InvalidHeader', `--backend-header cannot set ${name}`);
  return [name, await secretValue(given.slice(colon + 1).trim(), `--backend-header ${name}`, sources)];
}

async function authorizationOf(
  { tokenFile, username, password }: BackendAccessFlags,
  sources: SecretSources,
): Promise<string | undefined> {
  if (username === undefined && password !== undefined) {
    throw new UsageError('UsernameRequired', '--backend-password is of no use without --backend-username');
  }
  if (username !== undefined && password === undefined) {
    throw new UsageError('PasswordRequired', '--backend-username is of no use without --backend-password', {
      hint: "--backend-password @FILE or '$VARIABLE'",
    });
  }
  if (tokenFile !== undefined) {
    if (username !== undefined) {
      throw new UsageError('TwoAuthorizations', '--backend-token-file and --backend-username cannot be used together');
    }
    return `Bearer ${(await ofFile(tokenFile, '--backend-token-file', sources)).trim()}`;
  }
  if (username === undefined || password === undefined) return undefined;
  const secret = await secretValue(password, '--backend-password', sources);
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}

async function reachingOf(
  flags: BackendAccessFlags,
  { fetch, cwd }: Pick<Runtime, 'fetch' | 'cwd'>,
): Promise<Pick<BackendAccess, 'fetch' | 'tls'>> {
  const { clientCertificate, clientKey, certificateAuthority, insecureSkipTLSVerify } = flags;
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    throw new UsageError('KeyRequired', '--backend-client-certificate and --backend-client-key belong together');
  }
  if (insecureSkipTLSVerify === true && certificateAuthority !== undefined) {
    const message = '--backend-ca and --backend-insecure-skip-tls-verify cannot be used together';
    throw new UsageError('InvalidBackendTLS', message);
  }
  if ([clientCertificate, certificateAuthority].every((item) => item === undefined) && insecureSkipTLSVerify !== true) {
    return { fetch };
  }
  const read = async (file: string | undefined, flag: string): Promise<Buffer | undefined> =>
    file === undefined
      ? undefined
      : readFile(resolve(cwd, file)).catch((error: NodeJS.ErrnoException) => {
          throw new UsageError('UnreadableCertificate', `${flag}: ${file} cannot be read (${error.code ?? 'unknown'})`);
        });
  const ca = await read(certificateAuthority, '--backend-ca');
  const cert = await read(clientCertificate, '--backend-client-certificate');
  const key = await read(clientKey, '--backend-client-key');
  const { createSecureContext } = await import('node:tls');
  const { tlsFetch } = await import('./tls-fetch.ts');
  const certificates = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  try {
    if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) throw new Error('no certificate');
    createSecureContext(certificates);
  } catch {
    // OpenSSL's message says nothing to a user, and could quote the input.
    const message =
      'the CA, client certificate or key for the trace backend is not valid PEM, or they do not belong together';
    throw new UsageError('InvalidCertificate', message);
  }
  const tls = { ...certificates, rejectUnauthorized: insecureSkipTLSVerify !== true };
  const secure = tlsFetch(tls);
  return {
    tls,
    fetch: (input, init) =>
      (/^https:/i.test(input instanceof Request ? input.url : String(input)) ? secure : fetch)(input, init),
  };
}
