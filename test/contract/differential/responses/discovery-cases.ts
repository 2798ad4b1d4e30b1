import { at, cut, GET, pathOf, raw, status, type ResponseCase } from './case.ts';
import { json, type Answer } from './server.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';
const down = status(503, 'ServiceUnavailable', 'the metrics server is down');
const noted = /^note: the types of metrics\.k8s\.io\/v1beta1 are not known: /m;

/** Aggregated discovery, with the freshness of one group. */
const aggregated =
  (freshness: string): Answer =>
  (request, response) => {
    const item = (group: string, resource: string, kind: string, fresh: string): object => {
      const responseKind = { group, version: 'v1', kind };
      const names = { resource, singularResource: kind.toLowerCase(), shortNames: null, verbs: ['get', 'list'] };
      const resources = fresh === 'Stale' ? null : [{ ...names, responseKind, scope: 'Namespaced' }];
      return { metadata: { name: group }, versions: [{ version: 'v1', freshness: fresh, resources }] };
    };
    const items: Readonly<Record<string, object>> = {
      '/api': item('', 'configmaps', 'ConfigMap', 'Current'),
      '/apis': item('a.example', 'widgets', 'Widget', freshness),
    };
    const found = items[pathOf(request)];
    if (found === undefined) return false;
    const list = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [found] };
    return json(response, 200, list, {
      'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    });
  };

/** Servers that can describe only a part of what they have, and names that mean several types. */
export const DISCOVERY_CASES: readonly ResponseCase[] = [
  { title: 'a group that responds 503', args: GET, answer: at(METRICS, 503, down), message: noted },
  {
    title: 'a group that responds 404',
    args: GET,
    answer: at(METRICS, 404, status(404, 'NotFound', 'gone')),
    message: noted,
  },
  {
    title: 'a group that responds 403',
    args: GET,
    answer: at(METRICS, 403, status(403, 'Forbidden', 'no')),
    message: noted,
  },
  { title: 'a group that responds 500', args: GET, answer: at(METRICS, 500, { message: 'no Status' }), message: noted },
  {
    title: 'a group that responds with a page',
    args: GET,
    answer: raw(METRICS, '<html>', { 'content-type': 'text/html' }),
    message: noted,
  },
  { title: 'a group whose response is cut off', args: GET, answer: cut(METRICS, '{"kind":'), message: noted },
  {
    title: 'a type of the group that responds 503',
    args: 'get podmetrics',
    answer: at(METRICS, 503, down),
    message: /types of metrics\.k8s\.io\/v1beta1 are not known at present/,
  },
  {
    title: 'the core group responds 503',
    args: 'get widgets',
    answer: at('/api/v1', 503, down),
    message: /^note: the types of v1 are not known/m,
  },
  {
    title: 'the core group responds 503, and another one has the short name',
    args: 'get cm',
    answer: at('/api/v1', 503, down),
  },
  { title: '/apis responds 503', args: GET, answer: at('/apis', 503, down) },
  { title: '/api responds 404', args: 'get widgets', answer: at('/api', 404, status(404, 'NotFound', 'gone')) },
  { title: '/api responds 403', args: GET, answer: at('/api', 403, status(403, 'Forbidden', 'no')) },
  {
    title: 'no groups: null',
    args: GET,
    answer: at('/apis', 200, { kind: 'APIGroupList', apiVersion: 'v1', groups: null }),
  },
  {
    title: 'a group without types: null',
    args: GET,
    answer: at('/apis/a.example/v1', 200, { kind: 'APIResourceList', groupVersion: 'a.example/v1', resources: null }),
  },
  { title: 'aggregated discovery', args: 'get widgets', answer: aggregated('Current') },
  {
    title: 'aggregated discovery with a stale group',
    args: GET,
    answer: aggregated('Stale'),
    message: /^note: the types of a\.example\/v1 are not known: its server does not respond$/m,
  },
  { title: 'a type of a stale group', args: 'get widgets', answer: aggregated('Stale') },
  ...[
    'w',
    'wi',
    'po',
    'cm',
    'w.b.example',
    'w.a.example',
    'w.v1.b.example',
    'W',
    'w,wi',
    'w,w',
    'w/one',
    'widgets',
    'widget',
    'Widget',
    'windows',
    'configmaps,w',
  ].map((name): ResponseCase => ({ title: `get ${name}`, args: `get ${name}`, answer: () => false })),
  {
    title: 'patch of a short name that means several types',
    args: 'patch w one --type=merge -p {"a":"b"}',
    answer: () => false,
  },
  { title: 'delete of a short name that means several types', args: 'delete w one --wait=false', answer: () => false },
];
