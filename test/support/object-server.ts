import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { serve, type TestServer } from './http-server.ts';

export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

export interface StoredCluster {
  readonly objects: readonly StoredObject[];
  /** Container logs by `POD/CONTAINER/current` or `POD/CONTAINER/previous`. */
  readonly logs?: Readonly<Record<string, string>>;
  /** The server's clock, for the Date header. */
  readonly now: () => Date;
  /** Called with each request, as `GET /api/v1/pods?limit=500`. */
  readonly onRequest?: ((request: string) => void) | undefined;
}

interface Answer {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

/** The types of the API that pods are about, with their short names. */
const TYPES: readonly (readonly [group: string, resource: string, kind: string, namespaced: boolean, short: string])[] =
  [
    ['', 'pods', 'Pod', true, 'po'],
    ['', 'events', 'Event', true, 'ev'],
    ['', 'nodes', 'Node', false, 'no'],
    ['', 'services', 'Service', true, 'svc'],
    ['', 'endpoints', 'Endpoints', true, 'ep'],
    ['', 'resourcequotas', 'ResourceQuota', true, 'quota'],
    ['', 'persistentvolumeclaims', 'PersistentVolumeClaim', true, 'pvc'],
    ['', 'persistentvolumes', 'PersistentVolume', false, 'pv'],
    ['', 'replicationcontrollers', 'ReplicationController', true, 'rc'],
    ['apps', 'deployments', 'Deployment', true, 'deploy'],
    ['apps', 'replicasets', 'ReplicaSet', true, 'rs'],
    ['apps', 'statefulsets', 'StatefulSet', true, 'sts'],
    ['apps', 'daemonsets', 'DaemonSet', true, 'ds'],
    ['batch', 'jobs', 'Job', true, ''],
    ['batch', 'cronjobs', 'CronJob', true, 'cj'],
    ['discovery.k8s.io', 'endpointslices', 'EndpointSlice', true, ''],
    ['coordination.k8s.io', 'leases', 'Lease', true, ''],
    ['storage.k8s.io', 'volumeattachments', 'VolumeAttachment', false, ''],
    ['resource.k8s.io', 'resourceclaims', 'ResourceClaim', true, ''],
  ];

/** An API server that only reads: it lists, gets and selects the objects of a cluster that stands still. */
export function serveObjects(test: TestContext, cluster: StoredCluster): Promise<TestServer> {
  return serve(test, (request, response) => {
    response.sendDate = false;
    response.setHeader('date', cluster.now().toUTCString());
    cluster.onRequest?.(`${request.method} ${request.url}`);
    const { code, type, body } = answer(cluster, request);
    response.writeHead(code, { 'content-type': type }).end(body);
  });
}

/** The response of such a server. */
export function answer(
  cluster: Pick<StoredCluster, 'objects' | 'logs'>,
  request: Pick<IncomingMessage, 'url'>,
): Answer {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const { pathname, searchParams: query } = url;
  if (pathname === '/version') return json(200, { major: '1', minor: '37', gitVersion: 'v1.37.2' });
  if (pathname === '/apis' || pathname === '/api') return json(200, discovery(pathname === '/api'));
  const path = /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(
    pathname,
  );
  const [, group = '', , namespace, resource = '', name, subresource] = path ?? [];
  const type = TYPES.find(([one, plural]) => one === group && plural === resource);
  if (type === undefined) return missing(resource, name ?? '');
  const [, , kind] = type;
  const found = cluster.objects.filter(
    (object) => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
  );
  if (name === undefined) {
    // The items of a list have neither kind nor version.
    const items = found
      .filter(
        (object) =>
          hasFields(object, query.get('fieldSelector') ?? '') && hasLabels(object, query.get('labelSelector') ?? ''),
      )
      .map(({ kind: _kind, apiVersion: _version, ...rest }) => rest);
    const isSelected = query.has('fieldSelector') || query.has('labelSelector');
    return json(200, { kind: `${kind}List`, apiVersion: 'v1', ...pageOf(items, query, isSelected) });
  }
  const object = found.find(({ metadata }) => metadata.name === decodeURIComponent(name));
  if (object === undefined) return missing(resource, name);
  if (subresource !== 'log') return json(200, object);
  const run = query.get('previous') === 'true' ? 'previous' : 'current';
  const log = cluster.logs?.[`${name}/${query.get('container')}/${run}`];
  if (log === undefined) return json(400, status(400, `previous terminated container not found`));
  return { code: 200, type: 'text/plain', body: log };
}

/** Part of a list from `continue` on. How many objects remain is not known for a selection, as in Kubernetes. */
function pageOf(items: readonly object[], query: URLSearchParams, isSelected: boolean): object {
  const from = Number(query.get('continue') ?? 0);
  const end = from + (Number(query.get('limit') ?? 0) || items.length);
  const remaining = Math.max(0, items.length - end);
  return {
    metadata: {
      resourceVersion: '9',
      ...(remaining > 0 && { continue: String(end), ...(!isSelected && { remainingItemCount: remaining }) }),
    },
    items: items.slice(from, end),
  };
}

const json = (code: number, body: unknown): Answer => ({
  code,
  type: 'application/json',
  body: JSON.stringify(body),
});

const status = (code: number, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  message,
  reason: code === 404 ? 'NotFound' : 'BadRequest',
  code,
});

const missing = (resource: string, name: string): Answer => json(404, status(404, `${resource} "${name}" not found`));

/** Aggregated discovery (KEP-3352). */
function discovery(core: boolean): object {
  const groups = new Set(TYPES.map(([group]) => group).filter((group) => (group === '') === core));
  const items = [...groups].map((group) => ({
    metadata: { name: group },
    versions: [
      {
        version: 'v1',
        resources: TYPES.filter(([one]) => one === group).map(([, resource, kind, namespaced, short]) => ({
          resource,
          responseKind: { group, version: 'v1', kind },
          scope: namespaced ? 'Namespaced' : 'Cluster',
          singularResource: kind.toLowerCase(),
          verbs: ['get', 'list', 'watch'],
          shortNames: short === '' ? [] : [short],
        })),
      },
    ],
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

/** `involvedObject.kind=Pod,involvedObject.name=web` */
const hasFields = (object: StoredObject, selector: string): boolean =>
  selector
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [path = '', negated, value] = part.split(/(!?==?)/);
      const found = path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
      const text = typeof found === 'string' || typeof found === 'boolean' ? String(found) : '';
      return (text === value) !== (negated === '!=');
    });

const hasLabels = ({ metadata: { labels = {} } }: StoredObject, selector: string): boolean =>
  (selector.match(/[^,(]+(?:\([^)]*\))?/g) ?? []).every((part) => {
    const [, key = '', operator, list = ''] = /^\s*(\S+) (in|notin) \(([^)]*)\)$/.exec(part) ?? [];
    if (operator !== undefined) {
      const isIn = list.split(',').includes(labels[key] ?? '');
      return operator === 'in' ? isIn : !isIn;
    }
    if (part.startsWith('!')) return labels[part.slice(1)] === undefined;
    const [name = '', value] = part.split(/==?/);
    return value === undefined ? labels[name] !== undefined : labels[name] === value;
  });
