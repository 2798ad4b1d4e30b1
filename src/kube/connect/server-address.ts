import { UsageError } from '../../errors.ts';

/**
 * `host:port` alone is http, whatever is configured about TLS: client-go decides it before it reads that
 * (tools/clientcmd/client_config.go, ClientConfig; rest/url_utils.go).
 */
export const withScheme = (server: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `http://${server}`;

/** Throws a UsageError for an address that no API server can have. */
export function serverURL(server: string, clusterName: string): URL {
  const url = URL.parse(server);
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  const of = clusterName === '' ? '' : ` of cluster "${clusterName}"`;
  throw new UsageError('InvalidServer', `the server address${of} is not a URL`, {
    hint: 'it looks like https://HOST:PORT',
  });
}
