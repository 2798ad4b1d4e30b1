import assert from 'node:assert/strict';
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
