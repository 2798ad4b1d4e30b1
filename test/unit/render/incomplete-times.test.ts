import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { assembleSpans } from '../../../src/analysis/assemble/assemble-spans.ts';
import { analyse } from '../../../src/analysis/analyse.ts';
import { ASCII, UNICODE, type Look } from '../../../src/render/look.ts';
import { writeJSON } from '../../../src/report/json.ts';
import { OUTPUTS } from '../../../src/render/outputs.ts';
import type { Report } from '../../../src/report/report.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import type { Span } from '../../../src/trace/span.ts';
import { epochNanos, type EpochNanos } from '../../../src/trace/time.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { reportOf } from '../../support/reports.ts';
import { parseDocument } from '../../support/schema.ts';
import { span, type SpanParts } from '../../support/spans.ts';

const START = 1_795_478_400_000_000_000n;
const MILLI = 1_000_000n;
const HOUR = 3_600_000n * MILLI;
const at = (nanos: bigint): EpochNanos => epochNanos(START + nanos);
const UNSET = epochNanos(0n);
const one = (id: string, name: string, from: bigint, to: bigint | null, parts: SpanParts = {}): Span =>
  span({ id, name, service: 'shop', start: at(from), end: to === null ? UNSET : at(to), ...parts });

const look = (columns: number, glyphs = UNICODE): Look => ({ columns, colour: false, glyphs });
const report = (...spans: Span[]): Report => reportOf(assembleSpans(spans), { requests: [] });
const tree = async (told: Report, columns = 100): Promise<string> => OUTPUTS.tree()(told, look(columns));
/** The headline has names of rows as well. */
const rowOf = (text: string, name: string): string =>
  text
    .split('\n')
    .slice(1)
    .find((line) => line.includes(name)) ?? '';

suite('a span that has not ended', () => {
  const child = one('2', 'child', 10n * MILLI, 30n * MILLI, { parent: '1' });
  for (const [why, end, note] of [
    ['no end', UNSET, /^note: 1 span is not ended; drawn until the end of the rows below$/m],
    ['an end before the start', at(-5n * MILLI), /^note: 1 span ends before its start; drawn as not ended$/m],
    ['an end before 1970 ended its first second', epochNanos(1n), /^note: 1 span ends before its start/m],
    ['an end in the year 2262', epochNanos(2n ** 63n - 1n), /^note: the times of 1 span are months away/m],
  ] as const) {
    test(`(${why}) is as long as its descendants, and marked`, async () => {
      const told = report(one('1', 'root', 0n, null, { end }), child);
      const text = await tree(told);
      assert.match(text, note);
      assert.match(rowOf(text, 'root'), / 10\.0 ms +no end /);
      assert.match(rowOf(text, 'child'), / 20\.0 ms +20\.0 ms /);
      assert.match(text, /2 spans of shop, 30\.0 ms or more, 1 not ended/);
      assert.doesNotMatch(text, / %/, 'of what is not known no share is');
      assert.doesNotMatch(text, /\d{5,}h|-\d/);
      const { trace } = parseDocument(writeJSON(told));
      const [root, below] = trace?.spans ?? [];
      assert.deepEqual([root?.durationNanos, root?.ended, root?.selfNanos], [30_000_000, false, 10_000_000]);
      assert.equal(below?.ended, undefined);
      assert.equal(root?.original?.endUnixNano, String(end));
    });
  }

  test("below another span takes none of its parent's time", async () => {
    const told = report(one('1', 'root', 0n, 50n * MILLI), one('2', 'open', 10n * MILLI, null, { parent: '1' }));
    const text = await tree(told);
    assert.match(rowOf(text, 'open'), /· +no end /);
    assert.match(text, /^shop +50\.0 ms +100 %/m);
    assert.match(text, /2 spans of shop, 50\.0 ms, 1 not ended/);
    assert.match(await OUTPUTS.summary()(told, look(80)), /^shop root +50\.0 ms +50\.0 ms +0000000000000001$/m);
  });

  test('alone has no duration', async () => {
    const text = await tree(report(one('1', 'root', 0n, null)));
    assert.match(text, /1 span of shop, not ended$/m);
    assert.match(rowOf(text, 'root'), / no end /);
    assert.doesNotMatch(text, /0 ns|NaN|Infinity|months/);
  });

  test('is not folded with similar spans', async () => {
    const spans = Array.from({ length: 8 }, (_, index) => {
      const from = BigInt(index) * MILLI;
      return one((index + 2).toString(16), 'call', from, index === 3 ? null : from + MILLI / 2n, { parent: '1' });
    });
    const text = await tree(report(one('1', 'root', 0n, 50n * MILLI), ...spans));
    assert.match(text, /×7 call/);
    assert.match(text, /[└├]─ call +· +no end/);
  });

  test('is not treated as clock skew', async () => {
    const told = report(
      span({ id: '1', name: 'call', service: 'a', kind: 'client', start: at(0n), end: UNSET }),
      span({
        id: '2',
        name: 'handle',
        service: 'b',
        kind: 'server',
        parent: '1',
        start: at(5n * MILLI),
        end: at(9n * MILLI),
      }),
      span({
        id: '3',
        name: 'call 2',
        service: 'b',
        kind: 'client',
        parent: '2',
        start: at(6n * MILLI),
        end: at(8n * MILLI),
      }),
      span({ id: '4', name: 'open', service: 'c', kind: 'server', parent: '3', start: at(7n * MILLI), end: UNSET }),
    );
    assert.doesNotMatch(await tree(told), /clock/);
  });

  test('is drawn identically from its JSON document', async () => {
    const told = report(one('1', 'root', 0n, null), child);
    const again = readDocument(JSON.parse(writeJSON(told)));
    assert.equal((await tree(again)).replace(/^.*read from.*\n/m, ''), await tree(told));
  });

  test("keeps every duration between zero and the trace's", () => {
    const moment = fc.oneof(
      fc.bigInt(0n, 60n).map((millis) => at(millis * MILLI)),
      fc.constantFrom(UNSET, at(-HOUR), epochNanos(1n)),
    );
    const parts = fc.record({ parent: fc.nat(), start: fc.bigInt(0n, 60n), end: moment });
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 12 }), (all) => {
        const spans = all.map(({ parent, start, end }, index) =>
          one(String(index + 1), `s${index}`, start * MILLI, null, {
            end,
            ...(index > 0 && { parent: String((parent % index) + 1) }),
          }),
        );
        const trace = assembleSpans(spans) as Trace;
        const most = 61 * 1e6;
        for (const { duration, offset, ended, span: reported } of trace.spans) {
          assert.ok(duration >= 0 && offset + duration <= most + 60e6, `${duration}`);
          if (!ended && reported.end === 0n) assert.equal(ended, false);
        }
        const { componentTimes } = analyse(trace);
        const sum = componentTimes.reduce((total, { nanos }) => total + nanos, 0);
        assert.equal(sum, trace.duration);
      }),
      { numRuns: 300 },
    );
  });
});

suite('a child hours away from its root', () => {
  const root = one('1', 'root', 0n, 50n * MILLI);
  const near = one('2', 'near', 10n * MILLI, 40n * MILLI, { parent: '1' });
  const late = (hours: bigint, id = '3'): Span =>
    one(id, 'late', hours * HOUR, hours * HOUR + 20n * MILLI, { parent: '1' });

  test('is drawn at the edge of the axis, with its time', async () => {
    const text = await tree(report(root, near, late(3n)));
    const [header = ''] = text.split('\n').filter((line) => line.includes('total'));
    assert.match(header, /50\.0 ms$/);
    assert.match(rowOf(text, 'late'), /20\.0 ms +20\.0 ms +\+3h00m →$/);
    assert.match(rowOf(text, 'near'), /█{20}/);
    assert.match(text, /^note: 1 span is long before or after the others; drawn at the edge$/m);
  });
  test('before its root is drawn at the edge too', async () => {
    const text = await tree(report(root, near, late(-2n)));
    assert.match(rowOf(text, 'late'), /20\.0 ms +20\.0 ms +← -2h00m/);
    assert.match(rowOf(text, 'near'), /█{20}/);
  });
  test('with siblings at other distant times keeps its descendants', async () => {
    const below = one('5', 'below', 3n * HOUR + MILLI, 3n * HOUR + 5n * MILLI, { parent: '3' });
    const text = await tree(report(root, near, late(3n), below, late(26n, '4')));
    assert.match(rowOf(text, 'below'), /\+3h00m →$/);
    assert.match(text, /\+26h00m →$/m);
    assert.match(text, /^note: 3 spans are long before or after the others/m);
    assert.match(rowOf(text, 'near'), /█{20}/);
  });
  test('does not extend a root that has not ended', async () => {
    const text = await tree(report(one('1', 'root', 0n, null), near, late(3n)));
    assert.match(text, /3 spans of shop, 40\.0 ms or more/);
    assert.match(rowOf(text, 'late'), /→$/);
  });
  test('is not folded with children near the root', async () => {
    const calls = Array.from({ length: 6 }, (_, index) => {
      const from = BigInt(index) * 5n * MILLI;
      return one((index + 4).toString(16), 'late', from, from + 4n * MILLI, { parent: '1' });
    });
    const text = await tree(report(root, ...calls, late(3n)));
    assert.match(text, /×6 late/);
    assert.match(text, /50\.0 ms$/m);
    assert.match(text, /\+3h00m →$/m);
  });
  test('has its real time in data outputs', async () => {
    const told = report(root, near, late(3n));
    const { trace } = parseDocument(writeJSON(told));
    assert.equal(trace?.spans.find(({ name }) => name === 'late')?.startOffsetNanos, Number(3n * HOUR));
    assert.deepEqual(
      trace?.notes?.map(({ code }) => code),
      ['far-from-root'],
    );
    assert.match(await OUTPUTS.wide()(told, look(160)), /\+3h00m/);
  });
  test('fits every width, also without Unicode', async () => {
    for (let columns = 40; columns <= 160; columns += 3) {
      for (const glyphs of [UNICODE, ASCII]) {
        const text = await OUTPUTS.tree()(report(root, near, late(3n)), look(columns, glyphs));
        for (const line of text.split('\n')) assert.ok(line.length <= columns, line);
        assert.match(text, glyphs === ASCII ? />$/m : /→$/m);
      }
    }
  });

  test('stays on the axis if it is only somewhat later', async () => {
    for (const [from, ended] of [
      [400n * MILLI, 50n * MILLI],
      [9000n * MILLI, 50n * MILLI],
      [HOUR, HOUR / 5n],
    ] as const) {
      const told = report(one('1', 'root', 0n, ended), one('2', 'later', from, from + 20n * MILLI, { parent: '1' }));
      const text = await tree(told);
      assert.doesNotMatch(text, /→|note:/);
    }
  });
});
