import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nanos } from '../../../src/trace/time.ts';
import { formatShare } from '../../../src/analysis/wording/percent.ts';
import { requestWords } from '../../../src/render/terminal/request-line.ts';
import { ticks } from '../../../src/render/terminal/ticks.ts';
import type { RequestReport } from '../../../src/report/report.ts';
import { verdictWords } from '../../../src/render/terminal/verdict-words.ts';
import { foundLookup, missingLookup, nodesRequest, reportOf } from '../../support/reports.ts';

const words = (parts: Partial<typeof nodesRequest>): string =>
  requestWords({ ...nodesRequest, ...parts }, reportOf(undefined)).join('  ');

test('a share of 10 % or more has no decimals, and is 0 % or 100 % only if exact', () => {
  const shares = [0, 0.0001, 0.0005, 0.033, 0.0994, 0.0996, 0.17, 0.983, 0.994, 0.9951, 0.99999, 1];
  assert.deepEqual(shares.map(formatShare), [
    '0 %',
    '< 0.1 %',
    '0.1 %',
    '3.3 %',
    '9.9 %',
    '10 %',
    '17 %',
    '98 %',
    '99 %',
    '> 99 %',
    '> 99 %',
    '100 %',
  ]);
});

test('a request is described in words', () => {
  assert.equal(words({}), 'GET /api/v1/nodes  200  3.4 KiB  9.09 ms  (1 node)');
  assert.equal(
    words({ query: 'limit=500', objectCount: 3 }),
    'GET /api/v1/nodes?limit=500  200  3.4 KiB  9.09 ms  (3 nodes)',
  );
  assert.equal(words({ status: null, objectCount: null }), 'GET /api/v1/nodes  no response  9.09 ms');
});

test('a resource name has a singular', () => {
  const one = (resource: string): string => /\((.*)\)/.exec(words({ resource }))?.[1] ?? '';
  assert.deepEqual(
    ['pods', 'networkpolicies', 'ingresses', 'storageclasses', 'leases', 'endpoints', 'nodes', 'podstatus'].map(one),
    ['1 pod', '1 networkpolicy', '1 ingress', '1 storageclass', '1 lease', '1 endpoint', '1 node', '1 podstatus'],
  );
});

test('of several requests the totals are shown, and discovery is counted separately', () => {
  const discovery = { ...nodesRequest, purpose: 'discovery' as const };
  const failed = { ...nodesRequest, status: 404 };
  const shown = (...requests: readonly RequestReport[]): readonly string[] =>
    requestWords(nodesRequest, reportOf(undefined, { requests })).filter((part) => !part.endsWith('ms'));
  assert.deepEqual(shown(nodesRequest, nodesRequest, nodesRequest), ['3 requests', '10 KiB']);
  assert.deepEqual(shown(discovery, nodesRequest, failed), ['2 requests, 1 failed', '6.8 KiB', '1 for discovery']);
  assert.equal(shown(discovery, nodesRequest).at(-1), '1 for discovery');
});

test('the axis has quarters if there is room, and its end at the right', () => {
  const axis = { rows: [], from: nanos(0), to: nanos(9_090_000) };
  assert.equal(ticks(axis, 50), '0           2.27 ms      4.55 ms           9.09 ms');
  assert.equal(ticks(axis, 28), '0                    9.09 ms');
  assert.equal(ticks(axis, 10), '0  9.09 ms');
  assert.equal(ticks(axis, 9), '0');
  assert.equal(ticks({ ...axis, from: nanos(-1_000_000) }, 24), '-1.00 ms         9.09 ms');
});

test('every trace outcome has its words', () => {
  const found = (parts: Partial<typeof foundLookup>): string => {
    const told = verdictWords(reportOf(undefined), { ...foundLookup, ...parts });
    return [told.verdict, ...told.found].join(', ');
  };
  assert.equal(found({}), 'complete: 11 of 11 spans, by trace ID, after 4.90 s in jaeger');
  assert.equal(
    found({ foundBy: 'audit-id', expected: null, verdict: 'settled' }),
    'settled: 11 spans, by Audit-Id, after 4.90 s in jaeger',
  );
  assert.equal(
    found({ foundBy: 'link', expected: null, received: 1, verdict: 'partial' }),
    'partial: 1 span, by its link to our trace, after 4.90 s in jaeger',
  );
  assert.equal(found(missingLookup), 'missing: not found after 30.0 s in jaeger');
  assert.deepEqual(verdictWords({ ...reportOf(undefined), backend: null }, missingLookup), {
    verdict: 'missing',
    found: [],
  });
  const failed = (reason: string): ReturnType<typeof verdictWords> =>
    verdictWords({ ...reportOf(undefined), error: { code: 5, reason, message: 'm', hint: null } }, missingLookup);
  assert.deepEqual(failed('BackendUnavailable'), {
    verdict: 'not looked up: the trace backend is unreachable',
    found: [],
  });
  assert.deepEqual(failed('BackendForbidden'), {
    verdict: 'not looked up: no usable response from the trace backend',
    found: [],
  });
  // Another part of the command may have ended with an error: what was found is told.
  const one = { code: 5, reason: 'BackendUnavailable', message: 'm', hint: null } as const;
  assert.match(verdictWords({ ...reportOf(undefined), error: one }, foundLookup).verdict, /^complete/);
  assert.deepEqual(verdictWords(reportOf(undefined), null), { verdict: 'not looked up', found: [] });
});
