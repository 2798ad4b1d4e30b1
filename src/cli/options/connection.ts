import type { ConnectionFlags } from '../../connection.ts';
import type { FlagValues } from '../values.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { Flag, FlagType } from '../flag.ts';

/** kubectl's own, with its names and meanings: no flag can stand before the name of a plugin. */
export const CONNECTION_FLAGS: readonly Flag[] = [
  connection('kubeconfig', 'string', 'FILE', 'Kubeconfig file, in place of KUBECONFIG and ~/.kube/config'),
  connection(
    'kuberc',
    'string',
    'FILE',
    'Kuberc with the policy for credential plugins, in place of KUBERC and ~/.kube/kuberc',
  ),
  connection('context', 'string', 'NAME', 'Context of the kubeconfig'),
  connection('cluster', 'string', 'NAME', 'Cluster of the kubeconfig'),
  connection('user', 'string', 'NAME', 'User of the kubeconfig'),
  { ...connection('namespace', 'string', 'NAME', 'Namespace of the request'), alias: 'n' },
  { ...connection('server', 'string', 'URL', 'Address of the API server'), alias: 's' },
  { ...connection('token', 'string', 'TOKEN', 'Bearer token for the API server'), secret: true },
  connection('as', 'string', 'NAME', 'User to impersonate'),
  connection('as-group', 'strings', 'NAME', 'Group to impersonate; may be repeated'),
  connection('as-uid', 'string', 'UID', 'UID to impersonate'),
  connection('as-user-extra', 'strings', 'KEY=VALUE', 'Extra attribute to impersonate; may be repeated'),
  connection('certificate-authority', 'string', 'FILE', 'Certificates that the API server must be signed by'),
  connection('client-certificate', 'string', 'FILE', 'Client certificate for TLS'),
  connection('client-key', 'string', 'FILE', 'Key of the client certificate'),
  connection('insecure-skip-tls-verify', 'boolean', undefined, "Do not check the API server's certificate"),
  connection('tls-server-name', 'string', 'NAME', "Name to check the API server's certificate against"),
  { ...connection('proxy-url', 'string', 'URL', 'Proxy to the API server'), secret: true },
  connection('username', 'string', 'NAME', 'User name for basic authentication'),
  { ...connection('password', 'string', 'PASSWORD', 'Password for basic authentication'), secret: true },
  connection('disable-compression', 'boolean', undefined, 'Do not ask for compressed answers'),
  {
    ...connection('request-timeout', 'timeout', 'DURATION', 'Give up a request after this time; 0 never does'),
    default: '0',
  },
  connection('cache-dir', 'string', 'FOLDER', 'Where kubectl keeps its caches'),
  {
    ...connection(
      'v',
      'count',
      'LEVEL',
      'Tell of requests on standard error: 6 that they were, 7 their headers, 8 those of answers, 9 all',
    ),
    alias: 'v',
  },
  connection('warnings-as-errors', 'boolean', undefined, 'Exit with 1 when the server has warned'),
];

function connection(name: string, type: FlagType, placeholder: string | undefined, help: string): Flag {
  return { name, type, group: 'connection', ...(placeholder !== undefined && { placeholder }), help };
}

/** What was given of them. An empty text is as none, as in kubectl: `--context="$UNSET"` chooses no context. */
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
