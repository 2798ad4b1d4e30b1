/** The commands of this version, in the order of the help text. */
export const VERBS = ['get', 'version', 'help'] as const;
export type Verb = (typeof VERBS)[number];

export type FlagGroup = 'request' | 'lookup' | 'output' | 'connection' | 'general';

/**
 * How a flag's value is read. `timeout` is a duration that may also be a bare number of seconds (client-go's
 * ParseTimeout); `strings` may be repeated, of all others the last one wins.
 */
export type FlagType = 'string' | 'strings' | 'choice' | 'boolean' | 'duration' | 'timeout' | 'columns';

/** One flag, as data: parsing, help text, README and environment are all made from this table. */
export interface Flag {
  readonly name: string;
  /** One letter. */
  readonly alias?: string;
  readonly type: FlagType;
  readonly group: FlagGroup;
  /** What stands for the value in help texts; booleans have none. */
  readonly placeholder?: string;
  /** Of a `choice`: every value that is allowed. */
  readonly choices?: readonly string[];
  /** As it would be typed. */
  readonly default?: string;
  /** Replaced by REDACTED wherever the command line is shown or stored. */
  readonly secret?: true;
  /** An uppercase beginning, no final period. */
  readonly help: string;
}

const REQUEST: readonly Flag[] = [
  {
    name: 'all-namespaces',
    alias: 'A',
    type: 'boolean',
    group: 'request',
    help: 'List the objects of all namespaces, whatever --namespace says',
  },
  {
    name: 'selector',
    alias: 'l',
    type: 'string',
    group: 'request',
    placeholder: 'LABELS',
    help: 'Label selector: app=web, app!=web, env in (dev, test)',
  },
  {
    name: 'field-selector',
    type: 'string',
    group: 'request',
    placeholder: 'FIELDS',
    help: 'Field selector: spec.nodeName=node-1; the server decides which fields a type supports',
  },
  {
    name: 'raw',
    type: 'string',
    group: 'request',
    placeholder: 'PATH',
    help: 'Request this path of the API server in place of a type and names: /readyz?verbose',
  },
];

const LOOKUP: readonly Flag[] = [
  {
    name: 'backend',
    type: 'string',
    group: 'lookup',
    placeholder: '[KIND=]URL',
    help: 'The trace backend that the cluster exports to: http://localhost:16686 or jaeger=http://localhost:16686',
  },
  {
    name: 'wait',
    type: 'duration',
    group: 'lookup',
    placeholder: 'DURATION',
    default: '30s',
    help: 'How long to look for the trace after the answer; 0 does not look. Never delays or repeats the request',
  },
  {
    name: 'require-complete',
    type: 'boolean',
    group: 'lookup',
    help: 'Exit with 4 unless every span that is expected of the request has been found',
  },
  {
    name: 'tracer-user',
    type: 'string',
    group: 'lookup',
    placeholder: 'NAME',
    help: 'Authenticate as this kubeconfig user, who is in system:monitoring, and act as the current one; the server keeps the trace ID then',
  },
];

const OUTPUT: readonly Flag[] = [
  {
    name: 'output',
    alias: 'o',
    type: 'choice',
    group: 'output',
    placeholder: 'FORMAT',
    choices: ['tree', 'json'],
    default: 'tree',
    help: 'What the trace is printed as',
  },
  {
    name: 'color',
    type: 'choice',
    group: 'output',
    placeholder: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    help: 'Whether to use colors; auto follows NO_COLOR, FORCE_COLOR and the terminal',
  },
  { name: 'ascii', type: 'boolean', group: 'output', help: 'Draw with ASCII characters only' },
  {
    name: 'width',
    type: 'columns',
    group: 'output',
    placeholder: 'COLUMNS',
    help: "Columns to draw in, at least 40; without this flag the terminal's, or 120 without a terminal",
  },
];

/** kubectl's own, with its names and meanings: no flag can stand before the name of a plugin. */
const CONNECTION: readonly Flag[] = [
  connection('kubeconfig', 'string', 'FILE', 'Kubeconfig file, in place of KUBECONFIG and ~/.kube/config'),
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
  connection('username', 'string', 'NAME', 'User name for basic authentication'),
  { ...connection('password', 'string', 'PASSWORD', 'Password for basic authentication'), secret: true },
  connection('disable-compression', 'boolean', undefined, 'Do not ask for compressed answers'),
  {
    ...connection('request-timeout', 'timeout', 'DURATION', 'Give up a request after this time; 0 never does'),
    default: '0',
  },
  connection('cache-dir', 'string', 'FOLDER', 'Where kubectl keeps its caches'),
];

function connection(name: string, type: FlagType, placeholder: string | undefined, help: string): Flag {
  return { name, type, group: 'connection', ...(placeholder !== undefined && { placeholder }), help };
}

const GENERAL: readonly Flag[] = [
  { name: 'help', alias: 'h', type: 'boolean', group: 'general', help: 'Explain the command' },
];

export const FLAGS: readonly Flag[] = [...REQUEST, ...LOOKUP, ...OUTPUT, ...CONNECTION, ...GENERAL];

/** Which groups of flags a command knows. */
export const GROUPS_OF: Readonly<Record<Verb, readonly FlagGroup[]>> = {
  get: ['request', 'lookup', 'output', 'connection', 'general'],
  version: ['connection', 'general'],
  help: ['connection', 'general'],
};

export const GROUP_TITLES: Readonly<Record<FlagGroup, string>> = {
  request: 'Request flags',
  lookup: 'Trace look-up flags',
  output: 'Output flags',
  connection: 'Connection flags, as in kubectl',
  general: 'General flags',
};

/** `KUBECTL_TRACE_WAIT`; undefined for what is about one request (its objects, kubectl's connection flags). */
export function environmentName(flag: Flag): string | undefined {
  if (flag.group !== 'lookup' && flag.group !== 'output') return undefined;
  return `KUBECTL_TRACE_${flag.name.toUpperCase().replaceAll('-', '_')}`;
}
