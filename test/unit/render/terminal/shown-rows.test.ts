import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { ASCII, UNICODE } from '../../../../src/render/look.ts';
import { drawScreen } from '../../../../src/render/terminal/screen.ts';
import { shownRows } from '../../../../src/render/terminal/shown-rows.ts';
import { nanos } from '../../../../src/trace/time.ts';
import { drawTrace } from '../../../support/draw-trace.ts';
import { reportOf } from '../../../support/reports.ts';

const trace = drawTrace(`
  command@cli    |-----------------------|
    List@api      |--------------------|
      get          |-|
      get             |-|
      get                |-|
      get                   |--|
      get                       |-|
`);
const look = { columns: 80, colour: false, glyphs: UNICODE };
const linesWith = (text: string, word: string): string[] => text.split('\n').filter((line) => line.includes(word));

test('flags that hide rows are listed below the tree', () => {
  const { leftOut } = shownRows(analyse(trace), {
    depth: 4,
    minDuration: nanos(1.5e6),
    services: ['api', 'web'],
    errors: true,
    noInferred: true,
  });
  assert.equal(leftOut, '6 rows not shown: --depth 4 --min-duration 1.5ms --service api,web --errors --no-inferred');
  const screen = drawScreen(reportOf(trace), { ...look, rows: { depth: 1 } });
  assert.deepEqual(linesWith(screen, 'not shown'), ['5 rows not shown: --depth 1']);
  assert.deepEqual(linesWith(screen, '─ get '), []);
});

test('no line below the tree if no rows are hidden', () => {
  for (const rows of [{}, { errors: false, noInferred: false }, { depth: 9 }]) {
    assert.equal(shownRows(analyse(trace), rows).leftOut, undefined);
  }
});

test('repeated spans are one row, in ASCII too', () => {
  const line = (glyphs: typeof ASCII): string =>
    linesWith(drawScreen(reportOf(trace), { columns: 120, colour: false, glyphs }), ' get ')[0]?.trimStart() ?? '';
  assert.match(line(UNICODE), /^└─ ×5 get 2–3 ns, Σ 11 ns +11 ns +11 ns +█/);
  assert.match(line(ASCII), /^`- x5 get 2-3 ns, sum 11 ns +11 ns +11 ns +#/);
});
