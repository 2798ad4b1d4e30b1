import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from '../../../src/format/counted.ts';
import { noteSentences } from '../../../src/render/terminal/notes.ts';
import { sources } from '../../support/architecture.ts';
import { exportResponseJSON } from '../../../src/serve/responses.ts';
import { NOTE_CODES } from '../../../src/trace/trace.ts';
import { spanID } from '../../support/spans.ts';

test('counted: one is singular, zero and several are plural', () => {
  assert.deepEqual(
    [0, 1, 2, 11, 21, 101].map((count) => counted(count, 'span')),
    ['0 spans', '1 span', '2 spans', '11 spans', '21 spans', '101 spans'],
  );
  assert.deepEqual(
    [1, 2].map((count) => counted(count, 'discovery is', 'discoveries are')),
    ['1 discovery is', '2 discoveries are'],
  );
});

/** A one before a plural, or another number before a singular. */
const WRONG =
  /\b1 (?!of\b)[a-z]+s\b(?<!\b(?:is|was|has|kubernetes|times))|\b(?:[02-9]|\d\d+) (?:span|trace|request|row|pod|look|time)\b/;

test('the notes of a trace agree with their counts', () => {
  for (const count of [1, 2, 21]) {
    const spanIDs = Array.from({ length: count }, (_, index) => spanID(String(index + 1)));
    for (const sentence of noteSentences(NOTE_CODES.map((code) => ({ code, spanIDs })))) {
      assert.doesNotMatch(sentence, WRONG);
      assert.match(sentence, count === 1 ? /\b1 span\b/ : new RegExp(`\\b${count} spans\\b`));
    }
    assert.doesNotMatch(JSON.stringify(exportResponseJSON(count)), WRONG);
  }
});

test('no message builds its own plural', async () => {
  // `${spans.length} spans`, `${count} ${count === 1 ? 'span' : 'spans'}`: right for most numbers.
  const byItself = /\$\{[^}`]*(?:\.length|[cC]ount|[dD]ropped|rejected)\} [a-z]+s\b|=== 1 \? '[a-z ]+' : '[a-z ]+s'/;
  const found = [...(await sources())].flatMap(([file, text]) =>
    text
      .split('\n')
      .filter((line) => byItself.test(line) && !/^\s*(?:\/\/|\*|\/\*)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(found, []);
});
