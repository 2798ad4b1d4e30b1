import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ExitCode } from '../../src/errors.ts';

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
/** The codes in the first column of tables. */
const codesIn = (text: string): string[] =>
  [...text.matchAll(/^\| (\d+) +\|/gm)]
    .map(([, code = '']) => code)
    .toSorted((one, other) => Number(one) - Number(other));

test('README.md and docs/exit-codes.md list every exit code of the program', () => {
  const codes = Object.values(ExitCode)
    .toSorted((one, other) => one - other)
    .map(String);
  const [, section = ''] = /### Exit codes\n([^]*?)\n##/.exec(textOf('README.md')) ?? [];
  assert.deepEqual(codesIn(textOf('docs/exit-codes.md')), codes);
  assert.deepEqual(codesIn(section), codes);
});

test('README.md has an example of pods under Use', () => {
  const [, use = ''] = /## Use\n([^]*?)\n##/.exec(textOf('README.md')) ?? [];
  assert.match(use, /^ {4}kubectl trace pod web /m);
  assert.match(use, /^ {4}kubectl trace pod deployment\/web /m);
});
