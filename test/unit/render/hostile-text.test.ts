import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { openOutput } from '../../../src/tracing/output.ts';
import { openPodOutput } from '../../../src/commands/pod/output.ts';
import { parse } from '../../support/parse.ts';
import { jsonText } from '../../../src/report/json-text.ts';
import { plainText } from '../../../src/render/data/markdown-text.ts';
import { OUTPUTS } from '../../../src/render/outputs.ts';
import type { Report } from '../../../src/report/report.ts';
import { testRuntime } from '../kube/fixture.ts';

/** By code point: DEL, C1, soft hyphen, zero-width, bidirectional, BOM, tags, separators, variation selectors. */
const ACTING = [
  0x7f, 0x80, 0x9b, 0x9f, 0xad, 0x61c, 0x180e, 0x200b, 0x200d, 0x200e, 0x2028, 0x2029, 0x202e, 0x2060, 0x2066, 0xfeff,
  0xfff9, 0xe0001, 0xe0041, 0xfe0f, 0xe0100,
].map((point) => String.fromCodePoint(point));

suite('JSON', () => {
  test('has no control or hidden characters, and keeps its value', () => {
    const value = { [`key${ACTING.join('')}`]: ACTING, plain: 'é 日本 🙂 µs …' };
    const text = jsonText(value, 2);
    for (const character of ACTING) assert.ok(!text.includes(character), JSON.stringify(character));
    assert.match(text, /\\u202e/);
    assert.match(text, /\\udb40\\udc41/);
    assert.match(text, /é 日本 🙂 µs …/);
    assert.deepEqual(JSON.parse(text), value);
  });

  test('keeps the value of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => assert.deepEqual(JSON.parse(jsonText([text], 0)), [text])),
    );
  });
});

/** What an issue tracker looks for, outside code: mentions, issues, addresses, images, HTML. */
const LOOKED_FOR = /(?<!\\)[<>]|!\[|(?<!\\)\[|@\w|#\d|\bGH-\d|https?:\/\/|www\.|[A-Z]+-\d|(?<![\w-])[!$%~&]\d/;

const withoutCode = (markdown: string): string =>
  markdown.replace(/\\[!-/:-@[-`{-~]|(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, (found) => (found.startsWith('\\') ? '·' : 'code'));

suite('Markdown', () => {
  for (const text of [
    '@admin',
    'see @org/team now',
    'jane@example.com',
    '#123',
    'org/repo#1',
    'GH-1',
    'gh-7',
    '!12',
    '&3',
    '$5',
    '%2',
    '~bug',
    'https://evil.example/x',
    'www.evil.example',
    'mailto:a@b.c',
    '![x](http://evil/x.png)',
    '[x](http://evil)',
    '<img src=x>',
    '<script>',
    'JIRA-42',
    '`@admin',
    '``@admin`` @you',
    '"@admin"',
    '(#1)',
    'a|@b|c',
    '0af7651916cd43dd8448eb211c80319c',
    '\\@admin',
  ]) {
    test(`has no mentions or links for: ${text}`, () => assert.doesNotMatch(withoutCode(plainText(text)), LOOKED_FOR));
  }

  test('has no mentions or links for any text', () => {
    const piece = fc.constantFrom(
      '@',
      '#',
      'GH-',
      '1',
      'a',
      ' ',
      '`',
      '\\',
      '|',
      '://',
      'http',
      'www.',
      '!',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        assert.doesNotMatch(withoutCode(plainText(pieces.join(''))), LOOKED_FOR);
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves plain words unchanged', () => {
    assert.equal(
      plainText('98 % of the request (353 of 383 ms) was web-0, node(s) in default'),
      '98 % of the request (353 of 383 ms) was `web-0`, node(s) in default'.replace('`web-0`', plainText('web-0')),
    );
  });
});

const HOSTILE = '\u001b]0;owned\u0007\u009b31m\u202e';

/** Colours are ours; every other sequence stays. */
const withoutColours = (text: string): string =>
  text.split('\u001b').reduce((one, other) => (/^\[[\d;]*m/.test(other) ? one + other : `${one}\u001b${other}`));

suite('no output format prints control characters to a terminal', () => {
  const report = {
    toolVersion: '1',
    exitCode: 0,
    cluster: { context: HOSTILE, server: HOSTILE, version: null },
    command: { verb: 'get', args: [HOSTILE], traceID: null, spanID: null, startTime: null, durationNanos: null },
    verdict: null,
    requests: [],
    backend: null,
    analysis: null,
    error: { code: 1, reason: 'X', message: HOSTILE, hint: null },
  } as unknown as Report;
  for (const format of Object.keys(OUTPUTS)) {
    test(format, async () => {
      for (const isTTY of [true, false]) {
        const output = format === 'jsonpath' ? 'jsonpath={.error.message}' : format;
        const { draw } = parse(['get', 'pods', '-o', output], {}) as { draw: Parameters<typeof openOutput>[0] };
        const runtime = { ...testRuntime(), outTerminal: { isTTY, columns: 80 } };
        if (format === 'html' && isTTY) {
          await assert.rejects(async () => openOutput(draw, runtime)(report), /for a browser, not for a terminal/);
          continue;
        }
        const text = await openOutput(draw, runtime)(report);
        if (isTTY) assert.doesNotMatch(withoutColours(text).replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
        else if (format === 'jsonpath') assert.equal(text, HOSTILE);
        openPodOutput(draw, runtime);
      }
    });
  }
});
