import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { exitCodeOf } from '../../../src/commands/doctor/run.ts';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import { recordedOf, recordedVersions } from './recording.ts';
import { ExitCode } from '../../../src/errors.ts';
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

    for (const { name } of DOCTOR_STORIES.filter((story) => story.name.startsWith('healthy'))) {
      test(`${name}: every line is ok or unknown, the canary is found, and the exit code is 0`, () => {
        const diagnosis = diagnose(recorded.get(name)!);
        const lines = diagnosis.checks.map(({ id, state }) => `${id} ${state}`);
        assert.deepEqual(
          lines.filter((line) => !/ (?:ok|unknown)$/.test(line)),
          [],
        );
        assert.ok(lines.includes('canary ok'));
        assert.equal(exitCodeOf(diagnosis), ExitCode.ok);
      });
    }
  });
}
