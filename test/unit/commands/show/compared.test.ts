import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DATA_END, dataStart } from '../../../../src/page/data-element.ts';
import { toJSON, writeJSON } from '../../../../src/report/json.ts';
import type { Report } from '../../../../src/report/report.ts';
import { run } from '../../../../src/run.ts';
import { remember } from '../../../../src/tracing/history.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-compare-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const fixture = readFileSync(new URL('../../../fixtures/screens/create-without-tracing.json', import.meta.url), 'utf8');

async function show(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const runtime = testRuntime({
    home,
    cwd: home,
    env: {},
    fetch: async () => assert.fail('nothing is to be fetched'),
    input: () => Readable.from([Buffer.from(fixture)]),
    out: { write: (text) => void (out += text) },
    err: { write: (text) => void (err += text) },
  });
  const code = await run(['show', ...args], runtime, '0.1.0');
  return { code, out, err };
}

const report = (name: string): Report =>
  recordedReport(recordedStory(37, name), { command: `kubectl trace ${name}`, objectCount: 1, found: true });

const remembered = (one: Report): Promise<boolean> =>
  remember(one, testRuntime({ home, cwd: home, env: {}, fetch: async () => assert.fail('nothing is to be fetched') }));

/** The documents of a page: what it shows, and what that is compared with. */
function documentsOf(html: string): unknown[] {
  return (['document', 'compared'] as const).map((id) => {
    const data = html.split(dataStart(id))[1]?.split(DATA_END)[0];
    return data === undefined ? undefined : (JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()) as unknown);
  });
}

suite('show --compare', () => {
  const read = (text: string): unknown => JSON.parse(text);

  test('writes a page with both documents, from files and from standard input', async () => {
    const other = writeJSON(report('masters-list'));
    writeFileSync(join(home, 'a.json'), fixture);
    writeFileSync(join(home, 'b.json'), other);
    const { code, out, err } = await show('a.json', '--compare', 'b.json', '-o', 'html');
    assert.deepEqual([code, err], [0, '']);
    assert.deepEqual(documentsOf(out), [read(fixture), read(other)]);
    const piped = await show('-', '--compare=b.json', '-o', 'html');
    assert.equal(piped.out === out, true);
  });

  test('compares the last command with the one before', async () => {
    const [before, last] = [report('masters-list'), report('masters-list')];
    const later = {
      ...last,
      command: { ...last.command, startTime: ((last.command.startTime ?? 0n) + 1_000n) as never },
    };
    assert.ok((await remembered(before)) && (await remembered(later)));
    const { code, out } = await show('last', '--compare', '^1', '-o', 'html');
    assert.equal(code, 0);
    assert.deepEqual(
      documentsOf(out),
      [later, before].map((one) => read(JSON.stringify(toJSON(one)))),
    );
  });

  test('reads the shown document of such a page back, byte for byte', async () => {
    writeFileSync(join(home, 'a.json'), fixture);
    writeFileSync(join(home, 'b.json'), writeJSON(report('masters-list')));
    const { out } = await show('a.json', '--compare', 'b.json', '-o', 'html');
    writeFileSync(join(home, 'both.html'), out);
    assert.equal((await show('both.html', '-o', 'json')).out === fixture, true);
  });

  test('writes pseudonyms in both with --redact', async () => {
    writeFileSync(join(home, 'a.json'), fixture);
    const { out } = await show('a.json', '--compare', 'a.json', '-o', 'html', '--redact');
    const [shown, compared] = documentsOf(out);
    assert.deepEqual(compared, shown);
    assert.ok(fixture.includes('inject.example.com'));
    assert.doesNotMatch(JSON.stringify([shown, compared]), /inject\.example\.com/);
  });

  test('without --compare has one document', async () => {
    writeFileSync(join(home, 'a.json'), fixture);
    assert.deepEqual(documentsOf((await show('a.json', '-o', 'html')).out), [read(fixture), undefined]);
  });

  const refused: readonly (readonly [name: string, args: readonly string[], message: RegExp])[] = [
    [
      'another output',
      ['a.json', '--compare', '^1'],
      /-o tree has no comparison: only a page has\nhint: .*show last --compare '\^1' -o html/,
    ],
    ['standard input twice', ['-', '--compare', '-', '-o', 'html'], /standard input has one trace/],
    ['an empty history', ['a.json', '--compare', 'last', '-o', 'html'], /no command has been stored yet/],
    ['a missing file', ['a.json', '--compare', 'c.json', '-o', 'html'], /open c\.json: no such file/],
    [
      'a trace without spans',
      ['a.json', '--compare', 'empty.json', '-o', 'html'],
      /no spans to compare|the trace was not found/,
    ],
  ];
  for (const [name, args, message] of refused) {
    test(`refuses ${name}, and writes no page`, async () => {
      writeFileSync(join(home, 'a.json'), fixture);
      writeFileSync(
        join(home, 'empty.json'),
        writeJSON({ ...report('masters-list'), analysis: null, verdict: 'missing' }),
      );
      const { code, out, err } = await show(...args);
      assert.match(err, message);
      assert.deepEqual([code, out], [2, '']);
    });
  }

  test('prints why a trace that was not found cannot be compared, with its exit code', async () => {
    writeFileSync(join(home, 'a.json'), fixture);
    const error = { code: 3, reason: 'TraceNotFound', message: 'trace f00d was not found', hint: null };
    writeFileSync(
      join(home, 'lost.json'),
      writeJSON({ ...report('masters-list'), analysis: null, exitCode: 3, error }),
    );
    for (const args of [
      ['a.json', '--compare', 'lost.json'],
      ['lost.json', '--compare', 'a.json'],
    ]) {
      const { code, out, err } = await show(...args, '-o', 'html');
      assert.deepEqual([code, out], [3, '']);
      assert.match(err, /trace f00d was not found/);
    }
  });
});
