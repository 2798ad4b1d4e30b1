import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { foldRows } from '../../../../src/analysis/rows/fold.ts';
import { kubernetesRows } from '../../../../src/analysis/kubernetes/rows.ts';
import { countedMethod, identicalCount } from '../../../../src/analysis/rows/repeated-requests.ts';
import { waterfall } from '../../../../src/analysis/rows/waterfall.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { Trace } from '../../../../src/trace/trace.ts';
import { span } from '../../../support/spans.ts';

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly resource?: string;
  readonly status?: number;
}

const at = (millis: number): ReturnType<typeof epochNanos> =>
  epochNanos(1_795_478_400_000_000_000n + BigInt(Math.round(millis * 1e6)));

/** A command that sends its requests one after the other, 10 ms each. */
function command(sent: readonly Sent[]): Trace {
  const service = 'kubectl-trace';
  const root = span({ id: 'c0', name: 'client', service, start: at(0), end: at(10 * sent.length) });
  const requests = sent.map(({ method = 'GET', path, name, namespace, resource = 'pods', status = 200 }, index) =>
    span({
      id: (index + 256).toString(16),
      parent: 'c0',
      kind: 'client',
      name: method,
      service,
      start: at(10 * index),
      end: at(10 * (index + 1)),
      attributes: {
        'url.full': `https://127.0.0.1:6443${path}`,
        'http.response.status_code': status,
        'k8s.request.version': 'v1',
        'k8s.request.resource': resource,
        ...(name !== undefined && { 'k8s.request.name': name }),
        ...(namespace !== undefined && { 'k8s.request.namespace': namespace }),
      },
    }),
  );
  return buildTrace([root, ...requests].map((one) => ({ span: one, source: 'client', inferred: false }))) as Trace;
}

const labels = (trace: Trace): string[] =>
  waterfall(foldRows(kubernetesRows(trace), new Set()), analyse(trace))
    .rows.slice(1)
    .map(({ label }) => label[1] ?? '');

const pods = (count: number, of: (index: number) => Partial<Sent> = () => ({})): Sent[] =>
  Array.from({ length: count }, (_, index) => ({ path: '/api/v1/pods?limit=500', ...of(index) }));

test('requests of one kind are one row, with the number of identical ones', () => {
  const one = (index: number): Sent => ({
    path: `/api/v1/namespaces/shop/pods/p${index}`,
    name: `p${index}`,
    namespace: 'shop',
  });
  const trace = command([...pods(380), ...pods(32, one)]);
  assert.deepEqual(labels(trace), [
    '380 GETs, all identical: /api/v1/pods',
    '32 GETs: /api/v1/namespaces/shop/pods/{:name}',
  ]);
  const mixed = command([...pods(8), ...pods(4, (index) => ({ path: `/api/v1/pods?continue=${index}` }))]);
  assert.deepEqual(labels(mixed), ['12 GETs, 8 identical: /api/v1/pods']);
});

test('names in a folded request are in braces only if they differ', () => {
  const trace = command(
    pods(5, (index) => ({ path: `/api/v1/namespaces/n${index}/pods/n1`, name: 'n1', namespace: `n${index}` })),
  );
  assert.deepEqual(labels(trace), ['5 GETs: /api/v1/namespaces/{:namespace}/pods/n1']);
});

test('different methods, types, watches and rejections are separate rows; four requests are not folded', () => {
  const trace = command([
    ...pods(5),
    ...pods(5, () => ({ method: 'PATCH' })),
    ...pods(5, () => ({ resource: 'nodes', path: '/api/v1/nodes' })),
    ...pods(5, () => ({ path: '/api/v1/pods?watch=true' })),
    ...pods(5, () => ({ status: 404 })),
    ...pods(4, () => ({ method: 'DELETE' })),
  ]);
  assert.deepEqual(labels(trace).slice(0, 5), [
    '5 GETs, all identical: /api/v1/pods',
    '5 PATCHes, all identical: /api/v1/pods',
    '5 GETs, all identical: /api/v1/nodes',
    '5 GETs, all identical: /api/v1/pods',
    '5 GETs, all identical: /api/v1/pods 404',
  ]);
  assert.equal(labels(trace).length, 9);
});

test('repeated requests are counted in words', () => {
  assert.equal(countedMethod('GET', 412, 380), '412 GETs, 380 identical');
  assert.equal(countedMethod('PATCH', 1, 0), '1 PATCH');
  assert.equal(identicalCount(['a', 'b', 'a', 'a', 'b']), 3);
  assert.equal(identicalCount(['a', 'b']), 0);
  assert.equal(identicalCount([]), 0);
});

test('ten or more identical requests are a finding', () => {
  const [finding] = analyse(command(pods(20))).findings;
  assert.equal(finding?.id, 'repeated-requests');
  assert.equal(
    finding.title,
    '95 % of the command (190 of 200 ms) was repeating a request 19 times: GET /api/v1/pods?limit=500',
  );
  assert.equal(finding.spans.length, 19);
  assert.deepEqual(analyse(command(pods(9, () => ({})))).findings, []);
  assert.deepEqual(analyse(command(pods(20, () => ({ method: 'POST' })))).findings, []);
});

test('requests for objects one by one are a finding; paging is not', () => {
  const one = (index: number): Partial<Sent> => ({ path: `/api/v1/pods/p${index}`, name: `p${index}` });
  const [finding, ...others] = analyse(command([...pods(1), ...pods(19, one)])).findings;
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'n-plus-one');
  assert.equal(finding.title, '95 % of the command (190 of 200 ms) was reading 19 pods one by one');
  assert.match(finding.detail, /had been listed/);
  const pages = command(pods(20, (index) => ({ path: `/api/v1/pods?limit=1&continue=${index}` })));
  assert.deepEqual(analyse(pages).findings, []);
});
