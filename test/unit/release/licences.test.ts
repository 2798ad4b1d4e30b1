import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import packageJSON from '../../../package.json' with { type: 'json' };
import { isPermitted, refusedLicences, type LockFile } from '../../../scripts/dependencies/licences.ts';

const lock = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as LockFile;

suite('licences', () => {
  test('of all packages are permitted, which npm run check checks', () => {
    assert.deepEqual(refusedLicences(lock), []);
    assert.ok(Object.keys(lock.packages).length > 200);
    assert.match(packageJSON.scripts.check, /npm run licences/);
  });

  test('an expression is permitted by one side of each OR, and by both of each AND', () => {
    for (const expression of ['MIT', '(MIT OR GPL-3.0-only)', 'MIT AND ISC'])
      assert.ok(isPermitted(expression), expression);
    for (const expression of [
      'GPL-3.0-only',
      'MIT AND GPL-3.0-only',
      '(AGPL-3.0-only OR SSPL-1.0)',
      'SEE LICENSE IN x',
      '',
    ]) {
      assert.ok(!isPermitted(expression), expression);
    }
  });

  test('a package of the tests alone may have the licence that is listed for it, and no other', () => {
    const refused = (license: string): readonly string[] =>
      refusedLicences({ packages: { 'node_modules/axe-core': { version: '4.0.0', license } } });
    assert.deepEqual(refused('MPL-2.0'), []);
    assert.deepEqual(refused('GPL-3.0-only'), ['axe-core 4.0.0: GPL-3.0-only is not permitted']);
    assert.ok(!isPermitted('MPL-2.0'));
  });

  test('a package is refused whose licence is not permitted or missing', () => {
    const packages = {
      '': { version: '1.0.0', license: 'GPL-3.0-only' },
      'node_modules/good': { version: '1.0.0', license: 'MIT' },
      'node_modules/good/node_modules/@other/copyleft': { version: '2.0.0', license: 'GPL-3.0-only' },
      'node_modules/silent': { version: '3.0.0' },
    };
    assert.deepEqual(refusedLicences({ packages }), [
      '@other/copyleft 2.0.0: GPL-3.0-only is not permitted',
      'silent 3.0.0: no licence is declared',
    ]);
  });
});
