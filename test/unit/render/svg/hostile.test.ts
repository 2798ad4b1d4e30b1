import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ASCII, UNICODE, type Look } from '../../../../src/render/look.ts';
import { OUTPUTS } from '../../../../src/render/outputs.ts';
import { POD_OUTPUTS } from '../../../../src/render/pod/outputs.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Span } from '../../../../src/trace/span.ts';
import type { Report } from '../../../../src/report/report.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { recordedPods } from '../../../support/recorded-pods.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { reportOf } from '../../../support/reports.ts';
import { span } from '../../../support/spans.ts';
import { descendants, elementsOf, parseXML, textOf, type SVGElement } from '../../../support/svg.ts';

const LOOK: Look = { columns: 100, colour: false, glyphs: UNICODE };

/** All that a picture consists of: nothing runs, links, loads, or moves. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  svg: ['xmlns', 'width', 'height', 'viewBox', 'role', 'xml:space'],
  title: [],
  desc: [],
  style: [],
  rect: ['class', 'x', 'y', 'width', 'height', 'rx'],
  path: ['class', 'd'],
  text: ['y'],
  tspan: ['x', 'textLength', 'class'],
};

const CLASSES = /^([a-z]{1,2}( [a-z])?)?$/;

function check(svg: string): SVGElement {
  assert.match(svg, /^[\n -~]*$/, 'the same in every encoding');
  const root = parseXML(svg);
  for (const { name, attributes } of [root, ...descendants(root)]) {
    assert.ok(name in ATTRIBUTES, name);
    for (const [key, value] of Object.entries(attributes)) {
      assert.ok(ATTRIBUTES[name]?.includes(key), `${name} ${key}`);
      if (key === 'class') assert.match(value, CLASSES);
      else if (key === 'd') assert.match(value, /^[MVhvz0-9. -]*$/);
      else if (name !== 'svg') assert.match(value, /^-?[0-9.]+$/);
    }
  }
  for (const style of elementsOf(root, 'style')) assert.doesNotMatch(textOf(style), /@import|url|expression|<|\\/);
  const texts = ['title', 'desc', 'text'].flatMap((name) => elementsOf(root, name).map(textOf));
  for (const text of texts) assert.doesNotMatch(text, /[\p{C}\p{Zl}\p{Zp}]/u);
  return root;
}

const drawSpans = async (...spans: readonly Span[]): Promise<string> => {
  const trace = buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false })));
  return OUTPUTS.svg()(reportOf(trace, { requests: [] }), LOOK);
};

const NAMES: Readonly<Record<string, string>> = {
  'a script': '</tspan></text><script>alert(1)</script>',
  'an end of CDATA': ']]><image href="http://evil.example/x.png"/>',
  'an entity': '&xxe;&#0;&amp;&lt;',
  'a document type': '<!DOCTYPE svg [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
  'an attribute': '" onload="alert(1)" x="',
  'an end of the style': '</style><style>@import url(http://evil.example)',
  'a terminal sequence': '\u001B[31mred\u001B[0m\u009B1m\u0007',
  'characters that XML does not have': '\u0000\u0001\u000B\uFFFE\uFFFF\uD800 \u{1FFFF}',
  'bidirectional controls': 'a\u202Eb\u2066c\u2069d\u200Fe',
  'line breaks': 'a\r\nb\u2028c\u2029d\u0085e',
  'letters from the right': 'שלום 123 عالم',
  'wide letters': '字'.repeat(100),
  'many marks': `e${'\u0301'.repeat(50)}`,
  'a megabyte': '<&>"'.repeat(250_000),
  'signs of a tree': '│  └─ ███┄┄',
};

suite('a picture is well-formed and does nothing', () => {
  for (const [title, name] of Object.entries(NAMES)) {
    test(`with ${title} as a name`, async () => {
      const svg = await drawSpans(
        span({ id: '1', name, service: name, status: { code: 'error', message: name } }),
        span({ id: '2', parent: '1', name, service: name, attributes: { [name.slice(0, 1000)]: name } }),
      );
      check(svg);
      assert.ok(svg.length < 200_000, `${svg.length} characters`);
    });
  }

  test('with any name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (name) => {
        check(await drawSpans(span({ name, service: name, status: { code: 'error', message: name } })));
      }),
      { numRuns: 100 },
    );
  });

  test('of any trace', async () => {
    await fc.assert(
      fc.asyncProperty(dirtySpans, fc.integer({ min: 40, max: 200 }), async (inputs, columns) => {
        check(await OUTPUTS.svg()(reportOf(buildTrace(inputs)), { ...LOOK, columns }));
      }),
      { numRuns: 100 },
    );
  });

  test('shows a name as it is', async () => {
    const root = check(await drawSpans(span({ name: 'a<b>&"c\'' })));
    assert.ok(elementsOf(root, 'text').some((line) => textOf(line).includes('a<b>&"c\'')));
  });

  test('of very many spans has no more rows than a terminal', async () => {
    const children = Array.from({ length: 20_000 }, (_, index) =>
      span({ id: (index + 2).toString(16), parent: '1', name: `step ${index}` }),
    );
    const svg = await drawSpans(span({ id: '1' }), ...children);
    assert.ok(elementsOf(check(svg), 'text').length < 6000);
  });
});

const recorded = (): Report =>
  recordedReport(recordedStory(37, 'masters-create'), {
    command: 'kubectl trace create -f web.yaml',
    objectCount: null,
    found: true,
  });

suite('a picture', () => {
  test('is the same whatever the terminal', async () => {
    const svg = await OUTPUTS.svg()(recorded(), LOOK);
    assert.equal(await OUTPUTS.svg()(recorded(), { ...LOOK, colour: true, glyphs: ASCII }), svg);
    assert.match(textOf(parseXML(svg)), /µs/);
    const pods = await recordedPods('crash-loop', 'final');
    assert.equal(
      await POD_OUTPUTS.svg()(pods, { ...LOOK, colour: true, glyphs: ASCII }),
      await POD_OUTPUTS.svg()(pods, LOOK),
    );
  });

  test('does not name the address of the trace backend', async () => {
    assert.match(recorded().backend?.traceURL ?? '', /127\.0\.0\.1:16686/);
    assert.doesNotMatch(await OUTPUTS.svg()(recorded(), LOOK), /127\.0\.0\.1|:\/\/(?!www\.w3\.org\/2000\/svg")/);
  });

  test('says in words what it is about', async () => {
    const report = recorded();
    const command = { ...report.command, args: ['create', '-f', 'web.yaml'] };
    const svg = await OUTPUTS.svg()({ ...report, command }, LOOK);
    const [title, desc] = check(svg).children.filter((child) => typeof child !== 'string');
    assert.equal(title?.name, 'title');
    assert.match(textOf(title), /^kubectl trace create -f web\.yaml: 92 % mutating webhook slow\./);
    assert.equal(desc?.name, 'desc');
    assert.match(textOf(desc), /^Time by component: webhook 374 ms \(98 %\), network/);
    const pod = check(await POD_OUTPUTS.svg()(await recordedPods('crash-loop', 'final'), LOOK));
    assert.match(textOf(elementsOf(pod, 'title')[0]!), /^pod\/web in crash-loop.* CRASH LOOP for 41 s/);
    assert.match(textOf(elementsOf(pod, 'desc')[0]!), /exit code 2.*Stages: scheduling/);
  });

  test('of nothing is no picture', async () => {
    assert.equal(await OUTPUTS.svg()(reportOf(undefined), LOOK), '');
  });
});
