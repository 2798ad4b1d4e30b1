import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EXPORT_INTERVAL_MILLIS, judge } from '../../../src/analysis/completeness/judge.ts';
import { expectationOf, recordedStories } from '../../support/recorded.ts';

/** Stories in which calls can be made that nothing announces: they end as settled. */
const UNCOUNTABLE =
  / \w+-(conflict|create-plain|deletecollection|token-bound|delete-conflict|log-refused)$|^1\.32 nobody-token-forbidden$/;

const stories = recordedStories();
const exact = stories.filter(({ title }) => !UNCOUNTABLE.test(title));

for (const story of stories) {
  test(`${story.title} is ${UNCOUNTABLE.test(story.title) ? 'settled' : 'complete'} when every span has arrived`, () => {
    const expectation = expectationOf(story);
    const kept = story.minor >= 33 && /^(masters|monitoring)$/.test(story.truth.context);
    const now = judge(story.spans, expectation, 0);
    assert.equal(now.server?.contextKept, kept);
    assert.equal(now.received, story.spans.length);
    assert.deepEqual(now.missing, []);
    assert.equal(now.verdict, UNCOUNTABLE.test(story.title) ? 'waiting' : 'complete');
    assert.equal(
      judge(story.spans, expectation, EXPORT_INTERVAL_MILLIS).verdict,
      now.verdict === 'complete' ? 'complete' : 'settled',
    );
  });
}

test('a recorded trace with any span missing is not complete', () => {
  for (const story of exact) {
    const expectation = expectationOf(story);
    for (const absent of story.spans) {
      const rest = story.spans.filter((span) => span !== absent);
      assert.notEqual(
        judge(rest, expectation, 0).verdict,
        'complete',
        `${story.title} without ${absent.resource.service} ${absent.name}`,
      );
    }
  }
  fc.assert(
    fc.property(fc.constantFrom(...exact), fc.infiniteStream(fc.boolean()), (story, keep) => {
      const some = story.spans.filter(() => keep.next().value);
      return some.length === story.spans.length || judge(some, expectationOf(story), 0).verdict !== 'complete';
    }),
    { numRuns: 5000 },
  );
});

test('a trace of a server newer than the known versions is at most settled', () => {
  for (const story of stories.filter(({ minor, truth }) => minor === 37 && truth.status !== 401)) {
    const expectation = { ...expectationOf(story), serverMinor: 38 };
    assert.equal(judge(story.spans, expectation, 0).verdict, 'waiting', story.title);
    const quiet = judge(story.spans, expectation, EXPORT_INTERVAL_MILLIS);
    assert.equal(quiet.verdict, 'settled', story.title);
    assert.ok(quiet.doubts.some(({ code }) => code === 'unknown-version'));
  }
});

test('a trace without etcd spans settles, and the reason says so', () => {
  const story = stories.find(({ title }) => title === '1.37 masters-list');
  assert.ok(story);
  const without = story.spans.filter(({ resource }) => resource.service !== 'etcd');
  const judgement = judge(without, expectationOf(story), EXPORT_INTERVAL_MILLIS);
  assert.equal(judgement.verdict, 'settled');
  assert.deepEqual(
    judgement.missing.map(({ service, name, kind }) => [service, name, kind]),
    [['etcd', 'etcdserverpb.KV/Range', 'server']],
  );
  assert.deepEqual(
    judgement.doubts.map(({ code }) => code),
    ['etcd-without-spans'],
  );
});

test('etcd 3.6 has no spans below its calls', () => {
  const story = stories.find(({ title }) => title === '1.37 masters-list');
  assert.ok(story);
  const older = story.spans
    .filter(({ name }) => name !== 'range')
    .map((span) =>
      span.resource.service === 'etcd' ? { ...span, scope: { name: 'otelgrpc', version: '0.59.0' } } : span,
    );
  assert.equal(judge(older, expectationOf(story), 0).verdict, 'complete');
  // A backend that drops the scope leaves the version of etcd unknown.
  const unknown = story.spans.map((span) => {
    const { scope: _, ...rest } = span;
    return span.resource.service === 'etcd' ? rest : span;
  });
  assert.equal(judge(unknown, expectationOf(story), 0).verdict, 'waiting');
});

test('a request rejected by a filter never reached admission, so matching webhooks leave no doubt', () => {
  const story = stories.find(({ title }) => title === '1.37 nobody-forbidden');
  assert.ok(story);
  const expectation = { ...expectationOf(story), verb: 'create', webhooks: ['some.webhook'] } as const;
  assert.equal(judge(story.spans, expectation, 0).verdict, 'complete');
});

test('a webhook that may be reinvoked leaves a doubt if there is unexplained time', () => {
  const story = stories.find(({ title }) => title === '1.37 admin-create');
  assert.ok(story);
  const isSlow = ({ attributes }: (typeof story.spans)[number]): boolean =>
    attributes['webhook'] === 'slow.mutating.record.test';
  const slow = story.spans.find(isSlow);
  const rest = story.spans.filter((span) => span !== slow && span.parentSpanID !== slow?.spanID);
  const expectation = { ...expectationOf(story), webhooks: ['quick.validating.record.test'] };
  assert.equal(judge(rest, expectation, 0).verdict, 'complete');
  assert.deepEqual(
    judge(rest, { ...expectation, webhooksMayRepeat: true }, 0).doubts.map(({ code }) => code),
    ['unexplained-time'],
  );
});
