import { environmentName } from '../../src/cli/flag.ts';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import schema from '../../schema/request-trace.schema.json' with { type: 'json' };
import { commandPages } from '../../scripts/docs/command-pages.ts';
import { withGlossary } from '../../scripts/docs/glossary-page.ts';
import { helpText } from '../../src/commands/help/text.ts';
import { FLAGS, PROGRAM, VERBS } from '../../src/commands/index.ts';

/** README, help, docs and schema say the same. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const README = textOf('README.md');

suite('docs/commands', () => {
  const pages = commandPages();

  test('has a page for every command, and no other', () => {
    const names = [...VERBS.map((verb) => `${verb}.md`), 'README.md'].toSorted();
    assert.deepEqual([...pages.keys()].toSorted(), names);
    assert.deepEqual(readdirSync(join(root, 'docs/commands')).toSorted(), names);
  });

  for (const [name, text] of pages) {
    test(`${name} matches the code (npm run docs writes it)`, () => {
      assert.equal(textOf(`docs/commands/${name}`), text);
    });
  }

  for (const verb of VERBS) {
    test(`${verb}.md has every flag of its help, with its environment variable, and every example`, () => {
      const page = textOf(`docs/commands/${verb}.md`);
      for (const [, name = ''] of helpText(PROGRAM, verb).matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)) {
        const flag = PROGRAM.commands[verb]!.flags.find((candidate) => candidate.name === name)!;
        const [item = ''] = new RegExp(`^- \`(?:-\\w, )?--${name}\\b[^\`-]*\`.*$`, 'm').exec(page) ?? [];
        assert.ok(item.includes(flag.help), `--${name}`);
        assert.ok(item.includes(environmentName(flag) ?? ''), `--${name}`);
        assert.ok(item.includes(flag.default === undefined ? '' : `(default ${flag.default})`), `--${name}`);
      }
      for (const example of helpText(PROGRAM, verb).match(/^ {2}kubectl trace .*$/gm) ?? []) {
        assert.ok(page.includes(`\n${example.trim()}\n`), example);
      }
    });
  }
});

test('docs/reading-the-tree.md has the rows of the glossary (npm run docs writes it)', () => {
  const page = textOf('docs/reading-the-tree.md');
  assert.equal(page, withGlossary(page));
  assert.throws(() => withGlossary('no line to write below'), /must have one line/);
});

suite('README.md', () => {
  test('is at most 150 lines long', () => assert.ok(README.trimEnd().split('\n').length <= 150));

  test('explains how to install, try and test', () => {
    for (const command of ['npm ci && npm link', 'npm ci && npm run demo', 'npm cit']) {
      assert.match(README, new RegExp(`^ {4}${command}( |$)`, 'm'));
    }
  });

  test('has five tasks', () => {
    const tasks = [...README.matchAll(/^\*\*(\d)\. /gm)].map(([, number]) => number);
    assert.deepEqual(tasks, ['1', '2', '3', '4', '5']);
  });
});

suite('documents', () => {
  test('docs/output.md has every output format of the help', () => {
    const { choices = [] } = FLAGS.find(({ name }) => name === 'output')!;
    const table = /^\| `-o`[^]*?\n\n/m.exec(textOf('docs/output.md'))?.[0] ?? '';
    const cells = table
      .split('\n')
      .slice(2)
      .map((row) => row.split('|')[1] ?? '');
    const listed = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    assert.deepEqual(listed.toSorted(), choices.toSorted());
  });

  test('docs/finding-the-trace.md has every verdict of the schema', () => {
    const page = textOf('docs/finding-the-trace.md');
    for (const verdict of schema.$defs.verdict.enum) assert.ok(page.includes(`\`${verdict}\``), verdict);
  });
});
