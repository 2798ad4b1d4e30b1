import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as browser from '../../../page/base64.ts';
import * as program from '../../../src/format/base64.ts';
import { seededRandom } from '../../support/seeded-random.ts';

suite('base64 in a browser is that of the program', () => {
  test('for bytes of any length', () => {
    const random = seededRandom(7);
    for (const length of [0, 1, 2, 3, 4, 5, 8, 16, 255, 20_000]) {
      const bytes = Uint8Array.from({ length }, () => Math.floor(random() * 256));
      assert.equal(browser.base64Of(bytes), program.base64Of(bytes));
      assert.equal(browser.hexOf(bytes), program.hexOf(bytes));
      assert.deepEqual(browser.bytesOfBase64(program.base64Of(bytes)), bytes);
    }
  });

  for (const text of [
    '',
    '=',
    'A',
    'AA',
    'AAA',
    'AQI',
    'AQI=',
    '_-8',
    '/+8=',
    'A Q I\n',
    'A*QI',
    'AQI=AQI=',
    'AQIDB',
    '€',
  ]) {
    test(`for the text ${JSON.stringify(text)}`, () => {
      assert.deepEqual([...browser.bytesOfBase64(text)], [...program.bytesOfBase64(text)]);
    });
  }
});
