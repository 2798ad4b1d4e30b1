import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asciiText, escapeText } from '../../../src/render/escape.ts';

const cases: readonly (readonly [what: string, text: string, escaped: string])[] = [
  ['a new line', 'a\nb\r\n', 'a\\nb\\r\\n'],
  ['a tab', 'a\tb', 'a\\tb'],
  ['a colour', '\u001b[31mred', '\\u001b[31mred'],
  ['the eight-bit form of the same', '\u009b31mred', '\\u009b31mred'],
  ['a hyperlink (OSC 8)', '\u001b]8;;http://evil\u0007x', '\\u001b]8;;http://evil\\u0007x'],
  ['a backspace and a delete', 'a\b\u007f', 'a\\u0008\\u007f'],
  ['an override of the direction', 'a\u202eb\u202c', 'a\\u202eb\\u202c'],
  ['an isolate and a mark', '\u2066\u200f\u061c', '\\u2066\\u200f\\u061c'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['nothing that is as wide as something', '\u200b\u2060\ufeff\u00ad', '\\u200b\\u2060\\ufeff\\u00ad'],
  ['letters that look like blanks', '\u3164\u115f', '\\u3164\\u115f'],
  ['a tag character', '\u{e0041}', '\\u{e0041}'],
  ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
  ['a private character', '\ue000', '\\ue000'],
  ['marks upon marks', 'a\u0301\u0301\u0301\u0301\u0301', 'a\u0301\u0301\u0301\u0301\\u0301'],
];

for (const [what, text, escaped] of cases) {
  test(`${what} is escaped visibly`, () => {
    assert.equal(escapeText(text), escaped);
  });
}

test('text in any script is unchanged', () => {
  for (const text of ['nodes …/default', 'größer', '日本語', 'שלום', 'เพื่อ', '🚀', 'e\u0301', '']) {
    assert.equal(escapeText(text), text);
  }
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
);

test('escaping any text leaves nothing unsafe, and escaping twice changes nothing', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = escapeText(text);
      assert.doesNotMatch(escaped, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      assert.equal(escapeText(escaped), escaped);
    }),
    { numRuns: 1000 },
  );
});

test('text for a terminal without Unicode has only ASCII', () => {
  assert.equal(asciiText('12.3 µs · …/nodes ü\n'), '12.3 us . ~/nodes \\u00fc\\n');
  fc.assert(
    fc.property(anyText, (text) => {
      assert.match(asciiText(text), /^[ -~]*$/);
    }),
    { numRuns: 1000 },
  );
});
