import type { ConnectionFlags } from '../connection.ts';
import { formatTraceparent } from '../propagation/traceparent.ts';
import type { Runtime } from '../runtime.ts';
import type { Nanos } from '../trace/time.ts';
import { loadCredentials, noPlugins, type Credentials } from './connect/credentials.ts';
import type { ActsAs, Cluster, Exchange, KubeRequest } from './http/exchange.ts';
import { goDuration } from './connect/go-duration.ts';
import { actsAs, impersonationHeaders } from './connect/impersonation.ts';
import { inClusterConnection } from './connect/in-cluster.ts';
import { loadKubeconfig } from './connect/kubeconfig.ts';
import { loadKuberc } from './connect/kuberc.ts';
import { inputUser, isAtHand, type OpeningTerms } from './connect/opening-terms.ts';
import { proxyFor } from './connect/proxy-url.ts';
import { encodeQuery } from './api/request.ts';
import type { KeptBodies } from './http/kept-body.ts';
import type { RelayConnection } from './http/relay.ts';
import type { RequestLog } from './http/request-log.ts';
import { noConfiguration, selectConnection } from './connect/selection.ts';
import { serverURL, withScheme } from './connect/server-address.ts';
import type { OnData } from './http/send.ts';
import type { Transport } from './http/transport.ts';
import { userAgent } from './http/user-agent.ts';
import type { RequestContext } from '../propagation/request-context.ts';

/** A cluster that relays the requests of other clients as well. */
export interface RelayingCluster extends Cluster {
  /** False: the kubeconfig or its flag requests responses without compression. */
  readonly compressed: boolean;
  /** Whom the user acts as (`as`, `as-uid`, `as-groups`, `as-user-extra` of a kubeconfig); undefined: as themselves. */
  readonly actsAs: ActsAs | undefined;
  /** The user's client certificate, which is no secret; undefined without one. */
  readonly clientCertificate: () => Buffer | string | undefined;
  /** Prepares relaying: the result opens one connection to the API server per connection of the client. */
  openRelay(keep?: KeptBodies): Promise<() => RelayConnection>;
}

/**
 * Finds the API server and its user as kubectl does, reads what is needed to connect, and sends nothing yet. `version`
 * is this program's. Rejects with a UsageError when nothing usable is configured, and with a failed request when an exec
 * plugin gives no credentials.
 */
export async function openCluster(
  flags: ConnectionFlags,
  runtime: Runtime,
  version: string,
  { input = 'free', warn, onAtHand, kubeconfig: loaded }: OpeningTerms = {},
): Promise<RelayingCluster> {
  const kuberc = await loadKuberc(flags.kuberc, runtime);
  const kubeconfig = loaded ?? (await loadKubeconfig(flags.kubeconfig, runtime));
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
  if (isAtHand(selection.user)) await onAtHand?.();
  // With the modules of TLS and HTTP.
  const [{ openTransport }, { sendOnce }] = await Promise.all([
    import('./connect/open-transport.ts'),
    import('./http/send.ts'),
  ]);
  const open = async (isFirst: boolean): Promise<Access> => {
    const terms = {
      env: runtime.env,
      platform: runtime.platform,
      kuberc,
      inputUsedBy: inputUser(input, isFirst),
      ...(isFirst && warn && { warn }),
    };
    const credentials = await loadCredentials(selection, terms);
    return { credentials, transport: openTransport(selection, { url, proxy }, credentials, flags, runtime) };
  };
  let access = await open(true);
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
    'user-agent': userAgent(version, context.traceID, runtime.platform),
    // The identity is requested without impersonation: the server decides by the user, not by the impersonated one,
    // whether it accepts trace context.
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
  /** Another server than the kubeconfig's: trusted in the same way, but it gets no credentials. */
  const openElsewhere = async (other: URL): Promise<Transport> => {
    const { tlsServerName: _, ...rest } = chosen.cluster;
    const there = { ...chosen, cluster: { ...rest, server: other.origin }, userName: '', user: {} };
    const otherProxy = proxyFor(there, other, runtime.env);
    const target = {
      ...there,
      cluster: { ...there.cluster, ...(otherProxy !== undefined && { proxyURL: otherProxy.url }) },
    };
    const credentials = await loadCredentials(target, noPlugins(runtime));
    return openTransport(target, { url: new URL(other.origin), proxy: otherProxy }, credentials, flags, runtime);
  };
  return {
    contextName: selection.contextName,
    server: `${url.protocol}//${authority}${basePath}`,
    namespace: selection.namespace,
    compressed: cluster.disableCompression !== true,
    actsAs: actsAs(selection.user),
    clientCertificate: () => access.credentials.certificate,
    send: (given, context, signal, onData) => {
      const request = withTimeout(given, flags.requestTimeout);
      return send(request, context, headersOf(request, context, onData !== undefined), signal, onData);
    },
    sendOnNewConnection: async (request, context, signal) => {
      const agent = access.transport.newAgent?.() ?? access.transport.agent;
      const transport = { ...access.transport, agent };
      const exchange = await send(request, context, headersOf(request, context, false), signal, undefined, transport);
      if (agent !== access.transport.agent) agent.destroy();
      return exchange;
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
      const other = await open(false);
      // The same would be refused again.
      if (isSame(before.credentials, other.credentials)) return false;
      access = other;
      before.transport.agent.destroy();
      return true;
    },
    openRelay: async (keep) => {
      const { openRelayConnection } = await import('./http/relay.ts');
      return () =>
        openRelayConnection(
          access.transport,
          () => ({ authorization: access.credentials.authorization, impersonation }),
          keep,
        );
    },
    forward: async (pod, onProblem) => {
      const { forwardPort } = await import('./http/port-forward.ts');
      const { authorization } = access.credentials;
      const headers = { ...(authorization !== undefined && { authorization }), ...impersonation };
      return forwardPort(pod, { server, headers, agent: access.transport.agent }, onProblem);
    },
    close: () => access.transport.agent.destroy(),
  };
}

const isSame = (one: Credentials, other: Credentials): boolean =>
  one.authorization === other.authorization && String(one.certificate) === String(other.certificate);

/** Loaded only when used. */
async function logOf({ verbosity = 0 }: ConnectionFlags, runtime: Runtime): Promise<RequestLog | undefined> {
  return verbosity === 0 ? undefined : (await import('./http/request-log.ts')).openRequestLog(verbosity, runtime);
}

/** The user's credentials and the server's address. */
interface Access {
  readonly credentials: Credentials;
  readonly transport: Transport;
}

/** The server learns how long the client waits (client-go rest/request.go, URL). */
function withTimeout(request: KubeRequest, timeout: Nanos | undefined): KubeRequest {
  if (timeout === undefined || timeout === 0) return request;
  const query = [...request.query, ['timeout', goDuration(timeout)] as const];
  return { ...request, query: query.toSorted(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0)) };
}
