import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedReport } from '../../../support/recorded-report.ts';
import { objectStories } from '../../../lab/record/stories.ts';
import { recordedStories, type RecordedStory } from '../../../support/recorded.ts';

const told = { command: 'kubectl trace', objectCount: null, found: true };

const isTimed = ({ truth }: RecordedStory): boolean => objectStories.some(({ name }) => name === truth.story);

for (const story of recordedStories().filter(isTimed)) {
  const { webhookCalls } = story.truth;
  const { analysis } = recordedReport(story, told);
  assert.ok(analysis);
  const { findings, trace } = analysis;

  if (webhookCalls.length === 0) {
    test(`${story.title}: no findings`, () => {
      assert.ok(trace.duration < 100e6, 'a recorded request without webhooks is fast');
      assert.deepEqual(findings, []);
    });
    continue;
  }

  test(`${story.title}: the mutating webhook is found, with the duration its server reports`, () => {
    const [finding, ...others] = findings;
    assert.equal(finding?.id, 'slow-webhook');
    assert.match(finding.title, /was the mutating webhook slow\.mutating\.record\.test$/);
    assert.deepEqual(others, []);
    const call = webhookCalls.find(({ type }) => type === 'mutating');
    assert.ok(call);
    const truth = Number(BigInt(call.end) - BigInt(call.start));
    assert.ok(Math.abs(finding.nanos - truth) <= truth * 0.05, `${finding.nanos} instead of ${truth}`);
    assert.ok(Math.abs(finding.share - truth / trace.duration) <= 0.05);
    assert.equal(finding.spans[0].span.name, 'Call mutating webhook');
    assert.match(finding.detail, /^configuration mutating\.record\.test, timeout 10 s; it exports no spans/);
    assert.match(finding.hint ?? '', /^If it hangs, every creation of configmaps waits 10 s\./);
    assert.equal(finding.command, 'kubectl get mutatingwebhookconfiguration mutating.record.test -o yaml');
  });
}
