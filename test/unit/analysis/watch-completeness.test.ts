import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RequestExpectation } from '../../../src/analysis/completeness/request-expectation.ts';
import { EXPORT_INTERVAL_MILLIS, judge } from '../../../src/analysis/completeness/judge.ts';
import type { Span } from '../../../src/trace/span.ts';
import { expectationOf, recordedStories } from '../../support/recorded.ts';
import { spanID } from '../../support/spans.ts';

/**
 * The trace of a watch that has ended, made of the recorded list of the same version: the same filters, and in place of
 * the handler's spans what k8s.io/apiserver has in that version. `cacher.Watch` (pkg/storage/cacher/cacher.go) is there
 * in 0.36.3 and 0.37.2, and not in 0.29.6, 0.31.14, 0.33.13, 0.34.4 and 0.35.4.
 */
const filters = /^(authentication|audit|impersonation|constrainedimpersonation|priorityandfairness|authorization)$/;

function watchOf(minor: number): { readonly expectation: RequestExpectation; readonly spans: readonly Span[] } {
  const story = recordedStories(minor).find(({ truth }) => truth.story === 'list');
  assert.ok(story !== undefined);
  const expectation: RequestExpectation = { ...expectationOf(story), verb: 'watch', resourceVersion: '213' };
  return {
    expectation,
    spans: story.spans.filter((span) =>
      span.kind === 'server' ? span.resource.service === 'apiserver' : filters.test(span.name),
    ),
  };
}

const below = (spans: readonly Span[], parent: string, name: string, id = 'ca'): Span => {
  const filter = spans.find((span) => span.name === parent);
  assert.ok(filter !== undefined);
  return { ...filter, spanID: spanID(id), parentSpanID: filter.spanID, name, events: [] };
};

suite('a finished watch', () => {
  for (const minor of [29, 31, 33, 35]) {
    test(`on 1.${minor} is complete as soon as its filters have arrived`, () => {
      const { expectation, spans } = watchOf(minor);
      const { verdict, missing, doubts } = judge(spans, expectation, 0);
      assert.deepEqual([verdict, missing, doubts], ['complete', [], []]);
    });
  }

  test('on 1.37 needs its setup span', () => {
    const { expectation, spans } = watchOf(37);
    const without = judge(spans, expectation, 0);
    assert.equal(without.verdict, 'waiting');
    assert.deepEqual(
      without.missing.map(({ name }) => name),
      ['cacher.Watch'],
    );
    const { verdict, missing, doubts } = judge(
      [...spans, below(spans, 'authorization', 'cacher.Watch')],
      expectation,
      0,
    );
    assert.deepEqual([verdict, missing, doubts], ['complete', [], []]);
  });

  test('is not complete while any filter is missing', () => {
    const { expectation, spans } = watchOf(37);
    const whole = [...spans, below(spans, 'authorization', 'cacher.Watch')];
    for (const absent of whole) {
      const rest = whole.filter((span) => span !== absent);
      assert.notEqual(judge(rest, expectation, 0).verdict, 'complete', absent.name);
    }
  });

  test('of events, which are not cached, has no setup span', () => {
    const { expectation, spans } = watchOf(37);
    assert.equal(judge(spans, { ...expectation, resource: 'events' }, 0).verdict, 'complete');
  });

  test('that was rejected is complete once its response span has arrived', () => {
    const { expectation, spans } = watchOf(37);
    const refused = { ...expectation, status: 403 };
    assert.equal(judge(spans, refused, 0).verdict, 'waiting');
    const answer = below(spans, 'authorization', 'SerializeObject');
    assert.equal(judge([...spans, answer], refused, 0).verdict, 'complete');
  });

  test('that begins with a list is complete with the spans of its list', () => {
    const { expectation, spans } = watchOf(37);
    const list = [...spans, below(spans, 'authorization', 'WatchList')];
    const about = { ...expectation, initialEvents: true, resourceVersion: '' };
    assert.deepEqual(
      judge(list, about, 0).missing.map(({ name }) => name),
      ['cacher.Watch', 'WatchServer.HandleHTTP'],
    );
    const whole = [
      ...list,
      below(list, 'WatchList', 'cacher.Watch', 'cb'),
      below(list, 'WatchList', 'WatchServer.HandleHTTP', 'cc'),
    ];
    assert.deepEqual(
      judge(whole, about, 0).missing.map(({ name }) => name),
      ['etcdserverpb.KV/Range'],
    );
    assert.equal(judge(whole, { ...about, resourceVersion: '0' }, 0).verdict, 'complete');
  });

  test('of a custom resource, or after a list of another version, settles', () => {
    const { expectation, spans } = watchOf(37);
    const custom = [...spans, below(spans, 'authorization', 'cacher.Watch')];
    const list = [...spans, below(spans, 'authorization', 'WatchList')];
    for (const [found, about] of [
      [custom, { ...expectation, group: 'example.test', resource: 'widgets' }],
      [list, { ...expectation, serverMinor: 36 }],
    ] as const) {
      assert.equal(judge(found, about, 0).verdict, 'waiting');
      assert.equal(judge(found, about, EXPORT_INTERVAL_MILLIS).verdict, 'settled');
    }
  });
});

test('a followed log and exec are no handlers that write a response, and pass the queue without a level', () => {
  const { expectation, spans } = watchOf(37);
  const stream = { ...expectation, prioritized: false };
  const log = { ...stream, verb: 'get' as const, subresource: 'log' };
  const missing = (found: readonly Span[], about: RequestExpectation): readonly string[] =>
    judge(found, about, 0).missing.map(({ name }) => name);
  const get = [...spans, below(spans, 'authorization', 'Get')];
  assert.deepEqual(missing(get, log), ['Get etcd3', 'Get etcd3']);
  const [pod, node] = [below(get, 'Get', 'Get etcd3', 'cb'), below(get, 'Get', 'Get etcd3', 'cc')];
  const calls = [pod, node].map((above, index): Span => {
    const id = spanID(`d${index}`);
    return { ...above, spanID: id, parentSpanID: above.spanID, name: 'etcdserverpb.KV/Range', kind: 'client' };
  });
  assert.deepEqual(missing([...get, pod, node, ...calls], log), ['etcdserverpb.KV/Range', 'etcdserverpb.KV/Range']);
  assert.deepEqual(missing(spans, log), ['Get']);
  const exec = { ...stream, verb: 'connect' as const, subresource: 'exec', status: 101 };
  assert.deepEqual(missing(spans, exec), []);
  assert.deepEqual(missing(spans, { ...exec, status: 403 }), ['SerializeObject']);
});

suite('the OpenAPI documents', () => {
  const { expectation: watch, spans } = watchOf(37);
  const expectation: RequestExpectation = { ...watch, verb: 'other', resource: null, path: '/openapi/v3/apis/apps/v1' };

  test('are written without a span', () => {
    assert.deepEqual(judge(spans, expectation, 0).missing, []);
  });

  test('have one where they are refused', () => {
    const { missing } = judge(spans, { ...expectation, status: 403 }, 0);
    assert.deepEqual(
      missing.map(({ name }) => name),
      ['SerializeObject'],
    );
  });
});
