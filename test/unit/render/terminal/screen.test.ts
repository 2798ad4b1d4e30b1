import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { ASCII, UNICODE, type Look } from '../../../../src/render/look.ts';
import { drawMeasuredScreen } from '../../../../src/render/terminal/measured-screen.ts';
import type { Report } from '../../../../src/report/report.ts';
import { drawScreen } from '../../../../src/render/terminal/screen.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Trace, TraceInput } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { drawTrace } from '../../../support/draw-trace.ts';
import { foundLookup, missingLookup, nodesRequest, reportOf } from '../../../support/reports.ts';

const plain = (columns: number): Look => ({ columns, colour: false, glyphs: UNICODE });
const linesOf = (report: Report, look: Look): string[] => drawScreen(report, look, stringWidth).split('\n');

const trace = drawTrace(`
  command@kubectl-trace         |------------------|
    GET@kubectl-trace:client    |------------------|
      List@apiserver                 |--------|
`);

test('nothing is drawn if no request was sent', () => {
  assert.equal(drawScreen(reportOf(undefined), plain(80)), '');
});

test('the header shows the request, its trace and its URL', () => {
  const lines = linesOf(reportOf(trace, { traceURL: 'http://127.0.0.1:16686/trace/a1' }), plain(120));
  assert.deepEqual(lines.slice(0, 6), [
    'nothing stands out: 19 ns, most of it GET (client)',
    '',
    'GET /api/v1/nodes  200  3.4 KiB  9.09 ms  (1 node)',
    'trace 000000000000000000000000000000a1  complete: 11 of 11 spans, by trace ID, after 4.90 s in jaeger',
    'open  http://127.0.0.1:16686/trace/a1',
    '',
  ]);
});

test('a narrow header wraps between its parts, and leaves out how the trace was found', () => {
  const header = (look: Look): string[] => linesOf(reportOf(trace), look).slice(2, 6);
  const lines = [
    'GET /api/v1/nodes  200  3.4 KiB  9.09 ms  (1 node)',
    'trace 000000000000000000000000000000a1',
    'complete: 11 of 11 spans',
  ];
  assert.deepEqual(header(plain(60)), [...lines, '']);
  assert.deepEqual(header({ ...plain(60), remarks: true }), [...lines, 'found by trace ID, after 4.90 s in jaeger']);
});

test('a URL is never cut and has its own line', () => {
  const traceURL = `https://jaeger.example.com/${'x'.repeat(100)}/trace/a1`;
  assert.ok(linesOf(reportOf(trace, { traceURL }), plain(40)).includes(traceURL));
});

test('without a trace the header shows the upper bound of server time, and no components', () => {
  const request = { ...nodesRequest, lookup: missingLookup };
  const text = drawScreen(reportOf(trace, { requests: [request] }), plain(120), stringWidth);
  assert.match(text, /missing: not found after 30\.0 s in jaeger/);
  assert.match(text, /^19 ns, at most 3\.71 ms of it the server and etcd$/m);
  const refused = drawScreen(reportOf(trace, { requests: [{ ...request, status: 403 }] }), plain(120), stringWidth);
  assert.match(refused, /The server and etcd together took at most 3\.71 ms\./);
  assert.match(text, /under Audit-Id\n?\s?00000000-0000-00a1-0000-0000000000c1/);
  assert.doesNotMatch(text, /^open /m);
  assert.doesNotMatch(text, /%/);
});

test('a trace started by the server is identified', () => {
  const request = { ...nodesRequest, lookup: { ...foundLookup, contextKept: false, foundBy: 'audit-id' as const } };
  const report = reportOf(trace, { requests: [request] });
  const brief = drawScreen(report, plain(200), stringWidth);
  const text = drawScreen(report, { ...plain(200), remarks: true }, stringWidth);
  assert.match(brief, /by Audit-Id/);
  assert.match(text, /The API server started this trace, because it does not accept trace context from this user/);
  assert.doesNotMatch(brief, /started this trace/);
});

test('one of several API servers is identified, by its host if known', () => {
  const text = (host: string | null): string => {
    const lookup = { ...foundLookup, servedBy: { instanceID: 'apiserver-x', host, replicas: 3 } };
    return drawScreen(reportOf(trace, { requests: [{ ...nodesRequest, lookup }] }), plain(120), stringWidth);
  };
  assert.match(text('control-plane-2'), /^Served by the API server on control-plane-2, one of 3\.$/m);
  assert.match(text(null), /^Served by the API server apiserver-x, one of 3\.$/m);
  assert.match(text('\u001B[31mfake'), /on \\u001b\[31mfake, one/i);
});

test('problems of the trace are shown', () => {
  const spans = trace.spans.map(({ span }): TraceInput => ({ span, source: 'span', inferred: false }));
  const twice = buildTrace([...spans, ...spans]) as Trace;
  assert.match(
    drawScreen(reportOf(twice), plain(80)),
    /^note: 3 spans arrived more than once; the copies were merged$/m,
  );
});

const NASTY = [
  'List',
  '節点の一覧を取得する',
  'e\u0301tcd \u{1f680}\u{1f468}\u200d\u{1f4bb}',
  'x\u202eesrever\u202c',
  '\u001b[2J\u001b]8;;http://evil\u0007',
  'one\ntwo\r\n├─ fake   1 ns',
  'z\u0300\u0301\u0302\u0303\u0304\u0305\u0306',
  'שלום עולם',
  'long '.repeat(200),
  '日'.repeat(5000),
  '',
];

const nastyTrace = fc
  .tuple(dirtySpans, fc.array(fc.constantFrom(...NASTY), { minLength: 24, maxLength: 24 }))
  .map(([inputs, names]) =>
    buildTrace(inputs.map((input, i): TraceInput => ({ ...input, span: { ...input.span, name: names[i] ?? '' } }))),
  );

const nastyRequest = fc.record({
  path: fc.constantFrom('/api/v1/nodes', `/api/v1/${'very-long-'.repeat(30)}`, '/節点/\u001b[31m/x'),
  query: fc.constantFrom('', 'limit=500', `labelSelector=${'a'.repeat(300)}`),
  status: fc.constantFrom(200, 404, null),
  found: fc.boolean(),
});

test('lines fit the terminal, cannot be faked, and ASCII output has only ASCII', () => {
  fc.assert(
    fc.property(
      nastyTrace,
      nastyRequest,
      fc.integer({ min: 40, max: 300 }),
      fc.constantFrom(UNICODE, ASCII),
      fc.boolean(),
      (dirty, { path, query, status, found }, columns, glyphs, colour) => {
        const lookup = found ? foundLookup : missingLookup;
        const report = reportOf(dirty, { requests: [{ ...nodesRequest, path, query, status, lookup }] });
        const text = drawScreen(report, { columns, colour, glyphs }, stringWidth);
        const uncoloured = stripVTControlCharacters(text);
        assert.doesNotMatch(uncoloured.replaceAll('\n', ''), /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        if (glyphs === ASCII) assert.match(uncoloured, /^[\n -~]*$/);
        const lines = uncoloured.split('\n');
        for (const line of lines) {
          assert.ok(stringWidth(line) <= columns, `${stringWidth(line)} > ${columns}: ${line}`);
          assert.equal(line, line.trimEnd());
        }
        assert.equal(
          lines.filter((line) => line.includes('fake') && /^[├|]/.test(line) && !line.includes('\\n')).length,
          0,
        );
      },
    ),
    { numRuns: 1000 },
  );
});

test('lines fit the terminal without a width function too', () => {
  fc.assert(
    fc.property(nastyTrace, fc.integer({ min: 40, max: 300 }), (dirty, columns) => {
      for (const line of drawScreen(reportOf(dirty), plain(columns)).split('\n'))
        assert.ok(stringWidth(line) <= columns);
    }),
    { numRuns: 300 },
  );
});

test('colors change only colors', () => {
  const report = reportOf(trace);
  const coloured = drawScreen(report, { ...plain(80), colour: true });
  assert.notEqual(coloured, drawScreen(report, plain(80)));
  assert.equal(stripVTControlCharacters(coloured), drawScreen(report, plain(80)));
});

test('wide text is measured, and plain text needs no measuring', async () => {
  assert.equal(await drawMeasuredScreen(reportOf(trace), plain(80)), drawScreen(reportOf(trace), plain(80)));
  const wide = buildTrace(
    trace.spans.map(({ span }): TraceInput => ({ span: { ...span, name: '節点' }, source: 'span', inferred: false })),
  );
  assert.equal(await drawMeasuredScreen(reportOf(wide), plain(80)), drawScreen(reportOf(wide), plain(80), stringWidth));
});
