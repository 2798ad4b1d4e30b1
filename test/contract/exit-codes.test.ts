import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ExitCode } from '../../src/errors.ts';
import { podCases, runPodCase } from '../support/pod-case.ts';

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

for (const [state, code] of [
  ['ready', 0],
  ['stuck', 6],
] as const) {
  test(`a pod that is ${state} is judged without its trace backend, as docs/exit-codes.md says`, async (t) => {
    const pod = podCases().find(({ expected, target }) => expected.state === state && target === 'web');
    assert.ok(pod !== undefined);
    const { exitCode, stdout } = await runPodCase(t, pod, ['--backend', 'http://127.0.0.1:1', '--wait', '1s']);
    assert.equal(exitCode, code);
    assert.match(stdout, /^hidden .*127\.0\.0\.1:1/ms);
    assert.match(
      textOf('docs/exit-codes.md'),
      /`kubectl trace pod` returns 0 or 6 although a trace backend is unreachable/,
    );
  });
}
