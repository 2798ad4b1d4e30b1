import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { writeFolded } from '../../../../src/render/data/folded.ts';
import { OUTPUTS } from '../../../../src/render/outputs.ts';
import { POD_OUTPUTS } from '../../../../src/render/pod/outputs.ts';
import type { Report } from '../../../../src/report/report.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { drawTrace } from '../../../support/draw-trace.ts';
import { recordedPods } from '../../../support/recorded-pods.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { reportOf } from '../../../support/reports.ts';
import { span } from '../../../support/spans.ts';

interface SpeedscopeFile {
  readonly name: string;
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] };
  readonly profiles: readonly {
    readonly name: string;
    readonly endValue: number;
    readonly samples: readonly (readonly number[])[];
    readonly weights: readonly number[];
  }[];
}

/** As speedscope's own package publishes it. */
const schema = JSON.parse(
  readFileSync(new URL(import.meta.resolve('speedscope/dist/release/file-format-schema.json')), 'utf8'),
) as object;
const isValid = new Ajv({ strict: false }).compile(schema);

function readSpeedscope(text: string): SpeedscopeFile {
  const file = JSON.parse(text) as SpeedscopeFile;
  assert.ok(isValid(file), JSON.stringify(isValid.errors));
  for (const { samples, weights, endValue } of file.profiles) {
    assert.equal(samples.length, weights.length);
    assert.equal(sum(weights), endValue);
    for (const stack of samples) {
      assert.ok(stack.length > 0);
      for (const frame of stack) assert.ok(frame in file.shared.frames);
    }
  }
  return file;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

interface FoldedStack {
  readonly frames: readonly string[];
  readonly micros: number;
}

/** A line as flamegraph.pl and inferno read it: the last number counts; a number before it would make it a difference. */
function readFolded(text: string): FoldedStack[] {
  const lines = text.split('\n');
  assert.equal(lines.pop(), '');
  return lines.map((line) => {
    const [, stack = '', count = ''] = /^(.*)\s+(\d+)$/.exec(line) ?? [];
    assert.notEqual(stack, '', line);
    assert.doesNotMatch(stack, /\s\d+(\.\d*)?$/, 'no difference of two counts');
    const frames = stack.split(';');
    for (const frame of frames) assert.notEqual(frame.trim(), '', line);
    return { frames, micros: Number(count) };
  });
}

const ofSpans = (...spans: readonly Span[]): Report =>
  reportOf(buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false }))), { requests: [] });

const speedscopeOf = async (report: Report): Promise<SpeedscopeFile> =>
  readSpeedscope(await OUTPUTS.speedscope()(report));

/** Sections of 10 ns each: a and b run at the same time. */
const CONCURRENT = `
  root@shop   |---------------------------------------|
    a@cart    |---------|
    b@ship    |-------------------|
      c       |         |---------|
`;

suite('speedscope', () => {
  test('has the critical path in time order, and every self time', async () => {
    const { profiles, shared } = await speedscopeOf(reportOf(drawTrace(CONCURRENT), { requests: [] }));
    const [path, self] = profiles.map(({ name, samples, weights }) => ({
      name,
      stacks: samples.map((stack, index) => [...stack.map((frame) => shared.frames[frame]?.name), weights[index]]),
    }));
    assert.deepEqual(path, {
      name: 'critical path',
      stacks: [
        ['shop  root', 'ship  b', 20],
        ['shop  root', 20],
      ],
    });
    assert.equal(self?.name, 'self time');
    assert.deepEqual(
      new Set(self.stacks.map((stack) => stack.join(' > '))),
      new Set(['shop  root > 20', 'shop  root > cart  a > 10', 'shop  root > ship  b > 20']),
    );
  });

  for (const story of ['list', 'create', 'not-found', 'discovery']) {
    test(`${story}: the critical path adds up to the duration`, async () => {
      const told = { command: 'kubectl trace get nodes', objectCount: null, found: true };
      const report = recordedReport(recordedStory(37, `masters-${story}`), told);
      const { profiles, shared, name } = await speedscopeOf(report);
      const { analysis } = report;
      assert.equal(profiles[0]?.endValue, analysis?.trace.duration);
      assert.equal(profiles[1]?.endValue, sum(analysis?.self ?? []));
      assert.ok(shared.frames.some(({ file }) => file === 'apiserver'));
      assert.match(name, /^kubectl trace/);
    });
  }

  test('is valid for any trace', async () => {
    await fc.assert(
      fc.asyncProperty(dirtySpans, async (inputs) => {
        const report = reportOf(buildTrace(inputs));
        const { profiles } = await speedscopeOf(report);
        assert.equal(profiles[0]?.endValue, report.analysis?.trace.root.duration);
      }),
      { numRuns: 100 },
    );
  });

  test('without a trace has no profile, and is valid', async () => {
    assert.deepEqual((await speedscopeOf(reportOf(undefined))).profiles, []);
  });

  test('has the trace of the worst pod', async () => {
    const text = await POD_OUTPUTS.speedscope()(await recordedPods('crash-loop', 'final'));
    const { name, profiles } = readSpeedscope(text);
    assert.equal(name, 'pod/web');
    assert.ok((profiles[0]?.endValue ?? 0) > 40e9);
  });
});

suite('folded stacks', () => {
  test('have the self time of each stack in microseconds', () => {
    const micros = (id: string, parent: string | undefined, name: string, from: number, to: number): Span =>
      span({
        id,
        ...(parent !== undefined && { parent }),
        name,
        service: 'shop',
        start: (span({}).start + BigInt(from * 1000)) as Span['start'],
        end: (span({}).start + BigInt(to * 1000)) as Span['end'],
      });
    const report = ofSpans(
      micros('1', undefined, 'root', 0, 100),
      micros('2', '1', 'step', 10, 30),
      micros('3', '1', 'step', 40, 70),
      micros('4', '3', 'deep', 50, 60),
      micros('5', '1', 'instant', 80, 80),
    );
    assert.equal(writeFolded(report), 'shop  root 50\nshop  root;step 40\nshop  root;step;deep 10\n');
  });

  for (const story of ['list', 'create', 'not-found', 'discovery']) {
    test(`${story}: add up to the self times`, () => {
      const told = { command: 'kubectl trace get nodes', objectCount: null, found: true };
      const report = recordedReport(recordedStory(37, `masters-${story}`), told);
      const stacks = readFolded(writeFolded(report));
      const total = sum(report.analysis?.self ?? []) / 1000;
      assert.ok(Math.abs(sum(stacks.map(({ micros }) => micros)) - total) <= stacks.length / 2 + 1);
      assert.ok(stacks.every(({ frames }) => frames[0] === 'kubectl trace get nodes'));
    });
  }

  test('are lines of a stack and one number, with any names', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a;b', 'GET 200', '3', 'x 1.5', 'x 1.', ' ', '\n', 'a\t7', ';;', '# a', '1 2 3'),
    );
    fc.assert(
      fc.property(name, name, (one, other) => {
        const start = span({}).start;
        const end = (start + 5_000_000n) as Span['end'];
        const report = ofSpans(
          span({ id: '1', name: one, service: other, start, end: (end + 5_000_000n) as Span['end'] }),
          span({ id: '2', parent: '1', name: other, service: other, start, end }),
        );
        const stacks = readFolded(writeFolded(report));
        assert.deepEqual(
          stacks.map(({ frames, micros }) => [frames.length, micros]),
          [
            [1, 5000],
            [2, 5000],
          ],
        );
      }),
    );
  });

  test('of 20,000 levels have 100 frames at most, and lose no time', async () => {
    const start = span({}).start;
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      span({
        id: (index + 1).toString(16),
        ...(index > 0 && { parent: index.toString(16) }),
        name: 'level',
        start,
        end: (start + 1_000_000_000n - BigInt(index) * 50_000n) as Span['end'],
      }),
    );
    const report = ofSpans(...chain);
    const stacks = readFolded(writeFolded(report));
    assert.equal(Math.max(...stacks.map(({ frames }) => frames.length)), 100);
    assert.equal(sum(stacks.map(({ micros }) => micros)), 1_000_000);
    assert.ok((await OUTPUTS.speedscope()(report)).length < 100_000_000);
  });

  test('are empty without a trace', () => assert.equal(writeFolded(reportOf(undefined)), ''));
});
