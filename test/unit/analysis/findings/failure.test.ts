import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { Finding } from '../../../../src/analysis/findings/finding.ts';
import type { Attributes } from '../../../../src/trace/span.ts';
import { request, served, timeline, type Timed } from '../../../support/timeline.ts';

/** Shorter than what findings about time are made of. */
const found = (status: number, below: readonly Timed[]): readonly Finding[] =>
  analyse(timeline(request(40, [served(1, 39, below, { 'http.response.status_code': status })]))).findings;

const post = (parts: Partial<Timed>, attributes: Attributes = {}): Timed => ({
  name: 'HTTP POST',
  from: 10,
  to: 20,
  kind: 'client',
  attributes: { 'url.full': 'https://10.0.0.1/inject', ...attributes },
  ...parts,
});

const call = (below: readonly Timed[]): Timed => ({
  name: 'Call mutating webhook',
  from: 9,
  to: 21,
  attributes: { webhook: 'inject.example.com' },
  status: { code: 'error' },
  below,
});

test('the deepest failed span is the cause, even in a short time', () => {
  const refused = post({ status: { code: 'error', message: 'connection refused' } });
  const create: Timed = { name: 'Create', from: 5, to: 38, below: [call([refused])], status: { code: 'error' } };
  const [finding, ...others] = found(500, [create]);
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'failure');
  assert.equal(finding.severity, 'error');
  assert.equal(finding.title, 'The failure began in inject.example.com: connection refused');
  assert.equal(finding.detail, 'apiserver GET /api/v1/nodes > Create > inject.example.com > HTTP POST.');
  assert.equal(finding.spans[0].span.name, 'HTTP POST');
});

test('a failure that the request survived is a warning', () => {
  const [finding] = found(201, [call([post({ status: { code: 'error', message: 'timeout' } })])]);
  assert.equal(finding?.severity, 'warning');
  assert.equal(finding.title, 'inject.example.com failed: timeout; the request continued without it');
});

test('the last of several causes is the decisive one', () => {
  const first = post({ from: 10, to: 12 }, { 'http.response.status_code': 503 });
  const second = post({ from: 14, to: 16 }, { 'http.response.status_code': 502 });
  const [finding] = found(500, [call([first, second])]);
  assert.equal(finding?.title, 'The failure began in inject.example.com: HTTP status 502');
  assert.match(finding.detail, /1 other span failed\.$/);
  assert.equal(finding.spans.length, 2);
});

for (const status of [401, 403, 404, 409, 422]) {
  test(`a rejected request is not a failure: ${status}`, () => {
    assert.deepEqual(found(status, [{ name: 'Get', from: 5, to: 30 }]), []);
  });
}

test('a client error from an aggregated API server is not a failure', () => {
  const proxied = post({ name: 'HTTP GET', status: { code: 'error' } }, { 'http.response.status_code': 404 });
  assert.deepEqual(found(404, [proxied]), []);
  assert.equal(found(503, [proxied]).length, 1);
});

test("an API server error without a failed child is the API server's own", () => {
  const [finding] = found(500, []);
  assert.match(finding?.title ?? '', /^The failure began in apiserver GET \/api\/v1\/nodes: HTTP status 500$/);
});

test('failures come before slower findings', () => {
  const slow: Timed = { name: 'authorization', from: 10, to: 300, below: [{ name: 'Get', from: 290, to: 300 }] };
  const failed: Timed = {
    name: 'etcdserverpb.KV/Range',
    from: 300,
    to: 310,
    kind: 'client',
    status: { code: 'error' },
  };
  const trace = timeline(request(400, [served(1, 390, [slow, failed], { 'http.response.status_code': 500 })]));
  assert.deepEqual(
    analyse(trace).findings.map(({ id }) => id),
    ['failure', 'slow-authorization'],
  );
});
