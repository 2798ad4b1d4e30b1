import { Agent as HTTPAgent } from 'node:http';
import { Agent as HTTPSAgent, type AgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { ConnectionFlags } from '../connection.ts';
import { UsageError } from '../errors.ts';
import { formatTraceparent } from '../propagation/traceparent.ts';
import type { Runtime } from '../runtime.ts';
import type { Nanos } from '../trace/time.ts';
import { loadCredentials, type Credentials } from './credentials.ts';
import type { Exchange, KubeRequest, RelayingCluster, RequestContext } from './exchange.ts';
import { goDuration } from './go-duration.ts';
import { actsAs, impersonationHeaders } from './impersonation.ts';
import { inClusterConnection } from './in-cluster.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { proxyFor, type Proxy } from './proxy-url.ts';
import { encodeQuery } from './request.ts';
import type { RequestLog } from './request-log.ts';
import { noConfiguration, selectConnection, type Selection } from './selection.ts';
import { serverURL, withScheme } from './server-address.ts';
import { sendOnce, type OnData, type Transport } from './send.ts';
import { systemAuthorities } from './system-authorities.ts';
import { userAgent } from './user-agent.ts';

/**
 * Finds the API server and its user as kubectl does, reads what is needed to connect, and sends nothing yet. `version`
 * is this program's. Rejects with a UsageError when nothing usable is configured, and with a failed request when an exec
 * plugin gives no credentials.
 */
export async function openCluster(flags: ConnectionFlags, runtime: Runtime, version: string): Promise<RelayingCluster> {
  const kubeconfig = await loadKubeconfig(flags.kubeconfig, runtime);
  const chosen =
    selectConnection(kubeconfig, flags) ??
    (await inClusterConnection(flags, runtime.env)) ??
    selectConnection(kubeconfig, flags, runtime.env['KUBERNETES_MASTER'] || undefined);
  if (chosen === undefined) throw noConfiguration(kubeconfig, flags);
  const server = withScheme(chosen.cluster.server);
  const url = serverURL(server, chosen.clusterName);
  const proxy = proxyFor(chosen, url, runtime.env);
  const cluster = { ...chosen.cluster, server, ...(proxy !== undefined && { proxyURL: proxy.url }) };
  const selection = { ...chosen, cluster };
  const impersonation = impersonationHeaders(selection.user);
  const open = async (): Promise<Access> => {
    const credentials = await loadCredentials(selection, runtime.env);
    return { credentials, transport: openTransport(selection, { url, proxy }, credentials, flags, runtime) };
  };
  let access = await open();
  const headersOf = (
    request: KubeRequest,
    context: RequestContext,
    streamed: boolean,
  ): Record<string, string | string[]> => ({
    ...request.headers,
    ...(cluster.disableCompression === true ? {} : { 'accept-encoding': 'gzip' }),
    // A stream is read as it comes.
    ...(request.streamEnd === undefined && !streamed ? {} : { 'accept-encoding': 'identity' }),
    ...(access.credentials.authorization === undefined ? {} : { authorization: access.credentials.authorization }),
    'user-agent': userAgent(version, context.traceID),
    // Who the user is, is asked as the user: the server judges by that whether to keep a trace, not by whom they act as.
    ...(request.purpose === 'identity' ? {} : impersonation),
    ...(request.body === undefined ? {} : { 'content-length': String(request.body.length) }),
    traceparent: formatTraceparent(context.traceID, context.spanID, {
      sampled: request.purpose !== 'identity' && request.unsampled !== true,
    }),
    'audit-id': context.auditID,
  });
  const { authority, basePath } = access.transport;
  const log = await logOf(flags, runtime);
  const send = async (
    request: KubeRequest,
    context: RequestContext,
    headers: Record<string, string | string[]>,
    signal: AbortSignal,
    onData?: OnData,
    transport: Transport = access.transport,
  ): Promise<Exchange> => {
    if (log === undefined) return sendOnce(transport, request, context, headers, signal, onData);
    const query = encodeQuery(request.query);
    const origin = `${transport.secure ? 'https' : 'http'}://${transport.authority}${transport.basePath}`;
    const address = `${origin}${request.path}${query === '' ? '' : `?${query}`}`;
    log.request(request.method, address, headers);
    const exchange = await sendOnce(transport, request, context, headers, signal, onData);
    log.response(request.method, address, exchange);
    return exchange;
  };
  /** Another server than the kubeconfig's: trusted as that one is, and not told who the user is. */
  const openElsewhere = async (other: URL): Promise<Transport> => {
    const { tlsServerName: _, ...rest } = chosen.cluster;
    const there = { ...chosen, cluster: { ...rest, server: other.origin }, userName: '', user: {} };
    const way = proxyFor(there, other, runtime.env);
    const target = { ...there, cluster: { ...there.cluster, ...(way !== undefined && { proxyURL: way.url }) } };
    const credentials = await loadCredentials(target, runtime.env);
    return openTransport(target, { url: new URL(other.origin), proxy: way }, credentials, flags, runtime);
  };
  return {
    contextName: selection.contextName,
    server: `${url.protocol}//${authority}${basePath}`,
    namespace: selection.namespace,
    compressed: cluster.disableCompression !== true,
    actsAs: actsAs(selection.user),
    send: (asked, context, signal, onData) => {
      const request = withTimeout(asked, flags.requestTimeout);
      return send(request, context, headersOf(request, context, onData !== undefined), signal, onData);
    },
    sendTo: async (request, { url: target, trusted }, context, signal) => {
      const headers = headersOf(request, context, false);
      if (trusted) {
        return send(request, context, headers, signal, undefined, { ...access.transport, basePath: '' });
      }
      const transport = await openElsewhere(target);
      const named = Object.entries(headers).filter(([name]) => !/^(?:authorization|impersonate-.*)$/.test(name));
      const exchange = await send(request, context, Object.fromEntries(named), signal, undefined, transport);
      transport.agent.destroy();
      return exchange;
    },
    renew: async () => {
      if (!access.credentials.isRenewable) return false;
      const before = access;
      const other = await open();
      // The same would be refused again.
      if (isSame(before.credentials, other.credentials)) return false;
      access = other;
      before.transport.agent.destroy();
      return true;
    },
    openRelay: async () => {
      const { openRelayConnection } = await import('./relay.ts');
      return () =>
        openRelayConnection(access.transport, () => ({
          authorization: access.credentials.authorization,
          impersonation,
        }));
    },
    forward: async (pod, onProblem) => {
      const { forwardPort } = await import('./port-forward.ts');
      const { authorization } = access.credentials;
      const headers = { ...(authorization !== undefined && { authorization }), ...impersonation };
      return forwardPort(pod, { server, headers, agent: access.transport.agent }, onProblem);
    },
    close: () => access.transport.agent.destroy(),
  };
}

const isSame = (one: Credentials, other: Credentials): boolean =>
  one.authorization === other.authorization && String(one.certificate) === String(other.certificate);

/** Who does not ask for it does not load it. */
async function logOf({ verbosity = 0 }: ConnectionFlags, runtime: Runtime): Promise<RequestLog | undefined> {
  return verbosity === 0 ? undefined : (await import('./request-log.ts')).openRequestLog(verbosity, runtime);
}

/** What the user is let in with, and where. */
interface Access {
  readonly credentials: Credentials;
  readonly transport: Transport;
}

/** The server is told how long the client waits (client-go rest/request.go, URL). */
function withTimeout(request: KubeRequest, timeout: Nanos | undefined): KubeRequest {
  if (timeout === undefined || timeout === 0) return request;
  const query = [...request.query, ['timeout', goDuration(timeout)] as const];
  return { ...request, query: query.toSorted(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0)) };
}

function openTransport(
  { cluster }: Selection,
  { url, proxy }: { readonly url: URL; readonly proxy: Proxy | undefined },
  credentials: Credentials,
  flags: ConnectionFlags,
  runtime: Runtime,
): Transport {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const tls = secure && credentials.proxyAgent === undefined ? tlsOptions(credentials, cluster) : {};
  const newAgent = (): HTTPAgent =>
    secure ? new HTTPSAgent({ keepAlive: true, ...tls }) : new HTTPAgent({ keepAlive: true });
  return {
    secure,
    hostname,
    // Not url.host: that leaves out a port 443 which the user has written, and kubectl shows.
    authority: /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(cluster.server)?.[1] ?? url.host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    proxy,
    basePath: url.pathname.replace(/\/+$/, ''),
    authorities: credentials.ca,
    verifiedName: cluster.tlsServerName ?? hostname,
    timeoutMillis: (flags.requestTimeout ?? 0) / 1e6,
    clock: runtime.clock,
    agent: credentials.proxyAgent ?? newAgent(),
    newAgent: credentials.proxyAgent === undefined ? newAgent : undefined,
  };
}

function tlsOptions(credentials: Credentials, cluster: Selection['cluster']): AgentOptions {
  const { ca, certificate, key } = credentials;
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    // OpenSSL passes over a CA without one, and then trusts nobody.
    const message = 'unable to load root certificates: unable to parse bytes as PEM block';
    throw new UsageError('InvalidKubeconfig', message, { hint: 'the certificate-authority holds no certificate' });
  }
  let secureContext;
  try {
    secureContext = createSecureContext({
      ca: ca ?? systemAuthorities(),
      ...(certificate === undefined ? {} : { cert: certificate }),
      ...(key === undefined ? {} : { key }),
    });
  } catch {
    // OpenSSL's message says nothing to a user, and could quote the input.
    const message =
      'the CA, client certificate or key of the kubeconfig is not valid PEM, or they do not belong together';
    throw new UsageError('InvalidKubeconfig', message);
  }
  return {
    secureContext,
    rejectUnauthorized: cluster.insecureSkipTLSVerify !== true,
    ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
  };
}
