import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathWordings } from '../../../../src/analysis/wording/path.ts';

test('a path is shortened from its beginning', () => {
  assert.deepEqual(pathWordings('/api/v1/nodes'), ['/api/v1/nodes', '…/v1/nodes', '…/nodes']);
  assert.deepEqual(pathWordings('/version'), ['/version']);
  assert.deepEqual(pathWordings('/'), ['/']);
});

test('a path with many segments has few wordings', () => {
  assert.deepEqual(pathWordings(`${'/a'.repeat(50_000)}/b`).length, 6);
});
