import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { contentOf } from '../../../page/model/content.ts';
import { carried } from '../../../page/model/carried.ts';
import type { Picture } from '../../../page/model/picture.ts';
import { readSpans, servedDocument, servedVerdict, type ServedSpans } from '../../../page/model/served-document.ts';
import { START, type ViewState } from '../../../page/model/view-state.ts';
import { rowKey } from '../../../page/model/visible.ts';
import type { Span } from '../../../src/trace/span.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { span, traceID } from '../../support/spans.ts';

const BEGIN = 1_795_478_400_000_000_000n;
const MILLI = 1_000_000n;

const at = (id: string, from: number, to: number, parent?: string): Span =>
  span({
    id,
    ...(parent !== undefined && { parent }),
    name: `span ${id}`,
    start: epochNanos(BEGIN + BigInt(from) * MILLI),
    end: epochNanos(BEGIN + BigInt(to) * MILLI),
  });

function served(spans: readonly Span[], more: Partial<ServedSpans> = {}): ServedSpans {
  const now = epochNanos(BEGIN + 2000n * MILLI);
  return { traceID: traceID('a1'), version: '1.2.3', spans, quietMillis: 0, now, ...more };
}

function pictureOf(spans: readonly Span[]): Picture {
  const { picture } = contentOf(servedDocument(served(spans)));
  assert.ok(picture !== undefined);
  return picture;
}

const indexOf = ({ analysis: { trace } }: Picture, name: string): number =>
  trace.spans.findIndex((placed) => placed.span.name === name);

suite('the choices of a person', () => {
  const first = [at('1', 100, 1000, '9'), at('5', 300, 400, '1'), at('6', 320, 350, '5')];
  const later = [...first, at('9', 50, 1100), at('2', 120, 140, '1'), at('3', 150, 200, '1'), at('7', 330, 340, '5')];

  test('are of the same spans and times after more have come', () => {
    const [before, now] = [pictureOf(first), pictureOf(later)];
    const five = indexOf(before, 'span 5');
    const key = rowKey(before.rows({ unfolded: true }).waterfall.rows.find(({ spans }) => spans[0]?.index === five)!);
    const state: ViewState = {
      ...START,
      selected: five,
      subtree: five,
      opened: new Set([five, indexOf(before, 'span 6')]),
      collapsed: new Set([key]),
      axis: { from: 200e6, to: 300e6 },
      range: { from: 210e6, to: 220e6 },
      query: 'six',
      minShare: 0.01,
    };
    const next = carried(state, before, now);
    const moved = indexOf(now, 'span 5');
    assert.notEqual(moved, five);
    assert.deepEqual(next, {
      ...state,
      selected: moved,
      subtree: moved,
      opened: new Set([moved, indexOf(now, 'span 6')]),
      collapsed: new Set([key.replace(String(five), String(moved))]),
      // The trace begins 50 ms earlier now.
      axis: { from: 250e6, to: 350e6 },
      range: { from: 260e6, to: 270e6 },
    });
  });

  test('of spans that are gone are dropped', () => {
    const [before, now] = [pictureOf(later), pictureOf(first)];
    const three = indexOf(before, 'span 3');
    const state = { ...START, selected: three, subtree: three, opened: new Set([three]) };
    assert.deepEqual(carried(state, before, now), { ...START, selected: undefined, subtree: undefined });
  });

  test('are the same objects for the same picture', () => {
    const picture = pictureOf(first);
    const state = { ...START, selected: 1 };
    assert.equal(carried(state, picture, picture), state);
  });
});

suite('the document of stored spans', () => {
  test('settles when nothing has come for 6 seconds, or all ended a minute ago', () => {
    const spans = [at('1', 0, 1000)];
    assert.equal(servedVerdict(served(spans)), 'partial');
    assert.equal(servedVerdict(served(spans, { quietMillis: 6000 })), 'settled');
    assert.equal(servedVerdict(served(spans, { now: epochNanos(BEGIN + 61_000n * MILLI) })), 'settled');
    const open = { ...spans[0]!, end: epochNanos(0n) };
    assert.equal(servedVerdict(served([open], { now: epochNanos(BEGIN + 61_000n * MILLI) })), 'partial');
    assert.equal(servedDocument(served(spans))['verdict'], 'partial');
  });

  test('is read from OTLP as serve writes it, with exact integers', () => {
    const spans = readSpans({
      result: {
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: '000000000000000000000000000000a1',
                    spanId: '00000000000000b2',
                    name: 'GET',
                    startTimeUnixNano: '1795478400000000123',
                    endTimeUnixNano: '1795478400000000999',
                    attributes: [{ key: 'big', value: { intValue: '9223372036854775807' } }],
                  },
                ],
              },
            ],
          },
        ],
      },
    });
    assert.equal(spans[0]?.start, 1_795_478_400_000_000_123n);
    assert.equal(spans[0].attributes['big'], 2n ** 63n - 1n);
    assert.throws(() => readSpans({ error: {} }), /something else than spans/);
  });
});
