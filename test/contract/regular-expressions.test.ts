import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DEVICE_ERRORS } from '../../src/pod/scheduling/device-error-texts.ts';
import * as errorTexts from '../../src/pod/scheduling/error-texts.ts';
import { compileTemplate, readTemplate } from '../../src/pod/scheduling/template.ts';
import { Pseudonyms } from '../../src/report/redact/pseudonyms.ts';
import { redactCommand } from '../../src/format/redact-command.ts';
import { regexLiterals, regexesOf } from '../support/regex-literals.ts';

/** Characters of one text after the other; a time that is not noise; and how much four times the text may take longer. */
const LENGTH = 8_000;
const NOTICEABLE_MILLIS = 8;
/** Linear is 4, quadratic 16. */
const MAX_GROWTH = 9;

/** Of the processor: a machine that is busy does not count. */
function millisOf(use: (text: string) => unknown, text: string): number {
  const start = process.cpuUsage();
  use(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The pump that takes more than linear time; undefined when none does. A busy machine is measured again. */
function superLinear(use: (text: string) => unknown, parts: readonly (readonly [string, string, string])[]) {
  const text = ([before, pump, after]: readonly [string, string, string], length: number): string =>
    before + pump.repeat(Math.ceil(length / pump.length)) + after;
  return parts.find((part) => {
    const short = (): number => millisOf(use, text(part, LENGTH));
    if (short() < NOTICEABLE_MILLIS) return false;
    const one = Math.min(short(), short(), short(), short());
    if (one < NOTICEABLE_MILLIS / 2) return false;
    const long = (): number => millisOf(use, text(part, 4 * LENGTH));
    return Math.min(long(), long(), long()) > MAX_GROWTH * one;
  });
}

const COMMON = Array.from('a0A -.:/"_=@,\\([');

/** Texts of what an expression looks for: single characters and pairs of them, after its beginning and before what it is not. */
function pumpsFor(source: string): (readonly [string, string, string])[] {
  const own = Array.from(source.replace(/\\[a-z]/gi, '').replace(/[\\()|?*+^$[\]{}]/g, '')).slice(0, 10);
  const characters = [...new Set([...COMMON, ...own, '\n', '`', '<'])];
  const pumps = [...characters, ...characters.slice(0, 8).flatMap((one) => characters.map((two) => one + two))];
  const words = (/^\^?((?:[\w ."':/-]|\\[./-])+)/.exec(source)?.[1] ?? '').replaceAll('\\', '').slice(0, -1);
  return pumps.flatMap((pump) =>
    [...new Set(['', words])].flatMap((before) => [[before, pump, '\u0001'] as const, [before, pump, ''] as const]),
  );
}

suite('every regular expression of src/ takes linear time', async () => {
  const all = Map.groupBy(await regexLiterals(), ({ at }) => at.split('/', 1)[0]!);
  for (const [folder, found] of all) {
    test(folder, () => {
      const slow = found.flatMap(({ at, source, flags }) => {
        const expression = new RegExp(source, flags.replace('g', ''));
        const use = (text: string): unknown => {
          expression.lastIndex = 0;
          return expression.exec(text);
        };
        const worst = superLinear(use, pumpsFor(source));
        return worst === undefined ? [] : [`${at} with ${JSON.stringify(worst)}`];
      });
      assert.deepEqual(slow, []);
    });
  }

  test('the check finds every regular expression, including a non-linear one', () => {
    assert.ok([...all.values()].flat().length > 400);
    assert.deepEqual(
      regexesOf('const a = b / c / d; f(/x\\/[/]+y/g); `${g(/in/)} /no/`; // /no/\n"/no/"').map(({ source }) => source),
      ['x\\/[/]+y', 'in'],
    );
    assert.notEqual(
      superLinear((text) => /a+b/.exec(text), pumpsFor('a+b')),
      undefined,
    );
  });
});

const digest = (text: string): string => String(text.length);
const WORDS = [
  'a',
  'a+',
  'a-',
  'a.',
  '1.',
  '1:',
  'a:',
  '//',
  'a/',
  '"',
  'system:node:',
  '::',
  'A@',
  '[',
  '-a',
  '--a=',
  'é',
];
const words = WORDS.flatMap((pump) => [['', pump, ''] as const, ['', pump, '\u0001'] as const]);

test('--redact takes linear time for every text', () => {
  const pseudonyms = new Pseudonyms(digest);
  for (const method of ['text', 'path', 'query', 'url', 'argument', 'name', 'secret'] as const) {
    assert.equal(
      superLinear((text) => pseudonyms[method](text), words),
      undefined,
      method,
    );
  }
});

test('redaction of a command takes linear time', () => {
  assert.equal(
    superLinear((text) => redactCommand([text]), words),
    undefined,
  );
});

test('messages of the scheduler are read in linear time', () => {
  const templates = [...Object.values(errorTexts).flat(), ...DEVICE_ERRORS];
  assert.ok(templates.length > 100);
  for (const text of templates) {
    const template = compileTemplate(text);
    const literals = text.split(/%\+?[a-zA-Z]/).filter((part) => part !== '');
    const pumps = [...literals, literals.join('x'), literals.slice(1).join('') || 'x'];
    const parts = pumps.map((pump) => [literals[0] ?? '', pump, '\u0001'] as const);
    assert.equal(
      superLinear((message) => readTemplate(template, message), parts),
      undefined,
      text,
    );
  }
});
