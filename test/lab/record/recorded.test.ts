import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tracedVersions, minorOf } from '../cluster/versions.ts';
import { canonical, withoutRepeats } from './expected-spans.ts';
import { expectationOf } from './expected.ts';
import { fixtureName, readRecordings, type Recording } from './fixture.ts';
import { attribute, rawSpans, rawTree } from './raw-spans.ts';
import { contextsOf, stories } from './stories.ts';

const recordings = readRecordings();

test('exactly the stories are recorded for every version', () => {
  const expected = tracedVersions.flatMap((version) =>
    stories.flatMap((story) =>
      contextsOf(story, version).map((context) => fixtureName({ version, context, story: story.name })),
    ),
  );
  assert.deepEqual(
    recordings.map(({ name }) => name),
    expected.sort(),
  );
});

for (const { name, recording } of recordings) {
  describe(name, () => check(recording));
}

function check(recording: Recording): void {
  const { truth, found, answers } = recording;
  const expectation = expectationOf(truth);
  const spans = rawSpans(recording);

  test('has the response and the keys of its version', () => {
    assert.equal(truth.status, expectation.status);
    assert.equal(found?.by, expectation.foundBy);
    assert.equal(found?.traceID === truth.traceID, expectation.contextKept);
    assert.equal(truth.headers['audit-id'], truth.auditID);
    const own = answers.find(({ url }) => url.startsWith(`/api/v3/traces/${truth.traceID}?`));
    assert.equal(own?.status, expectation.contextKept ? 200 : 404);
  });

  test('has the spans of its version, each below the right parent', () => {
    const { tree } = rawTree(spans);
    assert.equal(canonical(withoutRepeats(tree)), canonical(expectation.tree));
  });

  test('is below the request, or links to it', () => {
    const { root } = rawTree(spans);
    const links = (root.links ?? []).map(({ traceId, spanId }) => `${traceId} ${spanId}`);
    const isRequest = root.kind === 2;
    assert.equal(root.parentSpanId ?? '', expectation.contextKept ? truth.spanID : '');
    assert.deepEqual(links, isRequest && !expectation.contextKept ? [`${truth.traceID} ${truth.spanID}`] : []);
    if (isRequest) assert.equal(attribute(root.attributes, 'http.target'), truth.path);
  });

  test('has its status and Audit-ID if its version records them', () => {
    const { root } = rawTree(spans);
    const minor = minorOf(truth.version);
    if (root.kind !== 2) return;
    const status = attribute(root.attributes, minor >= 35 ? 'http.response.status_code' : 'http.status_code');
    // 1.33 ends the span before there is a status.
    assert.equal(status, minor === 33 ? undefined : String(truth.status));
    assert.equal(attribute(root.attributes, 'audit-id'), minor >= 34 ? truth.auditID : undefined);
    const agent = attribute(root.attributes, minor >= 31 ? 'user_agent.original' : 'http.user_agent');
    assert.equal(agent, truth.userAgent);
  });

  test('happened while the client was waiting', () => {
    for (const { name, startTimeUnixNano, endTimeUnixNano } of spans) {
      assert.ok(BigInt(startTimeUnixNano) > BigInt(truth.start), `${name} started before the request`);
      assert.ok(BigInt(startTimeUnixNano) < BigInt(truth.end), `${name} started after the response`);
      assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano), `${name} ended before it started`);
    }
  });

  test('called the expected webhooks, for as long as they slept', () => {
    assert.deepEqual(
      truth.webhookCalls.map(({ name, type }) => ({ name, type })),
      expectation.webhooks.map(({ name, type }) => ({ name, type })),
    );
    for (const [index, { name, type, leastNanos }] of expectation.webhooks.entries()) {
      const call = truth.webhookCalls[index]!;
      const outer = spans.find((span) => attribute(span.attributes, 'webhook') === name);
      const inner = spans.find((span) => span.parentSpanId === outer?.spanId);
      assert.ok(BigInt(call.end) - BigInt(call.start) >= BigInt(leastNanos));
      assert.equal(outer?.name, `Call ${type} webhook`);
      assert.ok(BigInt(outer.endTimeUnixNano) - BigInt(outer.startTimeUnixNano) >= BigInt(leastNanos));
      assert.equal(call.traceparent, `00-${found?.traceID}-${inner?.spanId}-01`);
    }
  });

  const inV1 = answers.find(({ url }) => url === `/api/traces/${found?.traceID}?raw=true`);
  if (inV1 === undefined) return;
  test('is the same trace in the older format, by its ID and by its Audit-ID', () => {
    type Body = { data: { traceID: string; spans: { spanID: string; operationName: string }[] }[] };
    const inV3 = spans.map(({ spanId, name }) => `${spanId} ${name}`).sort();
    const search = answers.find(({ url }) => url.startsWith('/api/traces?'));
    for (const answer of [inV1, search]) {
      const { data } = answer!.body as Body;
      assert.deepEqual(
        data.map(({ traceID }) => traceID),
        [found!.traceID],
      );
      assert.deepEqual(data[0]!.spans.map(({ spanID, operationName }) => `${spanID} ${operationName}`).sort(), inV3);
    }
  });
}
