import { Agent as HTTPAgent } from 'node:http';
import type { AgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { ConnectionFlags } from '../../connection.ts';
import { UsageError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import type { Credentials } from './credentials.ts';
import type { Proxy } from './proxy-url.ts';
import type { Selection } from './selection.ts';
import { WatchedAgent } from '../http/connect.ts';
import type { Transport } from '../http/transport.ts';
import { systemAuthorities } from './system-authorities.ts';

/**
 * The way to a server, with what it is trusted by and lets the user in with; nothing is connected yet. Throws a UsageError
 * for certificates that cannot be used.
 */
export function openTransport(
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
    secure ? new WatchedAgent({ keepAlive: true, ...tls }) : new HTTPAgent({ keepAlive: true });
  return {
    secure,
    hostname,
    // Not url.host: that leaves out a port 443 which the user has written, and kubectl shows.
    authority: /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(cluster.server)?.[1] ?? url.host,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    proxy,
    basePath: url.pathname.replace(/(?<!\/)\/+$/, ''),
    authorities: credentials.ca,
    verifiedName: cluster.tlsServerName ?? hostname,
    timeoutMillis: (flags.requestTimeout ?? 0) / 1e6,
    clock: runtime.clock,
    platform: runtime.platform,
    agent: credentials.proxyAgent ?? newAgent(),
    newAgent: credentials.proxyAgent === undefined ? newAgent : undefined,
  };
}

function tlsOptions(credentials: Credentials, cluster: Selection['cluster']): AgentOptions {
  const { ca, certificate, key } = credentials;
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    // OpenSSL ignores a CA without one, and then trusts no server.
    const message = 'unable to load root certificates: unable to parse bytes as PEM block';
    throw new UsageError('InvalidKubeconfig', message, { hint: 'the certificate-authority holds no certificate' });
  }
  const isVerified = cluster.insecureSkipTLSVerify !== true;
  let secureContext;
  try {
    secureContext = createSecureContext({
      // Reading the system's takes longer than the request, and without a list Node.js reads its own.
      ca: ca ?? (isVerified ? systemAuthorities() : []),
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
    rejectUnauthorized: isVerified,
    ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
  };
}
