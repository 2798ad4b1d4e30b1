import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { escapeText } from '../../../../src/render/escape.ts';
import { padEnd, plainWidth, truncate, widthOf } from '../../../../src/render/terminal/width.ts';
import { flow, wrap } from '../../../../src/render/terminal/wrap.ts';

test('a sentence wraps at spaces', () => {
  assert.deepEqual(wrap('the server started its own trace, not this', 16, stringWidth), [
    'the server',
    'started its own',
    'trace, not this',
  ]);
});

test('a word wider than a line is broken', () => {
  assert.deepEqual(wrap('see abcdefghij', 4, stringWidth), ['see', 'abcd', 'efgh', 'ij']);
});

test('parts are wrapped only if they do not fit', () => {
  assert.deepEqual(flow(['GET /api', '200', '3.4 KiB', '(1 node)'], 14, stringWidth), [
    'GET /api  200',
    '3.4 KiB',
    '(1 node)',
  ]);
  assert.deepEqual(flow(['a b c d', 'e'], 3, stringWidth), ['a b', 'c d', 'e']);
});

test('truncated text leaves room for the ellipsis', () => {
  assert.equal(truncate('cacher.GetList', 14, '…', stringWidth), 'cacher.GetList');
  assert.equal(truncate('cacher.GetList', 7, '…', stringWidth), 'cacher…');
  assert.equal(truncate('日本語', 5, '…', stringWidth), '日本…');
  assert.equal(truncate('日本語', 4, '…', stringWidth), '日…');
  assert.equal(truncate('e\u0301e\u0301e\u0301', 2, '…', stringWidth), 'e\u0301…');
  assert.equal(truncate('a', 0, '…', stringWidth), '');
});

const anyText = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })).map(escapeText);
const columns = fc.integer({ min: 8, max: 60 });

test('any text cut or wrapped fits its columns, and wrapping loses only spaces', () => {
  fc.assert(
    fc.property(anyText, columns, (text, width) => {
      assert.ok(stringWidth(truncate(text, width, '…', stringWidth)) <= width);
      const lines = wrap(text, width, stringWidth);
      for (const line of lines) assert.ok(stringWidth(line) <= width);
      assert.equal(lines.join('').replace(/\s/gu, ''), text.replace(/\s/gu, ''));
    }),
    { numRuns: 1000 },
  );
});

test('without a width function the width of a text is never underestimated', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.ok(plainWidth(text) >= stringWidth(text));
      assert.equal(stringWidth(padEnd(text, 70, stringWidth)), Math.max(70, widthOf(text, stringWidth)));
    }),
  );
});

test('a text of 1 MB is cut without measuring all of it', () => {
  const measured: number[] = [];
  const cut = truncate('日'.repeat(1_000_000), 20, '…', (text) => {
    measured.push(text.length);
    return stringWidth(text);
  });
  assert.equal(cut, `${'日'.repeat(9)}…`);
  assert.ok(Math.max(...measured) < 1000);
});
