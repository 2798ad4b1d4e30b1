import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginTrace } from '../../../../src/tracing/trace-beginning.ts';
import { isAwaitedOfClient, isUserRequest } from '../../../../src/tracing/lookup/is-awaited.ts';
import { ownPart } from '../../../../src/tracing/lookup/own-spans.ts';
import type { RequestReport } from '../../../../src/report/report.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { span, spanID, traceID } from '../../../support/spans.ts';

const request: RequestReport = { ...nodesRequest, spanID: spanID('c1') };
const task = { requests: [request], traceID: traceID('a1'), spanID: spanID('c0'), parentSpanID: null };

test("the command's own exported spans are already known", () => {
  const found = [
    span({ id: 'c0', parent: '99', service: 'kubectl-trace' }),
    span({ id: 'c1', parent: 'c0', kind: 'client', service: 'kubectl-trace' }),
    span({ id: '2', parent: 'c1', kind: 'server' }),
    span({ id: '3', parent: '404' }),
  ];
  assert.deepEqual(
    ownPart(task)(found).map((one) => one.spanID),
    [spanID('2'), spanID('3')],
  );
});

test('only descendants of our spans are used from a trace with a given parent', () => {
  const found = [
    span({ id: '90', service: 'ci' }),
    span({ id: '91', parent: '90', service: 'ci' }),
    span({ id: '2', parent: 'c1', kind: 'server' }),
    span({ id: '3', parent: '2' }),
    span({ id: '4', parent: '3' }),
    span({ id: '5', parent: 'e5' }),
    span({ id: '6', parent: '7' }),
    span({ id: '7', parent: '6' }),
    span({ trace: 'b2', id: '8' }),
  ];
  const part = ownPart({ ...task, parentSpanID: spanID('91') });
  assert.deepEqual(
    part(found).map((one) => one.spanID),
    ['2', '3', '4', '8'].map(spanID),
  );
  assert.equal(part(found), part(found), 'found once for all requests that share it');
});

test('TRACEPARENT is used as parent; an invalid one starts a new trace', () => {
  const random = (size: number): Uint8Array => new Uint8Array(size).fill(7);
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
  assert.deepEqual(beginTrace({ env: { TRACEPARENT: parent }, random }), {
    traceID: '0af7651916cd43dd8448eb211c80319c',
    spanID: '0707070707070707',
    parentSpanID: 'b7ad6b7169203331',
  });
  for (const env of [
    {},
    { TRACEPARENT: '' },
    { TRACEPARENT: 'nonsense' },
    { TRACEPARENT: parent.replace('0af7', '') },
  ]) {
    assert.deepEqual(beginTrace({ env, random }).parentSpanID, null);
  }
});

const isAwaited = (verb: string, parts: Partial<RequestReport>, others: readonly RequestReport[] = []): boolean => {
  const asked = { ...request, ...parts };
  return (verb === 'run' ? isAwaitedOfClient([asked, ...others]) : isUserRequest)(asked);
};

test('streams of other clients are waited for: they have ended with their command', () => {
  const long = [
    { query: 'watch=true' },
    { query: 'limit=5&watch=1' },
    { subresource: 'log', query: 'follow=true' },
    { subresource: 'exec' },
    { subresource: 'portforward' },
    { status: 101 },
  ];
  for (const parts of long) {
    assert.equal(isAwaited('run', parts), true, JSON.stringify(parts));
    assert.equal(isAwaited('get', parts), true, JSON.stringify(parts));
  }
  for (const parts of [{ query: 'watch=false' }, { subresource: 'log' }, { subresource: 'scale' }]) {
    assert.equal(isAwaited('run', parts), true, JSON.stringify(parts));
  }
});

test('discovery is waited for only if another client sent nothing else', () => {
  const discovery = { purpose: 'discovery' as const };
  assert.equal(isAwaited('run', discovery), true);
  assert.equal(isAwaited('run', discovery, [request]), false);
  assert.equal(isAwaited('get', discovery), false);
});
