import type { Flag, FlagGroup, FlagType } from './flag.ts';
import { BACKEND_FLAGS } from './backend-flags.ts';
import { SERVE_FLAGS } from './serve-flags.ts';
import { ANSWER_FLAGS, GET_FLAGS } from './get-flags.ts';
import { REPEAT_FLAGS } from './repeat-flags.ts';
import { EXPORT_FLAGS, RUN_FLAGS } from './run-flags.ts';
import { POD_FLAGS } from './pod-flags.ts';
import { WRITE_FLAGS } from './write-flags.ts';

/** The commands of this version, in the order of the help text. */
export const VERBS = [
  'get',
  'create',
  'apply',
  'replace',
  'patch',
  'delete',
  'raw',
  'run',
  'pod',
  'show',
  'serve',
  'version',
  'help',
] as const;
export type Verb = (typeof VERBS)[number];

const SELECTION: readonly Flag[] = [
  {
    name: 'all-namespaces',
    alias: 'A',
    type: 'boolean',
    group: 'selection',
    help: 'List the objects of all namespaces, whatever --namespace says',
  },
  {
    name: 'selector',
    alias: 'l',
    type: 'string',
    group: 'selection',
    placeholder: 'LABELS',
    help: 'Label selector: app=web, app!=web, env in (dev, test)',
  },
  {
    name: 'field-selector',
    type: 'string',
    group: 'selection',
    placeholder: 'FIELDS',
    help: 'Field selector: spec.nodeName=node-1; the server decides which fields a type supports',
  },
];

const LOOKUP: readonly Flag[] = [
  {
    name: 'backend',
    type: 'string',
    group: 'lookup',
    placeholder: '[KIND=]URL',
    help: 'The trace backend that the cluster exports to: http://localhost:16686 or tempo=http://localhost:3200; auto looks for it in the cluster again, local is kubectl trace serve',
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
    name: 'no-history',
    type: 'boolean',
    group: 'lookup',
    help: 'Do not keep the trace of this command for "kubectl trace show last"',
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
    type: 'format',
    group: 'output',
    placeholder: 'FORMAT',
    choices: ['tree', 'wide', 'summary', 'json', 'yaml', 'jsonpath=TEMPLATE', 'name', 'otlp', 'perfetto', 'markdown'],
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
  {
    name: 'depth',
    type: 'count',
    group: 'output',
    placeholder: 'LEVELS',
    help: 'Draw at most so many levels below the first row',
  },
  {
    name: 'min-duration',
    type: 'duration',
    group: 'output',
    placeholder: 'DURATION',
    help: 'Draw only rows that take at least so long, and those above them',
  },
  {
    name: 'service',
    type: 'string',
    group: 'output',
    placeholder: 'NAME,…',
    help: 'Draw only rows of these services, and those above them',
  },
  { name: 'errors', type: 'boolean', group: 'output', help: 'Draw only rows that failed, and those above them' },
  {
    name: 'redact',
    type: 'boolean',
    group: 'output',
    help: 'Replace names, addresses and keys by pseudonyms, the same ones for the same names, in every output',
  },
  { name: 'no-inferred', type: 'boolean', group: 'output', help: 'Do not draw rows that no span measured' },
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

const GENERAL: readonly Flag[] = [
  { name: 'help', alias: 'h', type: 'boolean', group: 'general', help: 'Explain the command' },
];

export const FLAGS: readonly Flag[] = [
  ...SELECTION,
  ...GET_FLAGS,
  ...REPEAT_FLAGS,
  ...WRITE_FLAGS,
  ...ANSWER_FLAGS,
  ...RUN_FLAGS,
  ...POD_FLAGS,
  ...LOOKUP,
  ...BACKEND_FLAGS,
  ...EXPORT_FLAGS,
  ...OUTPUT,
  ...SERVE_FLAGS,
  ...CONNECTION,
  ...GENERAL,
];

/** Which groups of flags a command knows. */
export const GROUPS_OF: Readonly<Record<Verb, readonly FlagGroup[]>> = {
  get: [
    'selection',
    'request',
    'repeat',
    'watch',
    'subresource',
    'absence',
    'answer',
    'lookup',
    'backend',
    'export',
    'output',
    'connection',
    'general',
  ],
  create: [
    'files',
    'write',
    'fields',
    'validation',
    'follow',
    'answer',
    'lookup',
    'backend',
    'export',
    'output',
    'connection',
    'general',
  ],
  apply: [
    'files',
    'apply',
    'conflicts',
    'write',
    'fields',
    'validation',
    'follow',
    'answer',
    'lookup',
    'backend',
    'export',
    'output',
    'connection',
    'general',
  ],
  replace: [
    'files',
    'write',
    'fields',
    'validation',
    'answer',
    'lookup',
    'backend',
    'export',
    'output',
    'connection',
    'general',
  ],
  patch: [
    'patch',
    'subresource',
    'conflicts',
    'write',
    'fields',
    'answer',
    'lookup',
    'backend',
    'export',
    'output',
    'connection',
    'general',
  ],
  delete: [
    'selection',
    'delete',
    'absence',
    'files',
    'write',
    'answer',
    'lookup',
    'backend',
    'export',
    'output',
    'connection',
    'general',
  ],
  raw: ['raw', 'answer', 'lookup', 'backend', 'export', 'output', 'connection', 'general'],
  run: ['run', 'lookup', 'backend', 'export', 'output', 'connection', 'general'],
  pod: ['follow', 'lookup', 'backend', 'output', 'connection', 'general'],
  show: ['lookup', 'backend', 'output', 'connection', 'general'],
  serve: ['serve', 'connection', 'general'],
  version: ['connection', 'general'],
  help: ['connection', 'general'],
};

export const GROUP_TITLES: Readonly<Record<FlagGroup, string>> = {
  selection: 'Selection flags',
  request: 'Request flags',
  watch: 'Flags of a watch',
  subresource: 'Flags of subresources',
  absence: 'Flags of absent objects',
  answer: 'Flags of the answer',
  repeat: 'Flags of repeating',
  files: 'Flags of files',
  write: 'Flags of writing',
  fields: 'Flags of field ownership',
  validation: 'Flags of validation',
  apply: 'Flags of apply',
  conflicts: 'Flags of conflicts',
  patch: 'Flags of patch',
  delete: 'Flags of delete',
  raw: 'Flags of raw',
  run: 'Flags of run',
  export: 'Flags of exporting',
  follow: 'Flags of following pods',
  lookup: 'Trace look-up flags',
  backend: 'Flags of the trace backend',
  output: 'Output flags',
  serve: 'Flags of serve',
  connection: 'Connection flags, as in kubectl',
  general: 'General flags',
};

/** Groups whose flags are also set by the environment. */
const HAVE_ENVIRONMENT: readonly FlagGroup[] = ['answer', 'follow', 'lookup', 'backend', 'export', 'output', 'serve'];

/** `KUBECTL_TRACE_WAIT`; undefined for what is about one request (its objects, kubectl's connection flags). */
export function environmentName(flag: Flag): string | undefined {
  if (!HAVE_ENVIRONMENT.includes(flag.group)) return undefined;
  return `KUBECTL_TRACE_${flag.name.toUpperCase().replaceAll('-', '_')}`;
}
