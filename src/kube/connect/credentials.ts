import type { Agent, RequestOptions } from 'node:https';
import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import type { PluginCredential, PluginTerms } from './exec-plugin.ts';
import { headerValue, utf8Value } from '../http/header-value.ts';
import type { AuthProvider, ClusterEntry, UserEntry } from './kubeconfig-entry.ts';
import { cannotOpen, checkSelection } from './kubeconfig-validation.ts';
import { DENY_ALL } from './plugin-policy.ts';
import { proxyOf } from './proxy-environment.ts';
import type { Selection } from './selection.ts';

/** Credentials of a connection: how it trusts the server and how the server trusts it. None of it may be shown. */
export interface Credentials {
  readonly ca: Buffer | undefined;
  readonly certificate: Buffer | string | undefined;
  readonly key: Buffer | string | undefined;
  /** The value of the Authorization header. */
  readonly authorization: string | undefined;
  /** Connects through `proxy-url`; undefined for a direct connection. */
  readonly proxyAgent: Agent | undefined;
  /** A plugin, an issuer or a token file gave them, and may give others when they are refused. */
  readonly isRenewable: boolean;
}

/** For a connection that has no user of the kubeconfig. */
export const noPlugins = ({ env, platform }: Pick<PluginTerms, 'env' | 'platform'>): PluginTerms => ({
  env,
  platform,
  kuberc: { policy: DENY_ALL, file: undefined, warning: undefined },
});

type ClusterAndUser = Pick<Selection, 'clusterName' | 'cluster' | 'userName' | 'user'>;

/**
 * Reads certificates and tokens, through client-node's KubeConfig, runs the exec plugin and refreshes the token of an
 * auth-provider. What client-node does not know as kubectl does (tokenFile, plugins, providers) is added here. A plugin
 * runs on `terms`, and only for a user without a token, a user name and a certificate (exec.go, UpdateTransportConfig). Rejects
 * with a UsageError for files that cannot be read, with a failed request when the plugin or the issuer fails: then
 * nothing is wrong with the command.
 */
export async function loadCredentials(selection: ClusterAndUser, terms: PluginTerms): Promise<Credentials> {
  const { clusterName, cluster, userName } = selection;
  await checkSelection(selection);
  const secure = cluster.server.startsWith('https:');
  // As client-go: nothing that identifies the user goes over a connection that everyone can read.
  const user = secure ? selection.user : {};
  const token = await tokenOf(user, userName);
  const basic = basicAuthorization(user);
  const isKnown = token !== undefined || basic !== undefined;
  const hasCertificate = user.clientCertificate !== undefined || user.clientCertificateData !== undefined;
  const exec = isKnown || hasCertificate ? undefined : user.exec;
  const plugin = exec === undefined ? undefined : await pluginOf(exec, cluster, terms);
  // A password wins over a provider, as in client-go: it has set the header before.
  const provider = isKnown ? undefined : user.authProvider;
  const provided = provider === undefined ? undefined : await tokenOfProvider(provider, userName, terms);
  // A key without its certificate is not even read.
  const identity = hasCertificate
    ? {
        certFile: user.clientCertificate,
        certData: user.clientCertificateData,
        keyFile: user.clientKey,
        keyData: user.clientKeyData,
      }
    : { certData: base64(plugin?.certificate), keyData: base64(plugin?.key) };
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const kubeconfig = new KubeConfig();
  const name = 'selected';
  kubeconfig.loadFromOptions({
    clusters: [
      {
        name,
        server: cluster.server,
        caFile: cluster.certificateAuthorityData === undefined ? cluster.certificateAuthority : undefined,
        caData: cluster.certificateAuthorityData,
        // client-node refuses http:// unless this is set; kubectl does not.
        skipTLSVerify: !secure || cluster.insecureSkipTLSVerify === true,
        proxyUrl: cluster.proxyURL,
        // For the proxy's agent; a direct connection has it from cluster.ts.
        tlsServerName: cluster.tlsServerName,
      },
    ],
    users: [{ name, ...identity, token: token ?? encoded(plugin?.token ?? provided) }],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  const options: RequestOptions = {};
  try {
    await kubeconfig.applyToHTTPSOptions(options);
  } catch {
    // client-node's own messages can quote what it was given.
    throw new UsageError('InvalidKubeconfig', `the credentials for cluster "${clusterName}" cannot be used`, {
      hint: 'kubectl config view shows what the kubeconfig holds',
    });
  }
  const headers = (options.headers ?? {}) as Readonly<Record<string, string | undefined>>;
  return {
    ca: options.ca as Buffer | undefined,
    certificate: options.cert as Buffer | string | undefined,
    key: options.key as Buffer | string | undefined,
    authorization: headers['Authorization'] ?? basic,
    proxyAgent: cluster.proxyURL === undefined ? undefined : (options.agent as Agent),
    isRenewable: plugin !== undefined || provider !== undefined || user.tokenFile !== undefined,
  };
}

/** Few users have one: its part is loaded for them alone. */
async function pluginOf(
  exec: NonNullable<UserEntry['exec']>,
  cluster: ClusterEntry,
  terms: PluginTerms,
): Promise<PluginCredential> {
  const { runPlugin } = await import('./exec-plugin.ts');
  return runPlugin(exec, cluster, terms);
}

/** Loaded for few users, too. An issuer is reached as an API server is: by its CA, or the system's, and through proxies. */
async function tokenOfProvider(provider: AuthProvider, userName: string, terms: PluginTerms): Promise<string> {
  const { providerToken } = await import('./auth-provider.ts');
  return providerToken(provider, userName, async (issuer) => {
    const url = URL.parse(issuer.server);
    const proxyURL = url === null ? undefined : proxyOf(url, terms.env);
    const cluster = { ...issuer, ...(proxyURL !== undefined && { proxyURL }) };
    const { ca, proxyAgent } = await loadCredentials(
      { clusterName: issuer.server, cluster, userName: '', user: {} },
      noPlugins(terms),
    );
    const { systemAuthorities } = await import('./system-authorities.ts');
    return { authorities: ca ?? systemAuthorities(), proxyAgent, platform: terms.platform };
  });
}

const base64 = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : Buffer.from(text).toString('base64');

/**
 * The token of a user. That of a token file wins, unless the file cannot be read or is empty and there is another one
 * (client-go transport/token_source.go).
 */
async function tokenOf({ token, tokenFile }: UserEntry, userName: string): Promise<string | undefined> {
  const ofUser = (text: string): string => headerValue(text, `token of user ${JSON.stringify(userName)}`);
  if (tokenFile === undefined) return token === undefined ? undefined : ofUser(token);
  const text = await readFile(tokenFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (token !== undefined) return '';
    throw new UsageError('InvalidKubeconfig', cannotOpen(tokenFile, error));
  });
  // Go's white space has no byte order mark: kubectl sends it.
  const fromFile = text.replace(/^[^\S\ufeff]+|[^\S\ufeff]+$/g, '');
  if (fromFile !== '') return headerValue(fromFile, `token in ${tokenFile}`);
  if (token !== undefined) return ofUser(token);
  throw new UsageError(
    'InvalidKubeconfig',
    `the token file ${tokenFile} of user ${JSON.stringify(userName)} is empty`,
    {
      hint: 'write a token to it, or remove tokenFile from the kubeconfig',
    },
  );
}

/** A password without a user name is as none (client-go transport/config.go, HasBasicAuth). */
/** A token is checked where it comes from; a header has its bytes in UTF-8. */
const encoded = (token: string | undefined): string | undefined => (token === undefined ? undefined : utf8Value(token));

function basicAuthorization({ username, password = '' }: UserEntry): string | undefined {
  return username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
