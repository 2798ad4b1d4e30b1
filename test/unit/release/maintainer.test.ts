import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maintainerOf } from '../../../scripts/release/maintainer.ts';

test('the maintainer is that of package.json, and only without one the committer', () => {
  const committer = 'Bob <bob@example.test>';
  const ada = 'Ada <ada@example.test>';
  assert.equal(maintainerOf({}, committer), committer);
  assert.equal(maintainerOf({ author: `${ada} (https://example.test)` }, committer), ada);
  assert.equal(maintainerOf({ author: { name: 'Ada', email: 'ada@example.test' } }, committer), ada);
  assert.equal(maintainerOf({ author: 'Eve <eve@example.test>', maintainers: [ada] }, committer), ada);
  assert.equal(maintainerOf({ author: 'Ada', maintainers: [{ name: 'Ada' }] }, committer), committer);
});
