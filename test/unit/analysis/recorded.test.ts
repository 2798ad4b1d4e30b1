import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../src/analysis/analyse.ts';
import { assemble } from '../../../src/analysis/assemble/assemble.ts';
import { serverSpans } from '../../../src/analysis/completeness/server-spans.ts';
import type { Span } from '../../../src/trace/span.ts';
import { between } from '../../../src/trace/time.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { answeredAt, expectationOf, recordedStories, startedAt, type RecordedStory } from '../../support/recorded.ts';

/** The client's two spans, from the ground truth alone. */
function clientSpans(story: RecordedStory): readonly [root: Span, request: Span] {
  const { traceID, spanID } = expectationOf(story);
  const common = {
    traceID,
    start: startedAt(story),
    end: answeredAt(story),
    status: { code: 'unset' },
    attributes: {},
    events: [],
    links: [],
    resource: { service: 'kubectl-trace', attributes: {} },
  } as const;
  const root: Span = { ...common, spanID: '00000000000000aa' as Span['spanID'], name: story.title, kind: 'internal' };
  return [root, { ...common, spanID, parentSpanID: root.spanID, name: story.truth.method, kind: 'client' }];
}

function assembled(story: RecordedStory): Trace {
  const [root, client] = clientSpans(story);
  const { connectNanos = 0, tlsNanos = 0, receiveNanos = 0 } = story.truth.phases;
  const timing = { span: client, dns: null, connect: connectNanos, tls: tlsNanos, receive: receiveNanos } as const;
  const trace = assemble(
    [root, client],
    [{ ...timing, responseBytes: 0, answered: true } as never],
    [{ client, server: serverSpans(story.spans, expectationOf(story)), found: story.spans }],
  );
  assert.ok(trace);
  return trace;
}

for (const story of recordedStories()) {
  test(`${story.title}: one tree with every span placed, and component times that add up`, () => {
    const trace = assembled(story);
    const [root, client] = trace.spans;
    assert.equal(root?.span.name, story.title);
    assert.deepEqual(trace.notes, []);
    const placed = new Set(trace.spans.map(({ span }) => span));
    for (const span of story.spans) assert.ok(placed.has(span), span.name);

    // Everything of the server hangs below the request's client span, and nothing there starts before it or lasts less than 0.
    for (const one of trace.spans.slice(1)) {
      assert.ok(one.duration >= 0 && one.offset >= 0, one.span.name);
      let top = one;
      while (top.depth > 1 && top.parent !== undefined) top = top.parent;
      assert.equal(top, client, one.span.name);
    }
    // A parent covers its children, on every version: that is what normalisation is for. etcd's clock is the same here.
    for (const one of trace.spans) {
      if (one.source !== 'span' || one.parent?.source !== 'span') continue;
      assert.ok(one.offset >= one.parent.offset, `${one.span.name} starts before ${one.parent.span.name}`);
      const overhang = one.offset + one.duration - (one.parent.offset + one.parent.duration);
      assert.ok(overhang <= 100_000, `${one.span.name} ends ${overhang} ns after ${one.parent.span.name}`);
    }
    const analysis = analyse(trace);
    const total = analysis.componentTimes.reduce((sum, { nanos }) => sum + nanos, 0);
    assert.equal(total, trace.duration);
    assert.equal(trace.duration, between(startedAt(story), answeredAt(story)));
  });
}
