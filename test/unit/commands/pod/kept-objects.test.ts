import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { NewestObjects } from '../../../../src/commands/pod/kept-objects.ts';

const MIB = 1024 * 1024;

suite('objects of a watch', () => {
  test('are stored once, by their UIDs', () => {
    const kept = new NewestObjects<string>();
    kept.set('a', 'first', 10);
    kept.set('b', 'other', 10);
    kept.set('a', 'second', 10);
    assert.deepEqual(kept.values(), ['second', 'other']);
    kept.delete('a');
    kept.delete('missing');
    assert.deepEqual([kept.get('a'), kept.get('b'), kept.size], [undefined, 'other', 1]);
    kept.clear();
    assert.deepEqual([kept.values(), kept.isCut], [[], false]);
  });

  test('are the newest if a server continues to send others', () => {
    const kept = new NewestObjects<number>();
    for (let index = 0; index < 20_000; index++) kept.set(String(index), index, 100);
    assert.deepEqual([kept.size, kept.values().at(0), kept.values().at(-1), kept.isCut], [5000, 15_000, 19_999, true]);
  });

  test('are fewer if they are large', () => {
    const kept = new NewestObjects<number>();
    for (let index = 0; index < 100; index++) kept.set(String(index), index, 8 * MIB);
    assert.deepEqual([kept.size, kept.isCut], [16, true]);
    for (let again = 0; again < 100; again++) kept.set('99', again, 8 * MIB);
    assert.equal(kept.size, 16);
  });
});
