import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { ExitCode } from '../../../src/errors.ts';
import type { Runtime } from '../../../src/runtime.ts';
import { printError } from '../../../src/tracing/errors.ts';

const DOCTOR = 'hint: kubectl trace doctor looks for the cause\n';

function printed(code: ExitCode, reason: string, hint: string | null = 'do this'): string {
  let text = '';
  const err = { write: (part: string) => (text += part) };
  printError({ code, reason, message: 'it failed', hint }, { err } as unknown as Runtime);
  return text;
}

suite('an error of which doctor has a check ends with it', () => {
  const checked: readonly (readonly [ExitCode, string])[] = [
    [ExitCode.traceNotFound, 'TraceNotFound'],
    [ExitCode.traceNotFound, 'TraceNotSampled'],
    [ExitCode.backendFailed, 'NoBackend'],
    [ExitCode.backendFailed, 'BackendUnavailable'],
    [ExitCode.incomplete, 'TraceIncomplete'],
    [ExitCode.requestFailed, 'ConnectionRefused'],
    [ExitCode.requestFailed, 'CertificateExpired'],
    [ExitCode.requestFailed, 'Unauthorized'],
  ];
  for (const [code, reason] of checked) {
    test(`${reason}, exit status ${code}`, () => {
      assert.equal(printed(code, reason), `error: it failed\nhint: do this\n${DOCTOR}`);
      assert.equal(printed(code, reason, null), `error: it failed\n${DOCTOR}`);
    });
  }
});

test('every reason of a missing response has that check, unless it shows that there was one', () => {
  const folder = new URL('../../../src/kube/http/', import.meta.url);
  const sources = ['transport-error.ts', 'tls-error.ts'].map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const reasons = sources.flatMap((text) =>
    [...text.matchAll(/(?:reason: |unable\(\s*)'([A-Z]\w+)'/g)].map(([, reason = '']) => reason),
  );
  assert.ok(new Set(reasons).size >= 12);
  const without = reasons.filter((reason) => !printed(ExitCode.requestFailed, reason).endsWith(DOCTOR));
  assert.deepEqual(without, ['Interrupted']);
});

suite('any other does not', () => {
  const others: readonly (readonly [ExitCode, string])[] = [
    [ExitCode.usage, 'InvalidArguments'],
    [ExitCode.requestFailed, 'NotFound'],
    [ExitCode.requestFailed, 'Forbidden'],
    [ExitCode.stuck, 'PodStuck'],
  ];
  for (const [code, reason] of others) {
    test(`${reason}, exit status ${code}`, () => {
      assert.equal(printed(code, reason), 'error: it failed\nhint: do this\n');
    });
  }
});
