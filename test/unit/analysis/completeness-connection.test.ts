import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { EXPORT_INTERVAL_MILLIS, judge } from '../../../src/analysis/completeness/judge.ts';
import type { RequestExpectation } from '../../../src/analysis/completeness/request-expectation.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';

const file = new URL('../../fixtures/connections/exec-masters.json', import.meta.url);
const all = decodeOTLP(readFileSync(file, 'utf8'))?.spans ?? [];
const sent = all.find(
  ({ kind, attributes, resource }) =>
    kind === 'client' && resource.service !== 'apiserver' && attributes['k8s.request.subresource'] === 'exec',
);
const spans = all.filter(({ resource }) => resource.service === 'apiserver' || resource.service === 'etcd');

const expectation: RequestExpectation = {
  traceID: sent!.traceID,
  spanID: sent!.spanID,
  auditID: null,
  verb: 'connect',
  path: '/api/v1/namespaces/default/pods/web/exec',
  group: '',
  resource: 'pods',
  subresource: 'exec',
  resourceVersion: '',
  dryRun: false,
  status: 101,
  prioritized: true,
  serverMinor: 37,
  webhooks: [],
};

suite('a connection to a pod', () => {
  test('is complete with the reads of the pod and of its node, and not without any of its spans', () => {
    const { verdict, missing, doubts, received, server } = judge(spans, expectation, 0);
    assert.deepEqual(
      { verdict, missing, doubts, received },
      { verdict: 'complete', missing: [], doubts: [], received: 13 },
    );
    for (const absent of server?.spans ?? []) {
      const rest = spans.filter((span) => span !== absent);
      assert.equal(judge(rest, expectation, 0).verdict, 'waiting', absent.name);
    }
  });

  test('settles where webhooks may have been called, in other versions, and to what is no pod', () => {
    const doubtful: readonly (readonly [Partial<RequestExpectation>, string])[] = [
      [{ webhooks: null }, 'uncounted-calls'],
      [{ webhooks: ['some.webhook'] }, 'uncounted-calls'],
      [{ serverMinor: 36 }, 'unknown-shape'],
      [{ resource: 'services', subresource: 'proxy', status: 200 }, 'unknown-shape'],
      [{ status: 500 }, 'unknown-shape'],
    ];
    for (const [other, code] of doubtful) {
      const { verdict, doubts } = judge(spans, { ...expectation, ...other }, EXPORT_INTERVAL_MILLIS);
      assert.equal(verdict, 'settled');
      assert.ok(
        doubts.some((doubt) => doubt.code === code),
        JSON.stringify([other, doubts]),
      );
    }
  });
});
