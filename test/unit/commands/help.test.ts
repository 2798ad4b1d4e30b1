import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { COMMANDS, FLAGS, VERBS } from '../../../src/commands/index.ts';
import { flagTable, helpText } from '../../../src/commands/help/text.ts';
import { parse } from '../../support/parse.ts';

suite('the table of flags', () => {
  for (const flag of FLAGS) {
    test(`--${flag.name}`, () => {
      assert.match(flag.help, /^[A-Z]/, 'begins with an uppercase letter');
      assert.doesNotMatch(flag.help, /\.$/, 'ends without a period');
      assert.equal(flag.placeholder === undefined, flag.type === 'boolean', 'only booleans have no value');
      assert.equal(flag.choices !== undefined, flag.type === 'choice' || flag.type === 'format');
    });
  }
  test('has every name and letter once', () => {
    const letters = FLAGS.flatMap(({ alias }) => alias ?? []);
    for (const all of [FLAGS.map(({ name }) => name), letters]) assert.equal(new Set(all).size, all.length);
  });
});

suite('the help text', () => {
  test('has every command and every flag', () => {
    for (const verb of VERBS) assert.match(helpText(COMMANDS), new RegExp(`^  ${verb} `, 'm'));
    const texts = VERBS.map((verb) => helpText(COMMANDS, verb)).join('');
    for (const { name } of FLAGS) assert.match(texts, new RegExp(`^  .*--${name}\\b`, 'm'));
  });
  for (const topic of [undefined, ...VERBS]) {
    test(`of ${topic ?? 'the program'} fits into 80 columns`, () => {
      assert.deepEqual(
        helpText(COMMANDS, topic)
          .split('\n')
          .filter((line) => line.length > 80 || line !== line.trimEnd()),
        [],
      );
    });
  }
  test('shows examples that are understood', () => {
    for (const verb of VERBS.filter((one) => one !== 'version' && one !== 'help')) {
      const examples =
        helpText(COMMANDS, verb)
          .match(/^ {2}kubectl trace .*$/gm)
          ?.filter((line) => !line.includes('[flags]')) ?? [];
      assert.ok(examples.length > 0, verb);
      for (const example of examples) assert.equal(parse(shellWords(example).slice(2), {}).kind, verb);
    }
  });
});

/** Words of a line, of which some are in single quotes. */
const shellWords = (line: string): string[] =>
  [...line.trim().matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

test('the table in README.md is the one of the code (npm run readme writes it)', async () => {
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const written = /<!-- flags -->\n\n([^]*?)\n\n<!-- \/flags -->/.exec(readme)?.[1] ?? '';
  assert.deepEqual(cells(written), cells(flagTable(FLAGS)));
});

/** Without the padding that the formatter adds. */
const cells = (table: string): string[][] =>
  table.split('\n').map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/^-+$/, '---')));
