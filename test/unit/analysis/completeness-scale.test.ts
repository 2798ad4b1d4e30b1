import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { EXPORT_INTERVAL_MILLIS, judge } from '../../../src/analysis/completeness/judge.ts';
import type { RequestExpectation } from '../../../src/analysis/completeness/request-expectation.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';

const all = ['get-masters.json', 'deployment-masters.json'].flatMap((file) => {
  const url = new URL(`../../fixtures/scale/${file}`, import.meta.url);
  return decodeOTLP(readFileSync(url, 'utf8'))?.spans ?? [];
});
const spans = all.filter(({ resource }) => resource.service === 'apiserver' || resource.service === 'etcd');

function expectationOf(method: string, verb: RequestExpectation['verb']): RequestExpectation {
  const sent = all.find(({ name, attributes }) => name === method && attributes['k8s.request.subresource'] === 'scale');
  assert.ok(sent !== undefined);
  return {
    traceID: sent.traceID,
    spanID: sent.spanID,
    auditID: null,
    verb,
    path: '/apis/apps/v1/namespaces/default/deployments/d/scale',
    group: 'apps',
    resource: 'deployments',
    subresource: 'scale',
    resourceVersion: '',
    dryRun: false,
    status: 200,
    prioritized: true,
    serverMinor: 37,
    webhooks: [],
  };
}

suite('the scale of an object', () => {
  for (const [method, verb] of [
    ['GET', 'get'],
    ['PATCH', 'patch'],
  ] as const) {
    test(`${verb}: complete at once with all of its spans, and not without any of them`, () => {
      const expectation = expectationOf(method, verb);
      const { verdict, doubts, received, server } = judge(spans, expectation, 0);
      assert.deepEqual({ verdict, doubts, received }, { verdict: 'complete', doubts: [], received: 11 });
      for (const absent of server?.spans ?? []) {
        const rest = spans.filter((span) => span !== absent);
        assert.equal(judge(rest, expectation, 0).verdict, 'waiting', absent.name);
      }
    });
  }

  test('settles in older versions, and for custom resources whose definition is not known', () => {
    for (const other of [{ serverMinor: 31 }, { group: 'example.com' }]) {
      const { verdict } = judge(spans, { ...expectationOf('PATCH', 'patch'), ...other }, EXPORT_INTERVAL_MILLIS);
      assert.equal(verdict, 'settled');
    }
  });
});
