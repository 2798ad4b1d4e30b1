import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { recordedOf, recordedVersions } from './recording.ts';
import { expectedOf, DOCTOR_STORIES } from './stories.ts';

test('clusters of several versions were rehearsed: npm run rehearse:doctor', () => {
  assert.ok(recordedVersions().length > 0);
});

for (const version of recordedVersions()) {
  suite(`recorded from Kubernetes ${version}`, () => {
    const recorded = new Map(recordedOf(version).map(({ story, observed }) => [story, observed]));
    for (const story of DOCTOR_STORIES) {
      const { causes, broken } = expectedOf(story, version);
      test(`${story.name}: ${causes.join(', ') || 'no cause'}`, () => {
        const observed = recorded.get(story.name);
        assert.ok(observed !== undefined, 'it was not rehearsed');
        const diagnosis = diagnose(observed);
        assert.deepEqual(diagnosis.causes, causes);
        assert.equal(diagnosis.brokenLink, broken);
      });
    }
  });
}
