import { tableOf } from '../../format/table-of.ts';
import { ExitCode, TraceCommandError, UsageError } from '../../errors.ts';
import { isObject, parseJSON } from '../json.ts';
import type { AuthProvider, ClusterEntry } from './kubeconfig-entry.ts';
import type { OIDCIssuer } from './oidc-issuer.ts';

/** A token this close to its end, in milliseconds, counts as expired: the server's clock may be ahead. */
const MARGIN_MILLIS = 10_000;

/** How to reach an issuer: what its certificate is verified by, and the proxy before it. */
export type Connect = (issuer: ClusterEntry & { readonly server: string }) => Promise<OIDCIssuer>;

type Settings = AuthProvider['config'];

/**
 * The ID token of an OIDC user, as client-go has it (plugin/pkg/client/auth/oidc/oidc.go): the kubeconfig's token while
 * it is valid, otherwise one that the issuer returns for the refresh token. The new refresh token is stored in the
 * kubeconfig, since many issuers accept a refresh token only once. Rejects with a UsageError for a provider that is not
 * usable, and with a failed request, in kubectl's words, when no valid token can be obtained.
 */
export async function providerToken(
  { name, config, path }: AuthProvider,
  userName: string,
  connect: Connect,
  now: () => number = Date.now,
): Promise<string> {
  checkProvider(name);
  for (const key of ['idp-issuer-url', 'client-id']) {
    if (!config[key]) throw new UsageError('InvalidKubeconfig', `Must provide ${key}`, { hint: IN_CONFIG });
  }
  const valid = validToken(config, now());
  if (valid !== undefined) return valid;
  const file = await import('./kubeconfig-file.ts');
  // Another command may have refreshed it since this one began, and used up the refresh token.
  const newest = (await file.readProvider(path, userName)) ?? config;
  return (
    validToken(newest, now()) ?? (await refresh(newest, connect, (made) => file.saveProvider(path, userName, made)))
  );
}

const IN_CONFIG = "it belongs to auth-provider.config of the kubeconfig's user";

const REPLACED: Readonly<Record<string, string>> = tableOf({ azure: 'kubelogin', gcp: 'gke-gcloud-auth-plugin' });

function checkProvider(name: string): void {
  if (name === 'oidc') return;
  const replacement = REPLACED[name];
  if (replacement === undefined) {
    const message = `no Auth Provider found for name ${JSON.stringify(name)}`;
    throw new UsageError('InvalidKubeconfig', message, { hint: 'oidc is the only one; others are exec plugins' });
  }
  throw new UsageError('InvalidKubeconfig', `The ${name} auth plugin has been removed.`, {
    hint: `use the exec plugin ${JSON.stringify(replacement)} instead`,
  });
}

/** Undefined without one, and for one that has expired. What is no token at all is an error. */
function validToken({ 'id-token': token }: Settings, now: number): string | undefined {
  if (!token) return undefined;
  const parts = token.split('.');
  if (parts.length !== 3) throw noToken('ID Token is not a valid JWT');
  const claims = parseJSON(Buffer.from(parts[1] ?? '', 'base64url'));
  if (!isObject(claims)) throw noToken('parsing claims: the ID token holds no JSON object');
  const { exp } = claims;
  return typeof exp === 'number' && now + MARGIN_MILLIS < Math.trunc(exp) * 1000 ? token : undefined;
}

async function refresh(
  settings: Settings,
  connect: Connect,
  save: (settings: Settings) => Promise<void>,
): Promise<string> {
  const refreshToken = settings['refresh-token'];
  if (!refreshToken) {
    throw noToken('No valid id-token, and cannot refresh without refresh-token', 'log in to the issuer again');
  }
  const { queryTokenEndpoint, refreshTokens } = await import('./oidc-issuer.ts');
  const url = settings['idp-issuer-url'] ?? '';
  const issuer = await connect({
    server: url,
    ...(settings['idp-certificate-authority'] && { certificateAuthority: settings['idp-certificate-authority'] }),
    ...(settings['idp-certificate-authority-data'] && {
      certificateAuthorityData: settings['idp-certificate-authority-data'],
    }),
  });
  const client = { id: settings['client-id'] ?? '', secret: settings['client-secret'] ?? '' };
  const endpoint = await queryTokenEndpoint(issuer, url).catch((error: Error) => {
    throw noToken(error.message, 'the issuer is idp-issuer-url of the kubeconfig');
  });
  const tokens = await refreshTokens(issuer, endpoint, client, refreshToken).catch((error: Error) => {
    throw noToken(`failed to refresh token: ${error.message}`, 'log in to the issuer again');
  });
  if (tokens.idToken === undefined) {
    throw noToken(
      'token response did not contain an id_token, either the scope "openid" wasn\'t requested upon login, or the provider doesn\'t support id_tokens as part of the refresh response',
    );
  }
  await save({
    ...settings,
    'id-token': tokens.idToken,
    'refresh-token': tokens.refreshToken ?? refreshToken,
  }).catch((error: Error) => {
    throw noToken(`could not persist new tokens: ${error.message}`, 'the kubeconfig has to be writable');
  });
  return tokens.idToken;
}

function noToken(why: string, hint = IN_CONFIG): TraceCommandError {
  const message = `Unable to connect to the server: ${why}`;
  return new TraceCommandError(ExitCode.requestFailed, 'AuthProviderFailed', message, { hint });
}
