import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DOCTOR_FLAGS } from '../../../../src/commands/doctor/arguments.ts';
import { UsageError } from '../../../../src/errors.ts';
import { parse } from '../../../support/parse.ts';

suite('the output of doctor', () => {
  for (const format of ['tree', 'wide', 'json', 'yaml', 'jsonpath={.causes}']) {
    test(`may be ${format}`, () => assert.equal(parse(['doctor', '-o', format], {}).kind, 'doctor'));
  }

  test('has no format of a trace, and says which it has', () => {
    assert.throws(
      () => parse(['doctor', '-o', 'table'], {}),
      (error) => error instanceof UsageError && /tree, wide, json, yaml or jsonpath=TEMPLATE/.test(error.message),
    );
    assert.throws(() => parse(['doctor', '-o', 'otlp'], {}), UsageError);
  });

  for (const flag of ['--errors', '--depth=1', '--service=etcd', '--full', '--redact', '--no-inferred']) {
    test(`has no rows of a trace: ${flag} is refused`, () => {
      assert.throws(() => parse(['doctor', flag], {}), UsageError);
      assert.ok(!DOCTOR_FLAGS.some(({ name }) => flag.startsWith(`--${name}`)));
    });
  }

  test('is refused where the environment wants pseudonyms, which it has not', () => {
    assert.throws(() => parse(['doctor'], { KUBECTL_TRACE_REDACT: 'true' }), /doctor has no --redact/);
    assert.throws(() => parse(['doctor'], { KUBECTL_TRACE_OUTPUT: 'otlp' }), /tree, wide, json, yaml or jsonpath/);
  });

  test('has the flags of the screen', () => {
    const { draw } = parse(['doctor', '--width', '60', '--ascii', '--color', 'never'], {}) as {
      readonly draw?: { readonly width?: number; readonly ascii?: boolean; readonly color: string };
    };
    assert.deepEqual([draw?.width, draw?.ascii, draw?.color], [60, true, 'never']);
  });
});
