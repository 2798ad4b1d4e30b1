import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJSON from '../../../package.json' with { type: 'json' };
import { MAN_PAGES, manPages } from '../../../scripts/docs/man-pages.ts';
import { environmentName } from '../../../src/cli/flag.ts';
import { flagHelp, flagSyntax } from '../../../src/cli/help-layout.ts';
import type { CommandHelp } from '../../../src/commands/command.ts';
import { usageLine } from '../../../src/commands/help/text.ts';
import { COMMANDS, VERBS } from '../../../src/commands/index.ts';
import { ExitCode } from '../../../src/errors.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const pages = manPages({ version: packageJSON.version, readme });
const withoutBreaks = (text: string): string => text.replaceAll(/\s+/g, ' ');

suite('man pages', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-man-'));
    for (const [name, text] of pages) writeFileSync(join(folder, name), text);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** As man(1) shows it in 80 columns. Its warnings are those of groff. */
  function shown(name: string): { readonly text: string; readonly warnings: string } {
    const env = { ...process.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MAN_KEEP_FORMATTING: undefined };
    const args = ['--warnings', '--pager=cat', '--local-file', join(folder, name)];
    const { stdout, stderr, status } = spawnSync('man', args, { env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return { text: stdout, warnings: stderr };
  }

  test('there is one for the program and one for each command, also in the built program', () => {
    const names = ['kubectl-trace.1', ...VERBS.map((verb) => `kubectl-trace-${verb}.1`)].toSorted();
    assert.deepEqual([...pages.keys()].toSorted(), names);
    // npm links these into the folder of man(1). npm run docs writes them.
    assert.deepEqual(packageJSON.man, MAN_PAGES);
    assert.deepEqual(MAN_PAGES.map((path) => basename(path)).toSorted(), names);
    assert.deepEqual(readdirSync(join(root, 'dist/man/man1')).toSorted(), names);
    for (const name of names) assert.equal(readFileSync(join(root, 'dist/man/man1', name), 'utf8'), pages.get(name));
  });

  for (const [name, source] of pages) {
    test(`${name} is shown by man without warnings, and found by its name`, () => {
      assert.match(source, /^[\n -~]*$/, 'only ASCII does not depend on an encoding');
      const { text, warnings } = shown(name);
      assert.equal(warnings, '');
      assert.match(text, /^NAME$/m);
      // A command stays on one line, to be copied.
      const isTooLong = (line: string): boolean => line.length > 80 && !line.startsWith('           kubectl trace ');
      assert.deepEqual(text.split('\n').filter(isTooLong), []);
      // lexgrog(1) reads the line that whatis and apropos show.
      const page = name.replace(/\.1$/, '');
      assert.ok(execFileSync('lexgrog', [join(folder, name)], { encoding: 'utf8' }).includes(`"${page} - `));
    });
  }

  for (const verb of VERBS) {
    test(`kubectl-trace-${verb}.1 has every usage, flag, variable and example of the help`, () => {
      const { text } = shown(`kubectl-trace-${verb}.1`);
      const lines = text.split('\n').map((line) => line.trim());
      const filled = withoutBreaks(text);
      const { summary, usage, examples, flags }: CommandHelp = COMMANDS[verb];
      assert.ok(filled.includes(`${summary}.`));
      for (const line of usage) assert.ok(lines.includes(usageLine(line)), line);
      for (const [, line] of examples) assert.ok(lines.includes(`kubectl trace ${line}`), line);
      const own = flags.filter(({ group }) => group !== 'connection' && group !== 'general');
      for (const flag of own) {
        const variable = environmentName(flag);
        const set = variable === undefined ? '' : ` Environment: ${variable}`;
        assert.ok(filled.includes(` ${flagSyntax(flag)} ${withoutBreaks(flagHelp(flag))}.${set}`), flag.name);
      }
    });
  }

  test('kubectl-trace.1 has every command and every exit code', () => {
    const { text } = shown('kubectl-trace.1');
    for (const verb of VERBS) assert.ok(text.includes(` kubectl-trace-${verb}(1)\n`), verb);
    const [, section = ''] = /^EXIT STATUS$([^]*?)^[A-Z]/m.exec(text) ?? [];
    const codes = [...section.matchAll(/^ {7}(\d+) /gm)].map(([, code]) => Number(code));
    assert.deepEqual(
      codes,
      Object.values(ExitCode).toSorted((one, other) => one - other),
    );
  });

  test('are the same for a README with the line ends of Windows', () => {
    const other = manPages({ version: packageJSON.version, readme: readme.replaceAll('\n', '\r\n') });
    assert.deepEqual(other, pages);
  });

  test('a README without exit codes is refused', () => {
    assert.throws(() => manPages({ version: '1.0.0', readme: '' }), /no table of exit codes/);
  });
});
