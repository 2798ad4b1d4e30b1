import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Report } from '../../../../src/report/report.ts';
import { run } from '../../../../src/run.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { remember, rememberDocument } from '../../../../src/tracing/history.ts';
import { historyFolder } from '../../../../src/tracing/stored-commands.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { parseCommandList } from '../../../support/schema.ts';
import { traceID } from '../../../support/spans.ts';
import { testRuntime } from '../../kube/fixture.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-history-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const clock = new FakeClock();
const SECOND = 1_000_000_000n;

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function kubectlTrace(...args: string[]): Promise<Printed> {
  let [stdout, stderr] = ['', ''];
  const runtime = testRuntime({
    home,
    clock,
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  const code = await run(args, runtime, '0.1.0');
  return { code, stdout, stderr };
}

const recorded = recordedReport(recordedStory(37, 'masters-list'), { command: 'x', objectCount: 1, found: true });

/** A command of `age` seconds ago, with the trace ID a…a. */
function store(digit: string, age: number, args: readonly string[], over: Partial<Report> = {}): Promise<boolean> {
  const startTime = epochNanos(clock.now() - BigInt(age) * SECOND);
  const id = traceID(digit.repeat(32));
  const requests = recorded.requests.map(({ lookup, ...request }) => ({
    ...request,
    lookup: lookup === null ? null : { ...lookup, traceID: id },
  }));
  const command = { ...recorded.command, args, startTime, traceID: id };
  return remember({ ...recorded, requests, ...over, command }, testRuntime({ home }));
}

const failure = { code: 1, reason: 'NotFound', message: 'nodes "x" not found', hint: null };

/** Written first, from what was stored. */
async function storeThree(): Promise<void> {
  await store('a', 7200, ['get', 'nodes']);
  await store('b', 90, ['apply', '-f', 'web app.yaml'], { verdict: 'partial' });
  await store('c', 5, ['get', 'node', 'x'], { exitCode: 1, error: failure, analysis: null });
}

const idsOf = (text: string): string =>
  text
    .split('\n')
    .slice(1)
    .map((line) => line.slice(0, 1))
    .join('');

suite('history', () => {
  test('lists the stored commands from the newest, with what show takes', async () => {
    await storeThree();
    const { code, stdout, stderr } = await kubectlTrace('history');
    const [head, ...rows] = stdout.trimEnd().split('\n');
    assert.equal(code, 0);
    assert.equal(stderr, '');
    assert.match(head ?? '', /^ID {8} AGE +TIME +VERDICT +FINDING +COMMAND$/);
    assert.match(rows[0] ?? '', /^cccccccc +5s .* NotFound +get node x$/);
    assert.match(rows[1] ?? '', /^bbbbbbbb +90s .* partial .* apply -f 'web app.yaml'$/);
    assert.match(rows[2] ?? '', /^aaaaaaaa +120m .* complete .* get nodes$/);
    assert.equal(rows.length, 3);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 120);
  });

  test('each first column is an ID for show', async () => {
    await storeThree();
    const { stdout } = await kubectlTrace('history');
    for (const row of stdout.trimEnd().split('\n').slice(1)) {
      const shown = await kubectlTrace('show', row.slice(0, 8), '--wait', '0', '-o', 'json');
      const { command } = JSON.parse(shown.stdout) as { command: { traceID: string } };
      assert.equal(command.traceID, row.slice(0, 1).repeat(32));
    }
  });

  const filters: readonly (readonly [args: readonly string[], ids: string])[] = [
    [['get'], 'ca'],
    [['get', 'nodes'], 'a'],
    [['--since', '2m'], 'cb'],
    [['--verdict', 'partial,missing'], 'b'],
    [['--failed'], 'c'],
    [['--failed', 'nodes'], ''],
  ];
  for (const [args, ids] of filters) {
    test(`${args.join(' ')} lists ${ids === '' ? 'nothing' : ids}`, async () => {
      await storeThree();
      const { code, stdout, stderr } = await kubectlTrace('history', ...args);
      assert.equal(code, 0);
      assert.equal(idsOf(stdout), ids);
      assert.equal(stderr, ids === '' ? 'No stored command matches.\n' : '');
    });
  }

  test('-o json is the documented list, and name has its IDs', async () => {
    await storeThree();
    const { items } = parseCommandList((await kubectlTrace('history', '-o', 'json')).stdout);
    assert.deepEqual(
      items.map(({ exitCode }) => exitCode),
      [1, 0, 0],
    );
    const names = await kubectlTrace('history', '-o', 'name');
    assert.equal(names.stdout, items.map(({ traceID: id }) => `${id}\n`).join(''));
    const verdicts = await kubectlTrace('history', '-o', 'jsonpath={.items[*].verdict}');
    assert.equal(verdicts.stdout, items.map(({ verdict }) => verdict).join(' '));
  });

  test('has the ID of the screen, where the API server started its own trace', async () => {
    const report = recordedReport(recordedStory(37, 'admin-list'), { command: 'x', objectCount: 1, found: true });
    await remember(report, testRuntime({ home }));
    const own = report.command.traceID ?? '';
    const [screen] = (await kubectlTrace('show', 'last', '-o', 'name')).stdout.split('\n');
    assert.notEqual(screen, own);
    const [item] = parseCommandList((await kubectlTrace('history', '-o', 'json')).stdout).items;
    assert.deepEqual([item?.traceID, item?.commandTraceID], [screen, own]);
    assert.ok((await kubectlTrace('history')).stdout.includes(`\n${screen?.slice(0, 8)}  `));
    const removed = await kubectlTrace('history', '--remove', screen?.slice(0, 8) ?? '');
    assert.match(removed.stdout, new RegExp(`^removed ${screen?.slice(0, 8)} `));
  });

  test('an empty history is an empty list', async () => {
    const { code, stdout, stderr } = await kubectlTrace('history');
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: 'No command has been stored yet.\n' });
    assert.deepEqual(parseCommandList((await kubectlTrace('history', '-o', 'json')).stdout).items, []);
  });

  test('a damaged file does not hide the others', async () => {
    await storeThree();
    const damaged = join(historyFolder(testRuntime({ home })), `${'0'.repeat(20)}-${'d'.repeat(32)}.json`);
    writeFileSync(damaged, '{"kind":', { mode: 0o600 });
    const { code, stdout, stderr } = await kubectlTrace('history');
    assert.equal(code, 0);
    assert.equal(idsOf(stdout), 'cba');
    assert.match(stderr, /^note: .*dddd\.json is left out: /);
  });

  test('escape sequences of a stored command do not reach the terminal', async () => {
    await store('a', 1, ['get', '\u001b[31mnodes']);
    assert.ok(!(await kubectlTrace('history')).stdout.includes('\u001b'));
    const document = { kind: 'RequestTrace', exitCode: '\u001b[2J' } as never;
    await rememberDocument(document, { traceID: traceID('e'), startTime: epochNanos(1n) }, testRuntime({ home }));
    const { stdout, stderr } = await kubectlTrace('history');
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'));
  });
});

suite('history --remove', () => {
  const left = (): number => readdirSync(historyFolder(testRuntime({ home }))).length;

  test('removes the commands that are named, each once', async () => {
    await storeThree();
    const { code, stdout } = await kubectlTrace('history', '--remove', 'last', 'cccc', '^2');
    assert.equal(code, 0);
    assert.equal(stdout, 'removed cccccccc  get node x\nremoved aaaaaaaa  get nodes\n');
    assert.equal(idsOf((await kubectlTrace('history')).stdout), 'b');
  });

  test('removes nothing where one name is unknown', async () => {
    await storeThree();
    for (const name of ['ffff', 'nodes', '^7']) {
      assert.equal((await kubectlTrace('history', '--remove', 'last', name)).code, 2);
      assert.equal(left(), 3);
    }
  });

  test('--remove-all removes them all', async () => {
    await storeThree();
    assert.equal((await kubectlTrace('history', '--remove-all')).code, 0);
    assert.equal(left(), 0);
  });

  const mistakes: readonly (readonly string[])[] = [
    ['--remove'],
    ['--remove-all', 'last'],
    ['--remove', '--remove-all'],
    ['--remove', 'last', '--failed'],
    ['-o', 'otlp'],
    ['--redact'],
    ['-o', 'jsonpath={.items['],
  ];
  for (const args of mistakes) {
    test(`${args.join(' ')} is refused, and nothing is removed`, async () => {
      await storeThree();
      const { code, stderr } = await kubectlTrace('history', ...args);
      assert.equal(code, 2);
      assert.match(stderr, /^error: /);
      assert.equal(left(), 3);
    });
  }
});
