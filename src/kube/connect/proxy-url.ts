import { tableOf } from '../../format/table-of.ts';
import { UsageError } from '../../errors.ts';
import type { Environment } from '../../runtime.ts';
import { proxyOf } from './proxy-environment.ts';
import type { Selection } from './selection.ts';

/** The proxy that a connection goes through. */
export interface Proxy {
  /** With user name and password. */
  readonly url: string;
  /** `http://HOST:PORT`, without them. */
  readonly address: string;
  readonly hostname: string;
  readonly port: number;
  /** Where it is configured: `proxy-url of cluster "red"`, `HTTPS_PROXY`. */
  readonly origin: string;
}

/**
 * The proxy in front of a server: the kubeconfig's or the flag's, else the environment's. Throws a UsageError for one
 * that kubectl refuses (client-go tools/clientcmd/helpers.go, parseProxyURL), or that is not a URL.
 */
export function proxyFor({ cluster, clusterName }: Selection, server: URL, env: Environment): Proxy | undefined {
  const { proxyURL } = cluster;
  if (proxyURL !== undefined) {
    const why = refusal(proxyURL);
    const proxy = why === undefined ? proxyAt(proxyURL, 'proxy-url') : undefined;
    if (proxy !== undefined) return proxy;
    const shown = withoutUser(proxyURL);
    const message = `invalid 'proxy-url' ${JSON.stringify(shown)} for cluster ${JSON.stringify(clusterName)}: ${why ?? `could not parse: ${shown}`}`;
    throw new UsageError('InvalidProxy', message, { hint: 'a proxy is written as http://HOST:PORT' });
  }
  const given = proxyOf(server, env);
  if (given === undefined) return undefined;
  const variable = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = proxyAt(given, variable);
  if (proxy !== undefined) return proxy;
  throw new UsageError('InvalidProxy', `the proxy of ${variable} is not a URL`, {
    hint: `write it as http://HOST:PORT, or unset ${variable}`,
  });
}

function proxyAt(url: string, origin: string): Proxy | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.hostname === '') return undefined;
  const { protocol, host, port } = parsed;
  return {
    url,
    address: `${protocol}//${host}`,
    hostname: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (PORTS[protocol] ?? 1080) : Number(port),
    origin,
  };
}

const PORTS: Readonly<Record<string, number>> = tableOf({ 'http:': 80, 'https:': 443 });

function refusal(proxyURL: string): string | undefined {
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):/i.exec(proxyURL) ?? [];
  // net/url: a colon in the first segment of what has no scheme is refused.
  if (scheme === '' && /^[^/?#]*:/.test(proxyURL)) return `could not parse: ${withoutUser(proxyURL)}`;
  if (['http', 'https', 'socks5'].includes(scheme.toLowerCase())) return undefined;
  return `unsupported scheme ${JSON.stringify(scheme.toLowerCase())}, must be http, https, or socks5`;
}

/** A proxy's address may hold a password. */
const withoutUser = (proxyURL: string): string => proxyURL.replace(/^((?:[a-z][\w+.-]*:)?(?:\/\/)?)[^/?#]*@/i, '$1');
