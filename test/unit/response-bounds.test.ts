import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkValues, countValues, isTooDeep, ResponseTooLarge } from '../../src/response-bounds.ts';

const opening = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => sum + (',{['.includes(String.fromCodePoint(byte)) ? 1 : 0), 0);

test('every comma and every opening bracket counts as a value, wherever the bytes begin and end', () => {
  const byte = fc.constantFrom(...Buffer.from(',{[]}"a\u00ac')).map(Number);
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 20 }), fc.nat(3), (bytes, from) => {
      const part = Buffer.from(bytes).subarray(from);
      assert.equal(countValues(part), opening(part));
    }),
  );
});

test('JSON of empty objects is refused, and an ordinary list of the same size is not', () => {
  const empty = Buffer.from(`[${'{},'.repeat(1_000_000)}{}]`);
  assert.throws(() => checkValues(empty), ResponseTooLarge);
  const object = '{"kind":"ConfigMap","apiVersion":"v1"},';
  checkValues(Buffer.from(`[${object.repeat(empty.length / object.length)}{}]`));
});

test('a thousand levels are not too deep, whatever stands beside them', () => {
  const nested = (levels: number, item: string): Buffer =>
    Buffer.from(`[${item},${'[{"a":'.repeat(levels / 2 - 1)}[]${'}]'.repeat(levels / 2 - 1)}]`);
  for (const item of ['1', '"[[{"', '"\\"[{"', '[]', ...[400, 2000].map((count) => `"${'[{'.repeat(count)}"`)]) {
    const deepest = nested(1000, item);
    assert.doesNotThrow(() => JSON.parse(deepest.toString()));
    assert.equal(isTooDeep(deepest), false, item.slice(0, 10));
    assert.equal(isTooDeep(nested(1002, item)), true, item.slice(0, 10));
    assert.equal(isTooDeep(Buffer.from(`  ${deepest.toString()}`).subarray(1)), false);
  }
});
