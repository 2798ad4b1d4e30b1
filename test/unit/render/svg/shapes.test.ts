import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OUTPUTS } from '../../../../src/render/outputs.ts';
import { UNICODE } from '../../../../src/render/look.ts';
import { CELL, MARGIN } from '../../../../src/render/svg/grid.ts';
import { DARK, LIGHT, STYLE, type Palette } from '../../../../src/render/svg/style.ts';
import { drawTrace } from '../../../support/draw-trace.ts';
import { reportOf } from '../../../support/reports.ts';
import { elementsOf, parseXML, pathPoints, type SVGElement } from '../../../support/svg.ts';

const COLUMNS = 100;
const draw = async (picture: string): Promise<SVGElement> =>
  parseXML(
    await OUTPUTS.svg()(reportOf(drawTrace(picture), { requests: [] }), {
      columns: COLUMNS,
      colour: false,
      glyphs: UNICODE,
      rows: { full: true },
    }),
  );

interface Bar {
  readonly kind: string;
  /** Fractions of the axis. */
  readonly from: number;
  readonly to: number;
}

/** The bars of each row, on the axis whose lines are drawn. */
function barsOf(root: SVGElement): Bar[][] {
  const paths = elementsOf(root, 'path');
  const axis = pathPoints(paths.find(({ attributes }) => attributes['class'] === 'g')?.attributes['d'] ?? '');
  const [start, end] = [Math.min(...axis.map(({ x }) => x)), Math.max(...axis.map(({ x }) => x))];
  const bottom = Math.max(...axis.map(({ y }) => y));
  const rows = new Map<number, Bar[]>();
  for (const { attributes } of paths) {
    const { class: kind = '', d = '' } = attributes;
    if (!/^[ouic]\b/.test(kind)) continue;
    for (const part of d.match(/M[^M]*/g) ?? []) {
      const points = pathPoints(part);
      const middle = (Math.min(...points.map(({ y }) => y)) + Math.max(...points.map(({ y }) => y))) / 2;
      if (middle > bottom) continue;
      const [from, to] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
      const bar = { kind, from: (from - start) / (end - start), to: (to - start) / (end - start) };
      rows.set(middle, [...(rows.get(middle) ?? []), bar]);
    }
  }
  return [...rows.keys()].toSorted((one, other) => one - other).map((row) => rows.get(row) as Bar[]);
}

suite('bars', () => {
  // Forty nanoseconds; a column is one.
  const TRACE = `
    command@shop        |---------------------------------------|
      cart@shop         |---------|
      ship@shop                   |-------------------|
        db@shop                           |---|
  `;
  /** Within about a pixel: the axis has 300 or more. */
  const near = (actual: number, expected: number): boolean => Math.abs(actual - expected) < 0.004;

  test('begin and end where the times do', async () => {
    const rows = barsOf(await draw(TRACE));
    const expected: readonly (readonly Bar[])[] = [
      [
        { kind: 'u', from: 0, to: 0.75 },
        { kind: 'o', from: 0.75, to: 1 },
      ],
      [{ kind: 'o', from: 0, to: 0.25 }],
      [
        { kind: 'o', from: 0.25, to: 0.45 },
        { kind: 'o', from: 0.55, to: 0.75 },
        { kind: 'u', from: 0.45, to: 0.55 },
      ],
      [{ kind: 'o', from: 0.45, to: 0.55 }],
    ];
    const byStart = (one: Bar, other: Bar): number => one.from - other.from;
    assert.equal(rows.length, expected.length);
    for (const [index, bars] of expected.entries()) {
      const drawn = (rows[index] ?? []).toSorted(byStart);
      assert.deepEqual(
        drawn.map(({ kind }) => kind),
        bars.toSorted(byStart).map(({ kind }) => kind),
      );
      for (const [part, bar] of bars.toSorted(byStart).entries())
        assert.ok(
          near(drawn[part]?.from ?? NaN, bar.from) && near(drawn[part]?.to ?? NaN, bar.to),
          JSON.stringify({ index, drawn, bars }),
        );
    }
  });

  test('of a moment are still to be seen, within the picture', async () => {
    const root = await draw(`
      command@shop        |---------------------------------------|
        first@shop        |
        last@shop                                                 |
    `);
    const rows = barsOf(root);
    assert.equal(rows.length, 3);
    for (const [bar] of rows.slice(1)) {
      assert.ok(bar !== undefined && bar.to - bar.from > 0.002, JSON.stringify(bar));
    }
    const width = Number(root.attributes['width']);
    for (const { attributes } of elementsOf(root, 'path'))
      for (const { x } of pathPoints(attributes['d'] ?? '')) assert.ok(x >= MARGIN && x <= width - MARGIN + CELL);
  });
});

/** WCAG 2.2: relative luminance of a colour of sRGB. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

suite('colours', () => {
  for (const [name, palette] of Object.entries<Palette>({ light: LIGHT, dark: DARK })) {
    const against = (colour: string): number => contrast(colour, palette.background);

    test(`of texts have the contrast of WCAG AA, ${name}`, () => {
      for (const key of ['text', 'dim', 'red', 'yellow'] as const) assert.ok(against(palette[key]) >= 4.5, key);
    });

    test(`of bars have the contrast of WCAG AA for graphics, ${name}`, () => {
      for (const key of ['own', 'line', 'red', 'yellow'] as const) assert.ok(against(palette[key]) >= 3, key);
    });

    test(`are in the style, ${name}`, () => {
      const [light = '', dark = ''] = STYLE.split('@media (prefers-color-scheme:dark)');
      for (const colour of Object.values(palette)) assert.ok((name === 'dark' ? dark : light).includes(colour));
    });
  }

  test('contrast is computed as WCAG does', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  });

  test('of every class of an element are set', async () => {
    const root = await draw('command@shop |----|\n  cart@shop |--|\n');
    const classes = new Set(
      [...elementsOf(root, 'path'), ...elementsOf(root, 'rect'), ...elementsOf(root, 'tspan')].flatMap(
        ({ attributes }) => (attributes['class'] ?? '').split(' ').filter((name) => name !== ''),
      ),
    );
    assert.ok(classes.size >= 5);
    for (const name of classes) assert.match(STYLE, new RegExp(`\\.${name}\\b`));
  });
});
