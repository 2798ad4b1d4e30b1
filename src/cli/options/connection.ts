import type { ConnectionFlags } from '../../connection.ts';
import type { FlagValues } from '../values.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { Flag, FlagType } from '../flag.ts';

/** kubectl's own, with its names and meanings: no flag can stand before the name of a plugin. */
export const CONNECTION_FLAGS: readonly Flag[] = [
  connection(
    'kubeconfig',
    'string',
    'FILE',
    'Path to the kubeconfig file to use for CLI requests; KUBECONFIG or ~/.kube/config if omitted',
  ),
  connection(
    'kuberc',
    'string',
    'FILE',
    'Path to the kuberc file with the policy for credential plugins; KUBERC or ~/.kube/kuberc if omitted',
  ),
  connection('context', 'string', 'NAME', 'The name of the kubeconfig context to use'),
  connection('cluster', 'string', 'NAME', 'The name of the kubeconfig cluster to use'),
  connection('user', 'string', 'NAME', 'The name of the kubeconfig user to use'),
  { ...connection('namespace', 'string', 'NAME', 'If present, the namespace scope for this CLI request'), alias: 'n' },
  { ...connection('server', 'string', 'URL', 'The address and port of the Kubernetes API server'), alias: 's' },
  { ...connection('token', 'string', 'TOKEN', 'Bearer token for authentication to the API server'), secret: true },
  connection(
    'as',
    'string',
    'NAME',
    'Username to impersonate for the operation, a regular user or a service account in a namespace',
  ),
  connection(
    'as-group',
    'strings',
    'NAME',
    'Group to impersonate for the operation, this flag can be repeated to specify multiple groups',
  ),
  connection('as-uid', 'string', 'UID', 'UID to impersonate for the operation'),
  connection(
    'as-user-extra',
    'strings',
    'KEY=VALUE',
    'User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key',
  ),
  connection('certificate-authority', 'string', 'FILE', 'Path to a cert file for the certificate authority'),
  connection('client-certificate', 'string', 'FILE', 'Path to a client certificate file for TLS'),
  connection('client-key', 'string', 'FILE', 'Path to a client key file for TLS'),
  connection(
    'insecure-skip-tls-verify',
    'boolean',
    undefined,
    "If true, the server's certificate will not be checked for validity, which makes your HTTPS connections insecure",
  ),
  connection(
    'tls-server-name',
    'string',
    'NAME',
    'Server name to use for server certificate validation; the hostname used to contact the server if omitted',
  ),
  { ...connection('proxy-url', 'string', 'URL', 'Proxy URL to use for requests to the API server'), secret: true },
  connection('username', 'string', 'NAME', 'Username for basic authentication to the API server'),
  {
    ...connection('password', 'string', 'PASSWORD', 'Password for basic authentication to the API server'),
    secret: true,
  },
  connection(
    'disable-compression',
    'boolean',
    undefined,
    'If true, opt-out of response compression for all requests to the server',
  ),
  {
    ...connection(
      'request-timeout',
      'timeout',
      'DURATION',
      "The length of time to wait before giving up on a single server request; 0 means don't timeout requests",
    ),
    default: '0',
  },
  connection(
    'cache-dir',
    'string',
    'FOLDER',
    "Path to kubectl's cache directory; KUBECACHEDIR or ~/.kube/cache if omitted",
  ),
  {
    ...connection(
      'v',
      'count',
      'LEVEL',
      'Log level verbosity on standard error: 6 logs requests, 7 their headers, 8 response headers as well, 9 everything',
    ),
    alias: 'v',
  },
  connection(
    'warnings-as-errors',
    'boolean',
    undefined,
    'Treat warnings received from the server as errors and exit with a non-zero exit code',
  ),
];

function connection(name: string, type: FlagType, placeholder: string | undefined, help: string): Flag {
  return { name, type, group: 'connection', ...(placeholder !== undefined && { placeholder }), help };
}

/**
 * Connection flags that were given. An empty text counts as missing, as in kubectl: `--context="$UNSET"` chooses no
 * context.
 */
export function connectionFlags(values: FlagValues): ConnectionFlags {
  const text = (name: string): string | undefined => values.string(name) || undefined;
  return withoutUndefined({
    kubeconfig: text('kubeconfig'),
    kuberc: values.string('kuberc'),
    context: text('context'),
    cluster: text('cluster'),
    user: text('user'),
    namespace: text('namespace'),
    server: text('server'),
    token: text('token'),
    as: text('as'),
    asGroup: values.strings('as-group'),
    asUID: text('as-uid'),
    asUserExtra: values.strings('as-user-extra'),
    certificateAuthority: text('certificate-authority'),
    clientCertificate: text('client-certificate'),
    clientKey: text('client-key'),
    insecureSkipTLSVerify: values.boolean('insecure-skip-tls-verify'),
    tlsServerName: text('tls-server-name'),
    proxyURL: text('proxy-url'),
    username: text('username'),
    password: text('password'),
    disableCompression: values.boolean('disable-compression'),
    requestTimeout: text('request-timeout') === undefined ? undefined : values.duration('request-timeout'),
    cacheDir: text('cache-dir'),
    warningsAsErrors: values.boolean('warnings-as-errors'),
    verbosity: values.count('v'),
  });
}
