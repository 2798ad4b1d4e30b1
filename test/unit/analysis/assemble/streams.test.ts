import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyse, type Analysis } from '../../../../src/analysis/analyse.ts';
import { assemble } from '../../../../src/analysis/assemble/assemble.ts';
import type { ClientTiming } from '../../../../src/analysis/assemble/client-timing.ts';
import { serverSpans } from '../../../../src/analysis/completeness/server-spans.ts';
import type { RequestExpectation } from '../../../../src/analysis/completeness/request-expectation.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos, nanos, type EpochNanos } from '../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../src/trace/trace.ts';
import { span, spanID, traceID, type SpanParts } from '../../../support/spans.ts';

const START = 1_795_478_400_000_000_001n;
const at = (millis: number): EpochNanos => epochNanos(START + BigInt(millis * 1e6));
const made = (from: number, to: number, parts: SpanParts): Span => span({ start: at(from), end: at(to), ...parts });
const client = (id: string, from: number, to: number): Span =>
  made(from, to, {
    id,
    parent: 'c0',
    service: 'kubectl-trace',
    kind: 'client',
    name: 'GET',
    attributes: { 'audit-id': `audit-${id}` },
  });

/** Audit filters and all, of a watch that is open for most of its time. */
function serverOf(parent: string, from: number, to: number): readonly Span[] {
  const server = (id: string, above: string, name: string): Span =>
    made(from, to, { id: `${parent}${id}`, parent: above, name, ...(id === '1' && { kind: 'server' as const }) });
  return [
    server('1', parent, 'GET /api/v1/pods'),
    server('2', `${parent}1`, 'authorization'),
    made(from + 1, from + 2, { id: `${parent}3`, parent: `${parent}2`, name: 'cacher.Watch' }),
  ];
}

const expectationOf = (id: string): RequestExpectation => ({
  traceID: traceID('a1'),
  spanID: spanID(id),
  auditID: `audit-${id}`,
  verb: 'watch',
  path: '/api/v1/pods',
  group: '',
  resource: 'pods',
  subresource: null,
  resourceVersion: '',
  dryRun: false,
  status: 200,
  prioritized: true,
  serverMinor: 37,
  webhooks: [],
});

const timing = (own: Span, open: number | null): ClientTiming => ({
  span: own,
  dns: null,
  connect: null,
  tls: null,
  receive: nanos((open ?? 0) * 1e6),
  responseBytes: 0,
  hasResponse: true,
  open: open === null ? null : nanos(open * 1e6),
});

/** A command of 3 s: a watch that is open for 2.99 s, and beside it a request from 1 s to 1.2 s. */
function watched(): Analysis {
  const root = made(0, 3000, { id: 'c0', service: 'kubectl-trace', name: 'kubectl rollout status' });
  const [watch, get] = [client('c1', 0, 3000), client('c2', 1000, 1200)];
  const found = serverOf('c1', 1, 3000);
  const other = made(1001, 1199, { id: 'd1', parent: 'c2', kind: 'server' });
  const trace = assemble(
    [root, watch, get],
    [timing(watch, 2990), timing(get, null)],
    [
      { client: watch, server: serverSpans(found, expectationOf('c1')), found },
      { client: get, server: serverSpans([other], expectationOf('c2')), found: [other] },
    ],
  );
  assert.ok(trace !== undefined);
  return analyse(trace);
}

suite('the open part of a stream', () => {
  test('belongs to no component, and concurrent work goes on counting', () => {
    const { trace, openNanos, componentTimes } = watched();
    const times = Object.fromEntries(componentTimes.map(({ component, nanos: time }) => [component, time / 1e6]));
    assert.equal(openNanos / 1e6, 3000 - 10 - 200);
    assert.equal(times['apiserver'], 2 + 198);
    assert.equal(
      componentTimes.reduce((sum, { nanos: time }) => sum + time, 0),
      trace.duration - openNanos,
    );
    const shares = componentTimes.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(shares - 1) < 1e-9, 'shares are of the time without it');
  });

  test('cuts the server’s spans where it had set the watch up, and keeps their own ends', () => {
    const { trace } = watched();
    const authorization = trace.spans.find(({ span: { name } }) => name === 'authorization');
    assert.equal((authorization?.duration ?? 0) / 1e6, 2);
    assert.equal(authorization?.span.end, at(3000));
  });

  test('cuts the row of a request that the metrics measured where its last stage ended', () => {
    const root = made(0, 3000, { id: 'c0', service: 'kubectl-trace', name: 'kubectl get -w' });
    const watch = client('c1', 0, 3000);
    const row = (from: number, to: number, parts: SpanParts): TraceInput => ({
      span: made(from, to, parts),
      source: 'metric',
      inferred: false,
      precision: 'exact',
    });
    const measured = [
      row(1, 2998, { id: 'd1', parent: 'c1', kind: 'server', name: 'GET /api/v1/pods' }),
      row(1, 2, { id: 'd2', parent: 'd1', name: 'audit' }),
      row(2, 6, { id: 'd3', parent: 'd1', name: 'start of the stream' }),
    ];
    const trace = assemble(
      [root, watch],
      [timing(watch, 2990)],
      [{ client: watch, server: undefined, found: [], measured }],
    );
    const request = trace?.spans.find(({ span: { name } }) => name === 'GET /api/v1/pods');
    assert.equal((request?.duration ?? 0) / 1e6, 5);
    assert.equal(request?.span.end, at(2998));
  });

  test('is no finding', () => {
    const { findings, largestPart } = watched();
    assert.deepEqual(
      findings.map(({ id }) => id),
      [],
    );
    assert.match(largestPart ?? '', /\S/);
  });

  test('sections of the path are contiguous, and end with the command', () => {
    const { criticalPath, trace } = watched();
    let end = 0;
    for (const { from, to } of criticalPath) {
      assert.equal(from, end);
      end = to;
    }
    assert.equal(end, trace.duration);
  });
});

test('a span without its parent hangs below the request that caused it', () => {
  const root = made(0, 100, { id: 'c0', service: 'kubectl-trace', name: 'kubectl wait' });
  const [get, watch] = [client('c1', 0, 10), client('c2', 10, 100)];
  const orphan = made(12, 20, { id: 'e1', parent: 'e9', name: 'WatchList', attributes: { 'audit-id': 'audit-c2' } });
  const found = [orphan];
  const trace = assemble(
    [root, get, watch],
    [],
    [
      { client: get, server: undefined, found },
      { client: watch, server: undefined, found },
    ],
  );
  const placed = trace?.spans.find(({ span: { name } }) => name === 'WatchList');
  assert.equal(placed?.parent?.spanID, spanID('c2'));
});
