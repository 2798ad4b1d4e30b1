import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { load } from 'js-yaml';
import { textsOfSource } from '../../scripts/english/typescript-texts.ts';
import { VERBS } from '../../src/commands/index.ts';
import { KREW_NAME, programNameOf } from '../../src/format/program-name.ts';
import { sources } from '../support/architecture.ts';

/** Texts that are not for typing, and what they are. */
const NAMES: Readonly<Record<string, string>> = {
  'backend/kinds.ts': "a backend's name, in documents too",
  'commands/serve/trace-list.ts': 'the title of a page',
  'glossary/client.ts': 'the root row of a tree',
  'page/write.ts': 'a file that others open',
  'proxy/certificate.ts': "a certificate's name",
  'report/spans-report.ts': "a backend's name, in documents too",
  'serve/gate.ts': 'the name of a realm, which a browser shows',
  'serve/self.ts': 'what is signed',
};

/** `kubectl trace get`, `kubectl trace COMMAND`, `kubectl trace --help`: a command that the user may type. */
const COMMAND = new RegExp(String.raw`\bkubectl trace (?:(?:${VERBS.join('|')})\b(?!s itself)|[A-Z…]|--|$)`);

suite('commands in messages and help begin with the name that the program was started under', () => {
  test('a fixed name is found', () => {
    for (const text of ["'see kubectl trace show last'", "'kubectl trace COMMAND --help'", '`kubectl trace ${verb}`']) {
      assert.ok(
        textsOfSource(`const hint = ${text};`).some((found) => COMMAND.test(found.text)),
        text,
      );
    }
    for (const text of ["'a row of kubectl trace'", "'kubectl trace needs Node.js'", '`${programName()} show last`']) {
      assert.ok(!textsOfSource(`const hint = ${text};`).some((found) => COMMAND.test(found.text)), text);
    }
  });

  test('no source has one', async () => {
    const found = [...(await sources())].flatMap(([file, text]) =>
      textsOfSource(text)
        .filter(({ kind, text: message }) => kind === 'message' && COMMAND.test(message))
        .map(({ line, text: message }) => ({ file, line, message })),
    );
    assert.deepEqual(
      found.filter(({ file }) => !(file in NAMES)),
      [],
    );
    assert.deepEqual([...new Set(found.map(({ file }) => file))].toSorted(), Object.keys(NAMES).toSorted());
  });
});

test("the help texts of krew's name are those of the name in the manifest", async () => {
  const template = await readFile(new URL('../../krew-manifest.yaml', import.meta.url), 'utf8');
  const { metadata } = load(template.replaceAll(/\{\{.*?\}\}/g, '')) as {
    readonly metadata: { readonly name: string };
  };
  assert.equal(programNameOf(`kubectl-${metadata.name.replaceAll('-', '_')}`), KREW_NAME);
});
