import { SECRET_REFERENCE, type AccessKey, type BackendAccessFlags } from '../../backend-access.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../values.ts';

/** How a trace backend is reached, and as whom. */
export const BACKEND_FLAGS: readonly Flag[] = [
  {
    name: 'backend-header',
    type: 'strings',
    group: 'backend',
    placeholder: "'NAME: VALUE'",
    secret: true,
    help: "Header for the trace backend, such as 'Authorization: Bearer @token'; the value can be @FILE or '$VARIABLE', and the flag can be repeated",
  },
  {
    name: 'backend-token-file',
    type: 'string',
    group: 'backend',
    placeholder: 'FILE',
    help: 'Path to a file with a bearer token for the trace backend',
  },
  {
    name: 'backend-username',
    type: 'string',
    group: 'backend',
    placeholder: 'NAME',
    help: 'Username for basic authentication to the trace backend',
  },
  {
    name: 'backend-password',
    type: 'string',
    group: 'backend',
    placeholder: 'PASSWORD',
    secret: true,
    help: "Password for basic authentication to the trace backend: @FILE, '$VARIABLE' or the password itself",
  },
  {
    name: 'backend-tenant',
    type: 'string',
    group: 'backend',
    placeholder: 'NAME',
    help: 'Tenant of the trace backend, sent in the header that its kind uses',
  },
  {
    name: 'backend-ca',
    type: 'string',
    group: 'backend',
    placeholder: 'FILE',
    help: 'Path to a cert file for the certificate authority of the trace backend; those of Node.js and of NODE_EXTRA_CA_CERTS if omitted',
  },
  {
    name: 'backend-client-certificate',
    type: 'string',
    group: 'backend',
    placeholder: 'FILE',
    help: 'Path to a client certificate file for TLS to the trace backend',
  },
  {
    name: 'backend-client-key',
    type: 'string',
    group: 'backend',
    placeholder: 'FILE',
    help: 'Path to a client key file for TLS to the trace backend',
  },
  {
    name: 'backend-insecure-skip-tls-verify',
    type: 'boolean',
    group: 'backend',
    help: "Do not check the trace backend's certificate for validity",
  },
  {
    name: 'via',
    type: 'choice',
    group: 'backend',
    placeholder: 'WAY',
    choices: ['proxy', 'port-forward', 'direct'],
    help: "How to reach a trace backend in the cluster; the API server's service proxy and then a port-forward if omitted",
  },
];

const FLAG_OF: Readonly<Record<AccessKey, string>> = {
  headers: 'backend-header',
  tokenFile: 'backend-token-file',
  username: 'backend-username',
  password: 'backend-password',
  clientCertificate: 'backend-client-certificate',
  clientKey: 'backend-client-key',
  certificateAuthority: 'backend-ca',
  insecureSkipTLSVerify: 'backend-insecure-skip-tls-verify',
  tenant: 'backend-tenant',
};

/** Undefined when nothing was given: then the backend is queried without options. */
export function backendAccess(values: FlagValues): BackendAccessFlags | undefined {
  const headers = values.strings(FLAG_OF.headers) ?? linesOf(values.string(FLAG_OF.headers));
  const read: { readonly [Key in AccessKey]: BackendAccessFlags[Key] | undefined } = {
    headers: headers?.length === 0 ? undefined : headers,
    tokenFile: values.string(FLAG_OF.tokenFile),
    username: values.string(FLAG_OF.username),
    password: values.string(FLAG_OF.password),
    clientCertificate: values.string(FLAG_OF.clientCertificate),
    clientKey: values.string(FLAG_OF.clientKey),
    certificateAuthority: values.string(FLAG_OF.certificateAuthority),
    insecureSkipTLSVerify: values.boolean(FLAG_OF.insecureSkipTLSVerify) === true ? true : undefined,
    tenant: values.string(FLAG_OF.tenant),
  };
  const given = Object.entries(read).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  return {
    ...(Object.fromEntries(given) as Pick<BackendAccessFlags, AccessKey>),
    explicit: (given as readonly (readonly [AccessKey, unknown])[])
      .map(([key]) => key)
      .filter((key) => values.isGiven(FLAG_OF[key])),
    literalSecrets: literalSecrets(values),
  };
}

/** The environment has several headers as lines. */
const linesOf = (text: string | undefined): readonly string[] | undefined =>
  text?.split('\n').filter((line) => line.trim() !== '');

/** Names of headers that carry secrets; a tenant's name is not a secret. */
const SECRET_NAME = /auth|cookie|key|token|secret|password|credential/i;

/** Every user of the machine can read the command line of a process, and the shell stores it. */
function literalSecrets(values: FlagValues): readonly string[] {
  const isLiteralHeader = (header: string): boolean => {
    const [name = '', value = ''] = header.split(/:(.*)/s);
    return SECRET_NAME.test(name) && !SECRET_REFERENCE.test(value.trim());
  };
  return [
    ...(values.isGiven('backend-header') && values.strings('backend-header')?.some(isLiteralHeader) === true
      ? ['--backend-header']
      : []),
    ...(values.isGiven('backend-password') && !SECRET_REFERENCE.test(values.string('backend-password') ?? '')
      ? ['--backend-password']
      : []),
  ];
}
