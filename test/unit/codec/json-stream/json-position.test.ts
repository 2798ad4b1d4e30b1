import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonMistake } from '../../../../src/codec/json-stream/json-position.ts';

const cases: readonly (readonly [text: string, at: number | undefined])[] = [
  ['{"a": [1, -2.5e+3, true, null, "\\u00b5\\n"]}', undefined],
  [' [] ', undefined],
  ['{}', undefined],
  ['', 0],
  ['{"a":1', 6],
  ['[1, 2', 5],
  ['[1,]', 3],
  ['{"a":1,}', 7],
  ['{a:1}', 1],
  ['{"a" 1}', 5],
  ['[1 2]', 3],
  ['[1}', 2],
  ['nul', 0],
  ['01', 1],
  ['1 2', 2],
  ['"a', 2],
  ['"a\nb"', 2],
  ['"\\q"', 1],
  ['[1.]', 2],
  ["{'a':1}", 1],
];

for (const [text, at] of cases) {
  test(`${JSON.stringify(text)} ${at === undefined ? 'is JSON' : `stops being JSON at ${at}`}`, () => {
    assert.equal(jsonMistake(text), at);
  });
}

const isJSON = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('it is a mistake if and only if it is one to JSON.parse, and all before it can be completed', () => {
  const damaged = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', '"', '\\', ',', '}', ']', '{', '[', ':', '1', 'e', '\n', ' ', 'x', '.'),
    )
    .map(([text, place, character]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + character + text.slice(at + (place % 3));
    });
  fc.assert(
    fc.property(damaged, (text) => {
      const at = jsonMistake(text);
      assert.equal(at === undefined, isJSON(text));
      if (at === undefined || at === text.length) return;
      // Cut there, the text just ends too early, or is whole.
      assert.ok([undefined, at].includes(jsonMistake(text.slice(0, at))));
    }),
    { numRuns: 3000 },
  );
});

test('long texts and deep documents take no stack', () => {
  assert.equal(jsonMistake(`"${'a'.repeat(20_000_000)}`), 20_000_001);
  assert.equal(jsonMistake('['.repeat(1_000_000)), 1_000_000);
});
