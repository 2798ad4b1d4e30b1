import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsOfMarkdown } from '../../scripts/english/markdown-texts.ts';
import { refusedPhrases } from '../../scripts/english/refused-phrases.ts';
import { textsOfSource, titlesOf } from '../../scripts/english/typescript-texts.ts';

const words = (texts: ReturnType<typeof textsOfSource>): string[] =>
  texts.flatMap((text) => refusedPhrases(text, { allowed: [], used: new Set() }).map((refusal) => refusal.words));

test('English check: a comment that begins with "Of" or "What" is refused', () => {
  assert.deepEqual(
    words(textsOfSource('/** Of the root, its ID. */\n// What is read.\nlet of; /* The ID of the root. */')),
    ['Of the root, its ID.', 'What is read.'],
  );
});

test('English check: a phrase that is broken over two lines of a comment is found at the first line', () => {
  const texts = textsOfSource('\n\n// The server is\n// told the name.\n');
  assert.deepEqual(words(texts), ['The server is told the name.']);
  assert.equal(texts[0]?.line, 3);
});

test('English check: strings with a space are messages; names and regular expressions are not', () => {
  assert.deepEqual(
    words(textsOfSource("a('answered'); b(`${c} is told ${d}`); e = /is told it's/; f(\"asked '\" + g)")),
    ['is told', "asked '"],
  );
});

test('English check: the title of a test is found in `test(…)`, `context.test(…)` and templates', () => {
  const source = "test('is told', x); await context.test(`${n} anew`, y); assert.equal('is told', z);";
  assert.deepEqual(
    titlesOf(source).map(({ text }) => text),
    ['is told', '… anew'],
  );
});

test('English check: code in Markdown is left out, and a paragraph is read as one line', () => {
  const document = '# Title\n\nThe server is\ntold `is told`.\n\n```\nis told\n```\n| anew | b |\n';
  assert.deepEqual(words(textsOfMarkdown(document)), ['The server is told `…`.', '| anew | b |']);
});

test('English check: an exception is used only for the words that it names', () => {
  const used = new Set<never>();
  const allowed = [{ file: 'a.ts', text: 'is told', reason: 'quoted' }];
  const text = { line: 1, kind: 'comment', text: 'The server is told anew.' } as const;
  assert.deepEqual(
    refusedPhrases(text, { allowed, used }).map((refusal) => refusal.phrase.instead),
    ['again'],
  );
  assert.equal(used.size, 1);
});
