import type { ConnectionFlags } from '../../connection.ts';
import { UsageError } from '../../errors.ts';
import { defined, type ClusterEntry, type ContextEntry, type UserEntry } from './kubeconfig-entry.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { nearestName } from '../../format/nearest-name.ts';

/** The one cluster and user that kubeconfig and flags amount to. */
export interface Selection {
  /** Null without a context (in-cluster, or --server alone). */
  readonly contextName: string | null;
  readonly clusterName: string;
  readonly userName: string;
  readonly namespace: string;
  readonly cluster: ClusterEntry & { readonly server: string };
  readonly user: UserEntry;
}

/**
 * Chooses context, cluster and user and lays the flags over them, by the rules of client-go
 * (tools/clientcmd/client_config.go). `defaultServer` counts where neither names a server. Undefined without any server.
 * Throws a UsageError for a name that does not exist.
 */
export function selectConnection(
  kubeconfig: Kubeconfig,
  flags: ConnectionFlags,
  defaultServer?: string,
): Selection | undefined {
  const contextName = flags.context ?? kubeconfig.currentContext;
  const context = contextName === undefined ? {} : contextOf(kubeconfig, contextName);
  const clusterName = flags.cluster ?? context.cluster ?? '';
  const userName = flags.user ?? context.user ?? '';
  const listed = kubeconfig.clusters.get(clusterName);
  if (listed === undefined && flags.cluster !== undefined) {
    throw notFound('ClusterNotFound', `no server found for cluster "${clusterName}"`, clusterName, kubeconfig.clusters);
  }
  const cluster = withClusterFlags(listed ?? {}, flags);
  if (listed === undefined && clusterName !== '' && cluster.server === undefined) {
    const message = `cluster "${clusterName}" was not found for context "${contextName}"`;
    throw notFound('InvalidKubeconfig', message, clusterName, kubeconfig.clusters);
  }
  const server = cluster.server ?? defaultServer;
  if (server === undefined) return undefined;
  return {
    contextName: contextName ?? null,
    clusterName,
    userName,
    namespace: flags.namespace || context.namespace || 'default',
    cluster: { ...cluster, server },
    user: withUserFlags(userOf(kubeconfig, userName, contextName, flags), flags),
  };
}

function contextOf(kubeconfig: Kubeconfig, name: string): ContextEntry {
  const context = kubeconfig.contexts.get(name);
  if (context !== undefined) return context;
  const message = `Error in configuration: context was not found for specified context: ${name}`;
  throw notFound('ContextNotFound', message, name, kubeconfig.contexts);
}

function userOf(kubeconfig: Kubeconfig, name: string, context: string | undefined, flags: ConnectionFlags): UserEntry {
  const user = kubeconfig.users.get(name);
  if (user !== undefined) return user;
  if (flags.user !== undefined) {
    throw notFound('UserNotFound', `auth info "${name}" does not exist`, name, kubeconfig.users);
  }
  const identified = flags.token ?? flags.clientCertificate ?? flags.username;
  if (name === '' || identified !== undefined) return {};
  throw notFound('InvalidKubeconfig', `user "${name}" was not found for context "${context}"`, name, kubeconfig.users);
}

function notFound(reason: string, message: string, name: string, known: ReadonlyMap<string, unknown>): UsageError {
  const names = [...known.keys()].filter((each) => each !== '');
  const nearest = nearestName(name, names);
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  const hint = nearest === undefined ? `the kubeconfig has: ${shown}` : `did you mean "${nearest}"?`;
  return new UsageError(reason, message, names.length === 0 ? {} : { hint });
}

function withClusterFlags(cluster: ClusterEntry, flags: ConnectionFlags): ClusterEntry {
  const { certificateAuthority, certificateAuthorityData, insecureSkipTLSVerify, ...rest } = cluster;
  // Either flag replaces all that the kubeconfig says about trust, or the two would contradict each other.
  const replaced = flags.insecureSkipTLSVerify === true || flags.certificateAuthority !== undefined;
  const trust = replaced
    ? { certificateAuthority: flags.certificateAuthority, insecureSkipTLSVerify: flags.insecureSkipTLSVerify }
    : { certificateAuthority, certificateAuthorityData, insecureSkipTLSVerify };
  // --server makes the kubeconfig's tls-server-name void: it was for another address.
  const serverName = flags.tlsServerName ?? (flags.server === undefined ? cluster.tlsServerName : undefined);
  return defined<ClusterEntry>({
    ...rest,
    ...trust,
    server: flags.server ?? cluster.server,
    tlsServerName: serverName,
    proxyURL: flags.proxyURL ?? cluster.proxyURL,
    // As in kubectl, a flag that says false leaves the kubeconfig's true.
    disableCompression: flags.disableCompression === true || cluster.disableCompression,
  });
}

function withUserFlags(user: UserEntry, flags: ConnectionFlags): UserEntry {
  const certificate =
    flags.clientCertificate === undefined
      ? {}
      : { clientCertificate: flags.clientCertificate, clientCertificateData: undefined };
  const key = flags.clientKey === undefined ? {} : { clientKey: flags.clientKey, clientKeyData: undefined };
  return defined<UserEntry>({
    ...user,
    ...certificate,
    ...key,
    token: flags.token ?? user.token,
    // A token on the command line is meant; the file would win otherwise.
    tokenFile: flags.token === undefined ? user.tokenFile : undefined,
    username: flags.username ?? user.username,
    password: flags.password ?? user.password,
    as: flags.as ?? user.as,
    asUID: flags.asUID ?? user.asUID,
    asGroups: flags.asGroup ?? user.asGroups,
    asUserExtra:
      flags.asUserExtra === undefined ? user.asUserExtra : { ...user.asUserExtra, ...userExtra(flags.asUserExtra) },
  });
}

/** Why `selectConnection` found no server. */
export function noConfiguration({ contexts, currentContext, missing }: Kubeconfig, flags: ConnectionFlags): UsageError {
  const cluster = flags.cluster ?? contexts.get(flags.context ?? currentContext ?? '')?.cluster;
  if (cluster !== undefined) {
    return new UsageError('InvalidKubeconfig', `no server found for cluster "${cluster}"`, {
      hint: 'the cluster needs server: https://HOST:PORT in the kubeconfig, or give --server URL',
    });
  }
  const names = [...contexts.keys()];
  const hint =
    names.length > 0 && currentContext === undefined
      ? `the kubeconfig has no current-context; choose one with --context: ${names.slice(0, 10).join(', ')}`
      : missing.length > 0
        ? `no such file: ${missing.join(', ')}; set KUBECONFIG, or give --kubeconfig FILE`
        : 'set KUBECONFIG, or give --kubeconfig FILE or --server URL';
  return new UsageError('NoKubeconfig', 'no configuration has been provided', { hint });
}

/** `--as-user-extra key=value`, repeated; what has no "=" is passed over, as kubectl does. */
function userExtra(pairs: readonly string[]): Record<string, string[]> {
  const extra = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, key, value] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    if (key !== undefined && value !== undefined) extra.set(key, [...(extra.get(key) ?? []), value]);
  }
  return Object.fromEntries(extra);
}
