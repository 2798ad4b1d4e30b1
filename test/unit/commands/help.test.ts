import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BASIC_FLAGS } from '../../../src/cli/arguments.ts';
import type { Flag } from '../../../src/cli/flag.ts';
import type { CommandHelp } from '../../../src/commands/command.ts';
import { helpText } from '../../../src/commands/help/text.ts';
import { COMMANDS, FLAGS, PROGRAM, VERBS } from '../../../src/commands/index.ts';
import { parse } from '../../support/parse.ts';
import { commandsOf } from '../../support/shell-words.ts';

suite('the table of flags', () => {
  for (const flag of FLAGS) {
    test(`--${flag.name}`, () => {
      assert.match(flag.help, /^[A-Z]/, 'begins with an uppercase letter');
      assert.doesNotMatch(flag.help, /\.$/, 'ends without a period');
      assert.equal(flag.placeholder === undefined, flag.type === 'boolean', 'only booleans have no value');
      assert.equal(flag.choices !== undefined, flag.type === 'choice' || flag.type === 'format');
    });
  }
  test('has every name and shorthand once', () => {
    const letters = FLAGS.flatMap(({ alias }) => alias ?? []);
    for (const all of [FLAGS.map(({ name }) => name), letters]) assert.equal(new Set(all).size, all.length);
  });
});

suite('the first screen', () => {
  const lines = helpText(PROGRAM).trimEnd().split('\n');

  test('fits 24 lines of 80 columns, including the prompt', () => assert.ok(lines.length < 24));

  test('lists every command once, in groups', () => {
    const end = lines.indexOf('Examples:');
    const names = lines.slice(0, end).flatMap((line) => /^ {2}([a-z]+(?:, [a-z]+)*) {2}/.exec(line)?.[1] ?? []);
    assert.deepEqual(names.join(', ').split(', ').toSorted(), VERBS.toSorted());
    assert.equal(lines.slice(0, end).filter((line) => line.endsWith(':')).length, 3);
  });

  test('has three examples that parse', () => {
    const examples = lines.flatMap((line) => /^ {2}(kubectl trace .*?) +# /.exec(line)?.[1] ?? []);
    assert.deepEqual(
      examples.map((example) => parse(commandsOf(example)[0]!.slice(2), {}).kind),
      ['get', 'pod', 'kubectl'],
    );
  });

  test('says where to read more', () => {
    assert.match(
      helpText(PROGRAM),
      /Use "kubectl trace COMMAND --help" for more information about a given command\.$/m,
    );
  });

  test('names no file of the sources, which an archive and a package do not have', () => {
    for (const topic of [undefined, ...VERBS]) assert.doesNotMatch(helpText(PROGRAM, topic), /\bdocs\/|\.md\b/);
  });
});

suite('the help of a command', () => {
  for (const verb of VERBS.filter((candidate) => candidate !== 'options')) {
    test(`${verb} has at most six headings, common flags first, global flags in one line`, () => {
      const headings = helpText(PROGRAM, verb).match(/^\S.*:$/gm) ?? [];
      assert.ok(headings.length <= 6, headings.join(' '));
      const [first, ...others] = headings.filter((heading) => /flags:$/i.test(heading));
      if (others.length > 0) assert.equal(first, 'Common flags:');
      assert.match(
        helpText(PROGRAM, verb).replaceAll('\n', ' '),
        /Use "kubectl trace options" for a list of global command-line options \(applies to all commands\)\. $/,
      );
    });
    test(`${verb} has each flag of the command once, and no others`, () => {
      const { flags: all, common: names = [] }: CommandHelp = COMMANDS[verb];
      const flags = all.filter((flag) => !BASIC_FLAGS.includes(flag));
      assert.deepEqual(flagsIn(helpText(PROGRAM, verb)), namesOf(flags));
      assert.deepEqual(
        names.filter((name) => !flags.some((flag) => flag.name === name)),
        [],
        'common flags of other commands',
      );
    });
  }

  test('options lists the global flags, like kubectl options', () => {
    assert.match(helpText(PROGRAM, 'options'), /^The following options can be passed to any command:\n\n/);
    assert.deepEqual(flagsIn(helpText(PROGRAM, 'options')), namesOf(BASIC_FLAGS));
  });

  test('shows the accepted values of a flag, and its default', () => {
    const text = helpText(PROGRAM, 'patch').replaceAll(/\s+/g, ' ');
    assert.match(
      text,
      / --type TYPE The type of patch .* One of: strategic, merge, json, apply \(default strategic\) /,
    );
    assert.match(text, / --show-response=FORMAT /, 'a value only after =');
  });
});

suite('the help text', () => {
  for (const topic of [undefined, ...VERBS]) {
    test(`of ${topic ?? 'the program'} fits 80 columns`, () => {
      assert.deepEqual(
        helpText(PROGRAM, topic)
          .split('\n')
          .filter((line) => line.length > 80 || line !== line.trimEnd()),
        [],
      );
    });
  }
  test('shows examples that parse', () => {
    for (const verb of VERBS.filter((one) => !['version', 'options', 'help'].includes(one))) {
      const examples =
        helpText(PROGRAM, verb)
          .match(/^ {2}kubectl trace .*$/gm)
          ?.filter((line) => !line.includes('[flags]')) ?? [];
      assert.ok(examples.length > 0, verb);
      for (const example of examples) {
        const [words = []] = commandsOf(example);
        const invocation = parse(words.slice(2), {});
        assert.equal(invocation.kind === 'delegated' ? invocation.verb : invocation.kind, verb);
      }
    }
  });
});

const namesOf = (flags: readonly Flag[]): string[] => flags.map(({ name }) => name).toSorted();

/** The names at the beginning of lines, sorted. */
const flagsIn = (text: string): string[] =>
  [...text.matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)].map(([, name = '']) => name).toSorted();
