import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discover } from '../../../../src/kube/api/discovery.ts';
import type { Exchange, KubeRequest } from '../../../../src/kube/http/exchange.ts';
import { answer } from '../fixture.ts';

/** More than a call has arguments. */
const MANY = 300_000;

const resources = Array.from({ length: MANY }, (_, index) => ({ resource: `r${index}`, name: `r${index}` }));
const versions = Array.from({ length: MANY }, (_, index) => ({ version: `v${index}`, freshness: 'Stale' }));
const GROUPS = [{ metadata: { name: 'g' }, versions: [{ version: 'v1', resources }, ...versions] }];

test('a server may have any number of types and of group versions that cannot be described', async () => {
  const send = async (request: KubeRequest): Promise<Exchange> => {
    const items = request.path === '/apis' ? GROUPS : [];
    return { ...answer(200, { kind: 'APIGroupDiscoveryList', items }), request };
  };
  const { types, failures } = await discover(send);
  assert.deepEqual([types.length, failures.length], [MANY, MANY]);
});

test('the same without aggregated discovery', async () => {
  const documents: Readonly<Record<string, object>> = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/apis': { kind: 'APIGroupList', groups: [] },
    '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources },
  };
  const { types } = await discover(async (request) => ({ ...answer(200, documents[request.path] ?? {}), request }));
  assert.equal(types.length, MANY);
});
