import { minorOf } from '../cluster/versions.ts';
import { GAUGES, WIDGETS, type Manifests } from './manifests.ts';

/** One request to the API server that is not the program's. */
export type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** A request whose tree is to come from the metrics, and what is known of it before the program has seen it. */
export interface Story {
  readonly name: string;
  readonly says: string;
  readonly args: (manifests: Manifests) => readonly string[];
  /** Makes what the request is about as it has to be before each try. */
  readonly prepare?: (call: Call) => Promise<unknown>;
  /** Part of the query that only a request of this kind has. */
  readonly query?: string;
  readonly status: number;
  readonly exitCode?: number;
  /** Names that rows begin with, besides the filters. */
  readonly rows: readonly string[];
  /** Names that no row begins with. */
  readonly never?: readonly string[];
  /** Webhooks that the API server calls within the request's context, and how long each sleeps, in milliseconds. */
  readonly webhooks?: Readonly<Record<string, number>>;
  /** The last filter refuses the request: it never completes. */
  readonly isRefused?: true;
  /** Another server handles it, or no resource is concerned: no metric has the request as a whole. */
  readonly hasNoRoot?: true;
  /** Another server handles it. */
  readonly isPassedOn?: true;
  /** It changes what the request is about while that is under way. */
  readonly isWatch?: true;
}

export const MUTATING = 'slow.mutating.metrics.test';
export const VALIDATING = 'quick.validating.metrics.test';
export const SLOW_MILLIS = 520;
export const QUICK_MILLIS = 20;
export const CONVERSION_MILLIS = 550;

const SECRETS = '/api/v1/namespaces/default/secrets';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const story = { name: 'story' };
const absent = (collection: string) => (call: Call) => call('DELETE', `${collection}/story`);
const present = (collection: string, kind: string) => (call: Call) =>
  call('POST', collection, { apiVersion: 'v1', kind, metadata: story });

const ADMISSION = ['mutating admission', 'validating admission', 'storage, encode, write (inferred)'];
const STORAGE = ['storage, encode, write (inferred)'];

export const stories: readonly Story[] = [
  {
    name: 'list',
    says: 'a list that is to be as new as etcd',
    args: () => ['get', 'nodes'],
    status: 200,
    rows: [],
  },
  {
    name: 'get',
    says: 'one object',
    args: () => ['get', 'namespace', 'default'],
    status: 200,
    rows: STORAGE,
  },
  {
    name: 'list-from-cache',
    says: 'a list that may be of any age',
    args: () => ['get', 'nodes', '--resource-version', '0'],
    status: 200,
    rows: [],
  },
  {
    name: 'not-found',
    says: 'an object that does not exist',
    args: () => ['get', 'configmap', 'absent'],
    status: 404,
    exitCode: 1,
    rows: [],
  },
  {
    name: 'forbidden',
    says: 'a user without permission, by impersonation',
    args: () => ['get', 'nodes', '--as', 'nobody'],
    status: 403,
    exitCode: 1,
    rows: ['authorization (length only)'],
    never: ['storage', 'handler'],
    isRefused: true,
  },
  {
    name: 'create',
    says: 'a create with a slow mutating and a quick validating webhook',
    args: ({ secret }) => ['create', '-f', secret],
    prepare: absent(SECRETS),
    status: 201,
    rows: [...ADMISSION, 'MutatingAdmissionWebhook', 'ValidatingAdmissionWebhook', 'HTTP POST 127.0.0.1:'],
    webhooks: { [MUTATING]: SLOW_MILLIS, [VALIDATING]: QUICK_MILLIS },
  },
  {
    name: 'conflict',
    says: 'a create of what exists',
    args: ({ secret }) => ['create', '-f', secret],
    prepare: present(SECRETS, 'Secret'),
    status: 409,
    exitCode: 1,
    rows: ADMISSION,
    webhooks: { [MUTATING]: SLOW_MILLIS, [VALIDATING]: QUICK_MILLIS },
  },
  {
    name: 'dry-run',
    says: 'a create that stores nothing',
    args: ({ configMap }) => ['create', '-f', configMap, '--dry-run=server'],
    prepare: absent(CONFIG_MAPS),
    status: 201,
    rows: ADMISSION,
  },
  {
    name: 'patch',
    says: 'a merge patch',
    args: () => ['patch', 'configmap', 'story', '--type', 'merge', '-p', '{"data":{"a":"b"}}'],
    prepare: async (call) => {
      await absent(CONFIG_MAPS)(call);
      await present(CONFIG_MAPS, 'ConfigMap')(call);
    },
    status: 200,
    rows: ADMISSION,
  },
  {
    name: 'apply',
    says: 'a server-side apply',
    args: ({ configMap }) => ['apply', '--server-side', '-f', configMap],
    prepare: present(CONFIG_MAPS, 'ConfigMap'),
    query: 'force=false',
    status: 200,
    rows: ADMISSION,
  },
  {
    name: 'delete',
    says: 'a delete with both webhooks',
    args: () => ['delete', 'secret', 'story'],
    prepare: present(SECRETS, 'Secret'),
    status: 200,
    rows: ['mutating admission', 'validating admission'],
    webhooks: { [MUTATING]: SLOW_MILLIS, [VALIDATING]: QUICK_MILLIS },
  },
  {
    name: 'watch',
    says: 'a watch that two changes end',
    args: () => ['get', 'configmaps', '-w', '--for-events', '2'],
    status: 200,
    rows: ['start of the stream (inferred)'],
    never: ['storage'],
    isWatch: true,
  },
  {
    name: 'version',
    says: 'a request of no resource',
    args: () => ['get', '--raw', '/version'],
    status: 200,
    rows: ['handler (inferred)'],
    hasNoRoot: true,
  },
  {
    name: 'aggregated',
    says: 'a list that another API server handles',
    args: () => ['get', GAUGES],
    status: 200,
    rows: ['handler (inferred)'],
    never: ['storage'],
    hasNoRoot: true,
    isPassedOn: true,
  },
  {
    name: 'conversion',
    says: 'a custom resource in another version than the stored one, which a slow webhook converts',
    args: () => ['get', '--raw', `/apis/${WIDGETS}/v2/namespaces/default/widgets/one`],
    status: 200,
    rows: STORAGE,
  },
];

/** Rows of the filters of a version's chain that have a metric, in their order. */
export function filtersOf(
  version: string,
  { isRefused, hasNoRoot }: Pick<Story, 'isRefused' | 'hasNoRoot'>,
): readonly string[] {
  const minor = minorOf(version);
  // Since 1.33 the trace context is opened after authentication, which is then the time from the arrival to the first.
  const bound = isRefused || hasNoRoot ? [] : ['authentication (at most)'];
  return [
    ...(minor <= 32 ? ['authentication'] : bound),
    'audit',
    minor >= 36 ? 'constrainedimpersonation' : 'impersonation',
    'priorityandfairness',
    'queue of priority level ',
    ...(isRefused ? [] : ['authorization']),
  ];
}
