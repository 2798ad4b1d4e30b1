import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeObject } from '../../../../src/kube/api/object-json.ts';

test('keys are sorted, at every depth, by their bytes', () => {
  assert.equal(encodeObject({ b: 1, a: { d: 1, c: [{ f: 1, e: 2 }] } }), '{"a":{"c":[{"e":2,"f":1}],"d":1},"b":1}\n');
  // U+1F600 is after U+FFFD in UTF-8, and before it in UTF-16.
  assert.equal(encodeObject({ '😀': 1, '\ufffd': 2 }), '{"\ufffd":2,"😀":1}\n');
});

test('texts are escaped as Go does it', () => {
  assert.equal(encodeObject('<a>&\u2028\u2029"\n'), '"\\u003ca\\u003e\\u0026\\u2028\\u2029\\"\\n"\n');
  assert.equal(encodeObject('\ud800'), '"\ufffd"\n');
});

test('numbers are as exact as 64 bits allow', () => {
  assert.equal(encodeObject([9007199254740993n, 1e21, 1e-7, 0.5, -0]), '[9007199254740993,1e+21,1e-7,0.5,0]\n');
  for (const value of [NaN, Infinity]) assert.throws(() => encodeObject({ value }), { reason: 'MalformedInput' });
});

test('a document without an end is refused', () => {
  const endless: unknown[] = [];
  endless.push(endless);
  assert.throws(() => encodeObject(endless), { reason: 'MalformedInput', exitCode: 2 });
  let large: unknown = 'lol'.repeat(1000);
  for (let level = 0; level < 20; level++) large = [large, large, large];
  assert.throws(() => encodeObject(large), { message: /larger than 50 MB/ });
});

test('whatever it writes says the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(encodeObject(value)), JSON.parse(JSON.stringify(value, wellFormed)));
    }),
  );
});

function wellFormed(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toWellFormed(), each]));
}
