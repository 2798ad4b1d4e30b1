import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { FindingContext, RequestOutcome } from '../../../../src/analysis/findings/finding-context.ts';
import type { Finding } from '../../../../src/analysis/findings/finding.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { nanosFromMillis } from '../../../../src/trace/time.ts';
import { request, served, timeline, type Timed } from '../../../support/timeline.ts';

const found = (below: readonly Timed[], context: FindingContext = {}): readonly Finding[] =>
  analyse(timeline(request(400, below)), context).findings;

const titles = (findings: readonly Finding[]): string[][] => findings.map(({ id, title }) => [id, title]);

test('queue time is the gap between two filters', () => {
  const handler = { name: 'List', from: 310, to: 380 };
  const authorization = { name: 'authorization', from: 305, to: 385, below: [handler] };
  const queue = { name: 'priorityandfairness', from: 15, to: 388, below: [authorization] };
  const outcome: RequestOutcome = { ...nodesRequest, priorityLevel: 'narrow', flowSchema: 'batch' };
  const [finding, ...others] = found([served(10, 390, [queue])], { requests: [outcome] });
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'priority-queueing');
  assert.equal(finding.nanos, 290e6);
  assert.match(finding.title, /^73 % of the request \(290 of 400 ms\) was waiting in a queue/);
  assert.match(finding.detail, /\(priority level narrow, flow schema batch\)/);
  assert.equal(finding.spans[0].span.name, 'priorityandfairness');
});

test('a request rejected in the queue was waiting until the end', () => {
  const [finding] = found([served(10, 390, [{ name: 'priorityandfairness', from: 15, to: 385 }])]);
  assert.equal(finding?.nanos, 370e6);
});

test('authorization time ends where the handler begins', () => {
  const slow = { name: 'authorization', from: 20, to: 385, below: [{ name: 'List', from: 220, to: 380 }] };
  assert.deepEqual(titles(found([served(10, 390, [slow])])), [
    ['slow-authorization', '50 % of the request (200 of 400 ms) was the API server authorizing the request'],
  ]);
  const quick = { name: 'authorization', from: 20, to: 385, below: [{ name: 'List', from: 21, to: 380 }] };
  assert.deepEqual(found([served(10, 390, [quick])]), []);
});

test('without a span of the handler, its time is not counted as authorization', () => {
  const serialize = { name: 'SerializeObject', from: 375, to: 380 };
  for (const below of [[], [serialize]]) {
    assert.deepEqual(found([served(10, 390, [{ name: 'authorization', from: 20, to: 385, below }])]), []);
  }
  const refused = served(10, 390, [{ name: 'authorization', from: 20, to: 385, below: [serialize] }], {
    'http.response.status_code': 403,
  });
  assert.deepEqual(
    found([refused]).map(({ id, nanos }) => [id, nanos]),
    [['slow-authorization', 355e6]],
  );
});

test('authentication is measured where the server reports it', () => {
  const authentication = { name: 'authentication', from: 15, to: 215, service: 'apiserver' };
  assert.deepEqual(titles(found([served(10, 390, [authentication, { name: 'List', from: 220, to: 380 }])])), [
    ['slow-authentication', '50 % of the request (200 of 400 ms) was the API server authenticating the user'],
  ]);
});

const gap = (key: string, from: number, to: number): Timed => ({ name: key, key, from, to, source: 'gap' });

const phases = (tls: number): RequestOutcome => ({
  ...nodesRequest,
  phases: { ...nodesRequest.phases, connectNanos: nanosFromMillis(1), tlsNanos: nanosFromMillis(tls) },
});

test('authentication is inferred if round trips were much faster', () => {
  const below = [gap('network', 6, 306), served(306, 390, []), gap('response', 390, 400)];
  assert.deepEqual(titles(found(below, { requests: [phases(5)] })), [
    [
      'slow-authentication',
      '75 % of the request (300 of 400 ms) was the API server authenticating the user (inferred)',
    ],
  ]);
});

test('a high round-trip time is the network, not authentication', () => {
  const below = [
    { ...gap('connect', 0, 100), source: 'client' as const },
    gap('network', 100, 200),
    served(200, 300, []),
    gap('response', 300, 400),
  ];
  const [finding, ...others] = found(below, { requests: [phases(100)] });
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'slow-network');
  assert.equal(finding.nanos, 300e6);
  assert.match(
    finding.detail,
    /^100 ms to connect, 100 ms to the API server, including authentication \(inferred\), 100 ms back/,
  );
});

test('built-in admission time is inferred, and marked as inferred', () => {
  const admission: Timed = { ...gap('admission 0', 30, 230), name: 'built-in admission, validation (inferred)' };
  const create: Timed = { name: 'Create', from: 20, to: 380, below: [{ ...admission, service: 'apiserver' }] };
  assert.deepEqual(titles(found([served(10, 390, [create])])), [
    [
      'slow-admission',
      "50 % of the request (200 of 400 ms) was the API server's own admission and validation (inferred)",
    ],
  ]);
});
