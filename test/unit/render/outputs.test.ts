import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { load, YAML11_SCHEMA } from 'js-yaml';
import stringWidth from 'string-width';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';
import { writeJSON } from '../../../src/report/json.ts';
import { ASCII, UNICODE, type Look } from '../../../src/render/look.ts';
import { writeNames } from '../../../src/render/data/name.ts';
import { writeOTLP } from '../../../src/render/data/otlp.ts';
import { OUTPUTS } from '../../../src/render/outputs.ts';
import type { Report } from '../../../src/report/report.ts';
import { parseYAML, writeYAML } from '../../../src/render/data/yaml.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import type { AttributeValue, Span } from '../../../src/trace/span.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { dirtySpans } from '../../support/dirty-spans.ts';
import { recordedReport, recordedStory } from '../../support/recorded-report.ts';
import { foundLookup, nodesRequest, reportOf } from '../../support/reports.ts';
import { span, traceID } from '../../support/spans.ts';

const recorded = (minor: number, name: string, found = true): Report =>
  recordedReport(recordedStory(minor, name), { command: 'kubectl trace get nodes', objectCount: 1, found });
const treeOf = (...spans: readonly Span[]): Trace =>
  buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false }))) as Trace;
const plain = (columns: number): Look => ({ columns, colour: false, glyphs: UNICODE });
const HOSTILE = 'x|`y`\u001b[31m<b>@me\n# [a](http://b)';

suite('yaml', () => {
  test('parses to the JSON document under YAML 1.1 and 1.2', () => {
    fc.assert(
      fc.property(dirtySpans, fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (inputs, args) => {
        const report = reportOf(buildTrace(inputs));
        const told = { ...report, command: { ...report.command, args } };
        const document: unknown = JSON.parse(writeJSON(told));
        const text = writeYAML(told);
        assert.deepEqual(parseYAML(text), document);
        assert.deepEqual(load(text, { schema: YAML11_SCHEMA }), document);
      }),
      { numRuns: 200 },
    );
  });
  for (const text of [
    '4e12345678901234',
    '12345678901234567890123456789012',
    '0o17',
    '1_000',
    '12:30:00',
    '.5',
    '-',
    '+1',
    '0x1f',
    'yes',
    'no',
    'on',
    'y',
    '~',
    'null',
    '2026-11-24',
    '2026-11-23T08:00:00.000000000Z',
    '1e3',
    '.inf',
    '',
    ' ',
    '=',
    '<<',
    'a: b',
    '- a',
    '# a',
    '"',
    "'",
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
    'a\nb',
    '\ttab',
    'trailing ',
    '\u0085\u2028\uFEFF',
  ]) {
    test(`keeps ${JSON.stringify(text)} a string`, () => {
      const report = reportOf(treeOf(span({ name: text, attributes: { [text]: text } })));
      for (const schema of [undefined, YAML11_SCHEMA]) {
        const document = load(writeYAML(report), schema === undefined ? {} : { schema }) as {
          trace: { spans: { name: unknown; attributes: Record<string, unknown> }[] };
        };
        assert.equal(document.trace.spans[0]?.name, text);
        assert.deepEqual(document.trace.spans[0]?.attributes, { [text]: text });
      }
    });
  }
});

suite('otlp', () => {
  const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.boolean(),
      fc.integer(),
      fc.double(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
      fc.uint8Array({ maxLength: 5 }),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;

  test('keeps every field of a span', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), value, { maxKeys: 5, noNullPrototype: true }),
        fc.constantFrom('unset', 'ok', 'error'),
        (attributes, code) => {
          const full = span({
            attributes,
            parent: '7',
            kind: 'producer',
            status: code === 'error' ? { code, message: 'why' } : { code },
            scope: { name: 'scope', version: '1' },
            events: [{ name: 'event', time: span({}).start, attributes }],
            links: [{ traceID: traceID('b2'), spanID: span({ id: '5' }).spanID, attributes }],
          });
          assert.deepEqual(decodeOTLP(writeOTLP(reportOf(treeOf(full))))?.spans, [full]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('has every span of a request, including client spans, and nothing inferred', () => {
    const report = recorded(37, 'admin-create');
    const spans = decodeOTLP(writeOTLP(report))?.spans ?? [];
    const told = report.analysis?.trace.spans ?? [];
    assert.ok(told.some(({ inferred }) => inferred));
    assert.deepEqual(
      spans.map(({ spanID }) => spanID).sort(),
      told
        .filter(({ inferred }) => !inferred)
        .map(({ spanID }) => spanID)
        .sort(),
    );
    assert.ok(spans.some(({ resource: { service } }) => service === 'kubectl-trace'));
  });

  test('without a trace has no spans', () => {
    assert.deepEqual(JSON.parse(writeOTLP(reportOf(undefined))), { resourceSpans: [] });
  });
});

suite('name', () => {
  const trace = treeOf(span({}));
  const request = (id: string | null, foundBy = foundLookup.foundBy): typeof nodesRequest => ({
    ...nodesRequest,
    lookup: { ...foundLookup, traceID: id === null ? null : traceID(id), foundBy },
  });
  test('prints each trace found, once', () => {
    const requests = [request('a1'), request('b2'), request('a1'), request(null, null)];
    assert.equal(writeNames(reportOf(trace, { requests })), `${traceID('a1')}\n${traceID('b2')}\n`);
  });
  test('prints nothing if no trace was found', () => {
    assert.equal(writeNames(reportOf(trace, { requests: [request(null, null)] })), '');
  });
  test('prints the ID of a trace shown alone', () => {
    assert.equal(writeNames(reportOf(trace, { requests: [] })), `${traceID('a1')}\n`);
  });
});

/** As people read them. After a change on purpose: `node --test --test-update-snapshots test/unit/render/outputs.test.ts`. */
suite('drawn', () => {
  for (const [format, columns] of [
    ['wide', 80],
    ['wide', 120],
    ['wide', 160],
    ['summary', 60],
    ['summary', 120],
    ['markdown', 80],
  ] as const) {
    for (const story of ['masters-create', 'masters-not-found'] as const) {
      test(`${story} as ${format} in ${columns} columns`, async (t) => {
        const look = format === 'wide' ? { ...plain(columns), rows: { full: true }, remarks: true } : plain(columns);
        const text = await OUTPUTS[format]()(recorded(37, story), look);
        const file = fileURLToPath(new URL(`../../golden/${format}-${story}.${columns}.txt`, import.meta.url));
        t.assert.fileSnapshot(text, file, { serializers: [String] });
      });
    }
  }

  test('screens of any trace fit the width, and trace text cannot fake a line', async () => {
    const hostile = treeOf(
      span({ id: '1', name: HOSTILE.repeat(4), service: HOSTILE, status: { code: 'error', message: HOSTILE } }),
      span({ id: '2', parent: '1', name: '字'.repeat(80), service: '長い'.repeat(20) }),
    );
    for (const format of ['wide', 'summary'] as const) {
      for (const columns of [40, 41, 47, 55, 60, 80, 120, 200]) {
        for (const glyphs of [UNICODE, ASCII]) {
          const text = await OUTPUTS[format]()(reportOf(hostile, { requests: [] }), { columns, colour: false, glyphs });
          for (const line of text.split('\n')) {
            assert.ok(stringWidth(line) <= columns, `${format} ${columns}: ${line}`);
            assert.doesNotMatch(line, /\p{Cc}/u);
            if (glyphs === ASCII) assert.match(line, /^[ -~]*$/);
          }
        }
      }
    }
  });

  test('a summary fits every width from 40 columns, with complete IDs and times', async () => {
    for (const story of ['masters-create', 'masters-not-found'] as const) {
      const report = recorded(37, story);
      for (let columns = 40; columns <= 130; columns++) {
        const text = await OUTPUTS.summary()(report, plain(columns));
        const lines = text.split('\n').filter((line) => !line.includes('http://'));
        for (const line of lines) assert.ok(stringWidth(line) <= columns, `${columns}: ${line}`);
        const from = lines.findIndex((line) => line.startsWith('SLOWEST'));
        for (const line of lines.slice(from + 1, from + 11))
          assert.match(line, / (ns|µs|ms|s) .* [0-9a-f]{16}$| [0-9a-f]{16}$/);
        assert.match(text, /^COMPONENT +TIME +SHARE/m);
      }
    }
  });

  test('trace text is never Markdown markup', async () => {
    const trace = treeOf(span({ name: HOSTILE, service: '```\n# title' }));
    const report = reportOf(trace, { requests: [] });
    const text = await OUTPUTS.markdown()(report, plain(80));
    const outside = text
      .replace(/^(`{3,})text\n[^]*?\n\1$/m, '')
      .replace(/(`+)[^`](?:[^]*?[^`])?\1(?!`)/g, '')
      .replace(/^### /, '')
      .replaceAll(/\\./g, '');
    assert.match(outside, /boom|GET|trace|span/);
    assert.doesNotMatch(outside, /[<>@#`[\]]/);
    assert.ok(!text.includes('\u001b'));
    assert.equal(text.match(/^`{4}/gm)?.length, 2, 'a fence is longer than any within');
  });

  test('Markdown has no server names', async () => {
    const report = recorded(37, 'masters-create');
    assert.match(report.backend?.traceURL ?? '', /127\.0\.0\.1:16686/);
    const text = await OUTPUTS.markdown()(report, plain(80));
    assert.doesNotMatch(text, /127\.0\.0\.1:(16686|6443)/);
  });
});
