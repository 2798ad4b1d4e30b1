import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cluster, Exchange } from '../../../../src/kube/http/exchange.ts';
import type { RequestReport } from '../../../../src/report/report.ts';
import { isKnownType, readDefinitions } from '../../../../src/tracing/lookup/definitions.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { answer, exchange, testRuntime } from '../../kube/fixture.ts';

const custom = (resource: string): RequestReport => ({ ...nodesRequest, group: 'shop.test', resource });

/** A cluster with these definitions, and the paths that it was sent. */
function clusterWith(definitions: Readonly<Record<string, unknown>>): Cluster & { readonly paths: string[] } {
  const paths: string[] = [];
  const respond = (path: string): Exchange => {
    const spec = definitions[path.replace(/.*\//, '')];
    return spec === undefined ? answer(404, { kind: 'Status' }) : answer(200, { spec });
  };
  return {
    paths,
    contextName: null,
    server: 'https://127.0.0.1:6443',
    namespace: 'default',
    send: async ({ path }) => {
      paths.push(path);
      return respond(path);
    },
    forward: () => assert.fail('nothing is to be forwarded'),
    close: () => {},
  };
}

const done = new AbortController().signal;
const runtime = testRuntime({ clock: new FakeClock() });

suite('the definitions of requested custom resources', () => {
  test('are read once for each type, and say which types are converted without a webhook', async () => {
    const cluster = clusterWith({
      'carts.shop.test': { conversion: { strategy: 'None' } },
      'orders.shop.test': { conversion: { strategy: 'Webhook', webhook: {} } },
      'items.shop.test': {},
    });
    const requests = ['carts', 'carts', 'orders', 'items', 'aggregated'].map(custom);
    const types = await readDefinitions({ cluster, requests: [...requests, nodesRequest] }, done, runtime);
    assert.deepEqual(
      cluster.paths,
      ['carts', 'orders', 'items', 'aggregated'].map(
        (name) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}.shop.test`,
      ),
    );
    const known = requests.filter((request) => isKnownType(request, types ?? null)).map(({ resource }) => resource);
    assert.deepEqual(known, ['carts', 'carts', 'items']);
    assert.equal(isKnownType(nodesRequest, types ?? null), false);
  });

  test('are not read for built-in types, nor for what the tool requests on its own', () => {
    const cluster = clusterWith({});
    const requests = [nodesRequest, { ...custom('carts'), purpose: 'discovery' as const }];
    assert.equal(readDefinitions({ cluster, requests }, done, runtime), undefined);
    assert.deepEqual(cluster.paths, []);
  });

  test('are not known to a user who may not read them', async () => {
    const cluster = { ...clusterWith({}), send: async () => exchange({ status: 403 }) };
    const types = await readDefinitions({ cluster, requests: [custom('carts')] }, done, runtime);
    assert.equal(isKnownType(custom('carts'), types ?? null), false);
  });
});
