import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { wantedOutput } from '../../../src/commands/wanted-output.ts';

suite('JSON errors are selected', () => {
  for (const line of [
    '-o json',
    '-ojson',
    '-o=json',
    '--output json',
    '--output=json',
    '-Aojson',
    '--bogus -o json',
    '-o tree -o json',
  ]) {
    test(`by ${line}`, () => assert.equal(wantedOutput(['get', ...line.split(' ')]), 'json'));
  }
  for (const line of ['-o tree', '-o json -o tree', '-- -o json', '-nfoojson', 'json', '-o']) {
    test(`not by ${line}`, () => assert.notEqual(wantedOutput(['get', ...line.split(' ')]), 'json'));
  }
  test('by the environment', () => {
    assert.equal(wantedOutput(['get', '--bogus'], { KUBECTL_TRACE_OUTPUT: 'json' }), 'json');
    assert.equal(wantedOutput(['get', '-o', 'tree'], { KUBECTL_TRACE_OUTPUT: 'json' }), 'tree');
  });
});
