import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { kubernetesRows } from '../../../../src/analysis/kubernetes/rows.ts';
import { waterfall } from '../../../../src/analysis/rows/waterfall.ts';
import { ASCII, UNICODE, type Glyphs } from '../../../../src/render/look.ts';
import { drawTree, type DrawnTree } from '../../../../src/render/terminal/tree.ts';
import { plainWidth } from '../../../../src/render/terminal/width.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { Trace, TraceInput } from '../../../../src/trace/trace.ts';
import { drawTrace } from '../../../support/draw-trace.ts';
import { span } from '../../../support/spans.ts';

function draw(trace: Trace, columns: number, glyphs: Glyphs = UNICODE): DrawnTree {
  const analysis = analyse(trace);
  return drawTree(waterfall(kubernetesRows(trace), analysis), { columns, colour: false, glyphs }, plainWidth);
}

const SMALL = `
  command@kubectl-trace     |----------------------------------------|
    connect@kubectl-trace   |----------|
    List@apiserver                     |-------------------|
      KV/Range@apiserver                     |-----|
`;

test('bars show self time solid and child time thin', () => {
  assert.deepEqual(draw(drawTrace(SMALL), 80).lines, [
    '                           self    total  0                                41 ns',
    'kubectl-trace  command    10 ns    41 ns  ─────────────────────────────█████████',
    '├─ connect                11 ns    11 ns  ██████████▎',
    '└─ apiserver  List        14 ns    20 ns            █████▊─────███████▊',
    '   └─ KV/Range             6 ns     6 ns                  █████▍',
  ]);
});

test('a narrow tree drops self times and cuts labels', () => {
  assert.deepEqual(draw(drawTrace(SMALL), 40).lines, [
    '                    total  0       41 ns',
    'kubectl-trace c…    41 ns  ──────────███',
    '├─ connect          11 ns  ███▌',
    '└─ apiserver Li…    20 ns     ██──██▉',
    '   └─ KV/Range       6 ns       ██▎',
  ]);
});

test('a tree in ASCII', () => {
  const { lines, legend } = draw(drawTrace(SMALL), 40, ASCII);
  assert.deepEqual(lines, [
    '                    total  0       41 ns',
    'kubectl-trace c~    41 ns  ----------###',
    '|- connect          11 ns  ####',
    '`- apiserver Li~    20 ns     ##--###',
    '   `- KV/Range       6 ns       ##|',
  ]);
  assert.deepEqual(legend, ['bars: # own time', '- time in the rows below']);
});

test('self time off the critical path has another style, and a legend', () => {
  const { lines, legend } = draw(
    drawTrace(`
      Create    |-----------------------|
        fast      |--------|
        slow      |-------------------|
    `),
    60,
  );
  assert.deepEqual(lines.slice(2), [
    '├─ slow              20 ns     ██████████████████████████▍',
    '└─ fast               9 ns     ▒▒▒▒▒▒▒▒▒▒▒▒',
  ]);
  assert.deepEqual(legend.at(-1), '▒ own time that nothing waited for');
});

test('a failure has a sign, and so has a row too short to see', () => {
  const root = span({ id: '1', name: 'root', end: epochNanos(1_795_478_401_000_000_001n) });
  const short = span({
    id: '2',
    parent: '1',
    name: 'short',
    start: root.start,
    end: root.start,
    status: { code: 'error' },
  });
  const input = (one: typeof root): TraceInput => ({ span: one, source: 'span', inferred: false });
  const { lines, legend } = draw(buildTrace([input(root), input(short)]) as Trace, 60);
  assert.equal(lines[2], '└─ ▲ short ✗         0 ns  ▏');
  assert.equal(legend.at(-1), '✗ failed');
});

test('inferred rows have dotted lines', () => {
  const root = span({ id: '1', name: 'root' });
  const gap = span({ id: '2', parent: '1', name: 'gap' });
  const trace = buildTrace([
    { span: root, source: 'client', inferred: false },
    { span: gap, source: 'gap', inferred: true },
  ]) as Trace;
  const { lines, legend } = draw(trace, 50);
  assert.equal(lines[2], '└┄ gap            10.0 ms  ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄');
  assert.equal(legend.at(-1), '┄ inferred, no span');
});

/** `count` spans: each below the one before, or all below the first. */
function many(count: number, shape: 'deep' | 'wide'): Trace {
  const inputs = Array.from({ length: count }, (_, i): TraceInput => {
    const parent = i === 0 ? {} : { parent: (shape === 'deep' ? i : 1).toString(16) };
    return { span: span({ id: (i + 1).toString(16), ...parent }), source: 'span', inferred: false };
  });
  return buildTrace(inputs) as Trace;
}

test('a tree of 100,000 levels is drawn without recursion, and its branches fit the width', () => {
  const { lines } = draw(many(100_000, 'deep'), 80);
  assert.equal(lines.length, 100_001);
  assert.ok(lines.every((line) => line.length <= 80));
  assert.match(lines.at(-1) ?? '', /^…99999 └─ GET /);
});

test('a tree of 100,000 siblings is drawn', () => {
  const { lines } = draw(many(100_000, 'wide'), 80);
  assert.equal(lines.length, 100_001);
  assert.equal(lines.filter((line) => line.startsWith('└─ ')).length, 1);
});
