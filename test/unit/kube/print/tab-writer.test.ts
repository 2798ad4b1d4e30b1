import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TabWriter } from '../../../../src/kube/print/tab-writer.ts';

test('a text with 100,000 tabs is aligned in its first columns, and printed', () => {
  const writer = new TabWriter();
  writer.write(`first${'\tx'.repeat(100_000)}`);
  writer.write('other\ty');
  writer.flush();
  const [line = '', other = ''] = writer.take().split('\n');
  assert.equal(line.replaceAll(' ', ''), `first${'x'.repeat(100_000)}`);
  assert.equal(other, 'other   y');
  assert.equal(line.indexOf('x'), other.indexOf('y'));
});
