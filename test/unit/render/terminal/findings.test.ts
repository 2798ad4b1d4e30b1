import { shell, type ShellCommand } from '../../../../src/format/shell-command.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { Finding } from '../../../../src/analysis/findings/finding.ts';
import { otherFindingLines } from '../../../../src/render/terminal/findings.ts';
import { headlineLines } from '../../../../src/render/terminal/headline.ts';
import { formatDuration } from '../../../../src/analysis/wording/duration.ts';
import { writeJSON } from '../../../../src/report/json.ts';
import { ASCII, UNICODE, type Look } from '../../../../src/render/look.ts';
import type { Report } from '../../../../src/report/report.ts';
import { drawScreen } from '../../../../src/render/terminal/screen.ts';
import { nanos } from '../../../../src/trace/time.ts';
import type { PlacedSpan, Trace } from '../../../../src/trace/trace.ts';
import { foundLookup, missingLookup, nodesRequest, reportOf } from '../../../support/reports.ts';
import { parseDocument } from '../../../support/schema.ts';
import { etcdCall, request, served, timeline, type Timed } from '../../../support/timeline.ts';

const look = (columns: number, parts: Partial<Look> = {}): Look => ({
  columns,
  colour: false,
  glyphs: UNICODE,
  ...parts,
});

const drawn = (report: Report, wanted: Look): string[] => [
  ...headlineLines(report, wanted, stringWidth),
  ...otherFindingLines(report, wanted, stringWidth),
];
const lines = (report: Report, columns: number): string[] => drawn(report, look(columns));

const webhook = (name: string, from: number, to: number): Timed => ({
  name: 'Call mutating webhook',
  from,
  to,
  attributes: { webhook: name, configuration: 'inject' },
});

const slow = timeline(
  request(400, [served(10, 390, [{ name: 'Create', from: 20, to: 380, below: [webhook('a.b', 30, 370)] }])]),
);

function reportWith(trace: Trace, findings: readonly Finding[]): Report {
  return { ...reportOf(trace), analysis: { ...analyse(trace), findings } };
}

function finding(title: string, parts: Partial<Finding> = {}): Finding {
  const spans = [slow.spans[1] as PlacedSpan] as const;
  return {
    id: 'slow-webhook',
    severity: 'warning',
    title: `long ${title}`,
    headline: title,
    detail: 'detail',
    hint: 'hint',
    command: shell`kubectl get x`,
    nanos: nanos(1),
    share: 0.5,
    spans,
    ...parts,
  };
}

test('a finding has its sign, then detail, hint and command on separate lines', () => {
  assert.deepEqual(lines(reportOf(slow), 120), [
    '▲ 85 % mutating webhook a.b, 340 of 400 ms',
    '  configuration inject; it exports no spans, so its work is not visible.',
    '  Narrow its rules, or add matchConditions.',
    '  kubectl get mutatingwebhookconfiguration inject -o yaml',
  ]);
});

test('a finding is wrapped to the width, and its command stays one command', () => {
  assert.deepEqual(lines(reportOf(slow), 40), [
    '▲ 85 % mutating webhook a.b, 340 of 400',
    '  ms',
    '  configuration inject; it exports no',
    '  spans, so its work is not visible.',
    '  Narrow its rules, or add',
    '  matchConditions.',
    '  kubectl get \\',
    '  mutatingwebhookconfiguration inject \\',
    '  -o yaml',
  ]);
});

test('the row of a finding has the same sign', () => {
  const unicode = drawScreen(reportOf(slow), look(120), stringWidth);
  assert.match(unicode, /└─ ▲ a\.b, mutating +340 ms/);
  assert.equal(unicode.match(/▲/g)?.length, 2);
  const ascii = drawScreen(reportOf(slow), look(120, { glyphs: ASCII }), stringWidth);
  assert.match(ascii, /`- ! a\.b, mutating +340 ms/);
  assert.match(ascii, /^! 85 % mutating webhook a\.b/);
});

test('at most three findings are shown, and at most three rows marked', () => {
  const report = reportWith(
    slow,
    ['one', 'two', 'three', 'four', 'five'].map((title) => finding(title)),
  );
  const text = lines(report, 80).join('\n');
  assert.match(text, /▲ one[^]*▲ two[^]*▲ three/);
  assert.doesNotMatch(text, /four|five/);
  assert.match(text, /and 2 more in -o json$/);
});

test('the first line of a finding is bold with colors, which change nothing else', () => {
  const coloured = drawn(reportOf(slow), look(120, { colour: true }));
  assert.ok(coloured[0]?.includes('\u001b[1m85 %'));
  assert.deepEqual(coloured.map(stripVTControlCharacters), lines(reportOf(slow), 120));
  assert.equal(coloured.slice(1).join(''), lines(reportOf(slow), 120).slice(1).join(''));
});

test('finding text is escaped and never wider than the terminal', () => {
  const nasty = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(
      nasty,
      nasty,
      nasty,
      fc.integer({ min: 40, max: 200 }),
      fc.boolean(),
      (title, hint, command, columns, ascii) => {
        const report = reportWith(slow, [finding(title, { detail: hint, hint, command: command as ShellCommand })]);
        const glyphs = ascii ? ASCII : UNICODE;
        for (const line of drawn(report, look(columns, { glyphs }))) {
          assert.doesNotMatch(line, /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
          if (ascii) assert.match(line, /^[ -~]*$/);
          assert.ok(stringWidth(line) <= columns, line);
          assert.equal(line, line.trimEnd());
        }
      },
    ),
  );
});

const quick = timeline(request(9, [served(1, 8, [etcdCall('etcdserverpb.KV/Range', [2, 7], { from: 3, to: 6 })])]));

test('without a finding the headline has the time, and the largest part of it', () => {
  assert.deepEqual(lines(reportOf(quick), 80), ['nothing stands out: 9.00 ms, 56 % of it etcd']);
});

test('without a finding the headline names the time that a stream was open, beside the time of the work', () => {
  const report = { ...reportOf(quick), analysis: { ...analyse(quick), openNanos: nanos(4_000_000) } };
  assert.deepEqual(lines(report, 80), [
    'nothing stands out: 5.00 ms, 56 % of it etcd; a stream was open for 4.00 ms more',
  ]);
});

test('a partial trace may hide findings; a failed request, and one without a trace, have other headlines', () => {
  const told = (parts: Partial<typeof nodesRequest>): string[] =>
    lines(reportOf(quick, { requests: [{ ...nodesRequest, ...parts }] }), 80);
  const { durationNanos } = nodesRequest;
  const time = formatDuration(durationNanos);
  assert.deepEqual(told({ lookup: { ...foundLookup, verdict: 'partial' } }), [
    'nothing stands out in what arrived: 9.00 ms, 56 % of it etcd',
  ]);
  assert.match(told({ lookup: missingLookup })[0] ?? '', /^9\.00 ms, at most \S+ ms of it the server and etcd$/);
  assert.deepEqual(told({ status: 404 }), [`failed with 404 after ${time}`]);
  const error = { reason: 'NotFound', message: 'x' };
  assert.deepEqual(told({ status: 404, error }), [`failed with 404 NotFound after ${time}`]);
  assert.deepEqual(told({ status: null, error }), [`no response after ${time}`]);
});

test('JSON has every finding, with its span IDs', () => {
  const { summary } = parseDocument(writeJSON(reportOf(slow)));
  const [only, ...others] = summary?.findings ?? [];
  assert.deepEqual(others, []);
  assert.equal(only?.id, 'slow-webhook');
  assert.equal(only.nanos, 340e6);
  assert.equal(only.share, 0.85);
  assert.equal(only.headline, '85 % mutating webhook a.b, 340 of 400 ms');
  assert.equal(only.title, '85 % of the request (340 of 400 ms) was the mutating webhook a.b');
  assert.deepEqual(only.spanIDs, [slow.spans.find(({ span }) => span.name === 'Call mutating webhook')?.spanID]);
  assert.equal(only.command, 'kubectl get mutatingwebhookconfiguration inject -o yaml');
});
