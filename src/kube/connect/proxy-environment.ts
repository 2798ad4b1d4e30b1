import { BlockList, isIP } from 'node:net';
import type { Environment } from '../../runtime.ts';

/**
 * The proxy that the environment names for a server, as Go reads it (golang.org/x/net/http/httpproxy, which kubectl uses
 * where the kubeconfig has no proxy-url): HTTPS_PROXY or https_proxy, for http servers HTTP_PROXY, unless NO_PROXY
 * excludes the server. Loopback addresses never have one. Undefined without a proxy.
 */
export function proxyOf(server: URL, env: Environment): string | undefined {
  const either = (name: string): string => env[name] || env[name.toLowerCase()] || '';
  const secure = server.protocol === 'https:';
  const proxy = either(secure ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === '') return undefined;
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port || (secure ? '443' : '80');
  if (isLoopback(host) || isExcluded(host, port, either('NO_PROXY'))) return undefined;
  if (/^(?:https?|socks5h?):\/\//i.test(proxy)) return proxy;
  // Go's transport speaks HTTP to a proxy of any other scheme.
  return URL.canParse(proxy) && proxy.includes('://') ? proxy.replace(/^[^:]*/, 'http') : `http://${proxy}`;
}

function isLoopback(host: string): boolean {
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return host === 'localhost' || contains(loopback, host);
}

function contains(list: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** `example.com` is the domain with all below it, `.example.com` only those; also an address, a subnet, or `*` for all. */
function isExcluded(host: string, port: string, list: string): boolean {
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && (entry === '*' || isInSubnet(host, entry) || matches(host, port, entry)));
}

function isInSubnet(host: string, entry: string): boolean {
  const [, address = '', prefix = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  const version = isIP(address);
  if (version === 0 || Number(prefix) > (version === 6 ? 128 : 32)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(address, Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
  return contains(subnet, host);
}

function matches(host: string, port: string, entry: string): boolean {
  const [, bracketed, plain, ofPort] = /^(?:\[(.*)\]|([^:]*))(?::(\d*))?$/.exec(entry) ?? [];
  const named = bracketed ?? plain ?? entry;
  if (named === '' || (ofPort && ofPort !== port)) return false;
  if (isIP(named) !== 0) return named === host;
  const domain = named.replace(/^\*/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}
