import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { podCases, runPodCase } from '../../support/pod-case.ts';

interface Verdict {
  readonly state: string;
  readonly reason: string | null;
  readonly stage: string;
  readonly waitingFor: { readonly kind: string; readonly name: string } | null;
  readonly owner: string | null;
}

/** Exit status by state (docs/pod.md). */
const EXIT: Readonly<Record<string, number>> = { stuck: 6, failed: 6 };

/** Inputs modelled on public reports: test/fixtures/cases/README.md. */
suite('pod cases', () => {
  for (const podCase of podCases()) {
    const { name, expected } = podCase;
    test(`${name}: ${expected.because}`, async (t) => {
      const { stdout, stderr, exitCode } = await runPodCase(t, podCase, ['-o', 'json']);
      assert.ok(stdout !== '', stderr);
      const { verdict } = JSON.parse(stdout) as { verdict: Verdict };
      if (expected.state !== null) {
        assert.deepEqual(
          { state: verdict.state, reason: verdict.reason },
          { state: expected.state, reason: expected.reason },
        );
        assert.equal(exitCode, EXIT[expected.state] ?? 0);
      }
      for (const key of ['stage', 'waitingFor', 'owner'] as const)
        if (expected[key] !== undefined) assert.deepEqual(verdict[key], expected[key]);
      const { stdout: screen } = await runPodCase(t, podCase, []);
      const words = screen.replace(/\s+/g, ' ');
      for (const text of expected.says ?? []) assert.ok(words.includes(text), `${text} is missing:\n${screen}`);
      for (const text of expected.never ?? []) assert.ok(!words.includes(text), `${text} is in:\n${screen}`);
    });
  }
});
