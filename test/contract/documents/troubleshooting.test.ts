import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { codeOf } from '../../support/markdown.ts';
import { isPrinted } from '../../support/program-texts.ts';

const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');

suite('docs/troubleshooting.md', () => {
  const messages = codeOf(page).filter(({ isOutput }) => isOutput);

  test('quotes messages of the program', () => assert.ok(messages.length > 40));

  for (const { text, line } of messages) {
    test(`line ${line} is a text of the program: ${text}`, () => assert.ok(isPrinted(text)));
  }

  test('a message that the program does not have is found', () => {
    assert.ok(!isPrinted('error: the request succeeded, but its trace went away for a while'));
    // The outer text is one of the program, and the inner one is not.
    assert.ok(
      !isPrinted('Unable to connect to the server: getting credentials: the plugin does not feel like it today'),
    );
  });

  test('every message has a reason and a remedy', () => {
    for (const section of page.split(/^#{2,3} /m).slice(1)) {
      if (!section.includes('```text')) continue;
      assert.match(section, /^- \*\*Why\*\*: .+^- \*\*Do\*\*: /ms);
    }
  });
});
