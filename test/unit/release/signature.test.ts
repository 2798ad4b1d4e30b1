import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { signatureProblems } from '../../../scripts/release/signature.ts';

const noCertificate = 'CMS error: missing further values (at position 0)\n';
const changed = 'code digest mismatch for entry 14648; recorded digest bc89, actual 47b2\n';
const stderr = '(the verify command is known to be buggy)\nError: problems reported during verification\n';

/** Outputs of rcodesign 0.29.0. */
suite('an ad-hoc signature', () => {
  test('is valid although it has no certificate', () => {
    assert.deepEqual(signatureProblems({ ok: false, stdout: noCertificate, stderr }), []);
    assert.deepEqual(signatureProblems({ ok: true, stdout: '', stderr: 'no problems detected!\n' }), []);
  });

  test('is not valid for a program that was changed', () => {
    const problems = signatureProblems({ ok: false, stdout: `${noCertificate}${changed}`, stderr });
    assert.deepEqual(problems, [changed.trim()]);
  });

  test('is not valid where rcodesign fails without a problem', () => {
    assert.deepEqual(signatureProblems({ ok: false, stdout: '', stderr: 'Error: no signature\n' }), [
      'Error: no signature',
    ]);
  });
});
