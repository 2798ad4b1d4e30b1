import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { remember } from '../../../../src/tracing/history.ts';
import { historyFolder } from '../../../../src/tracing/stored-commands.ts';
import { writeJSON } from '../../../../src/report/json.ts';
import { UNICODE } from '../../../../src/render/look.ts';
import type { Report } from '../../../../src/report/report.ts';
import { drawScreen } from '../../../../src/render/terminal/screen.ts';
import { writeYAML } from '../../../../src/render/data/yaml.ts';
import { run } from '../../../../src/run.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { recordedFetch } from '../../../support/recorded-fetch.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { parseDocument } from '../../../support/schema.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-show-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Shown {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface World {
  readonly input?: string | Buffer;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: FakeClock;
  readonly env?: Readonly<Record<string, string>>;
}

const noFetch: typeof globalThis.fetch = async () => {
  throw new Error('nobody is to be asked');
};

/** `kubectl trace show …` in its own folder and its own world. */
async function show(
  args: readonly string[],
  { input = '', fetch = noFetch, clock = new FakeClock(), env = {} }: World = {},
): Promise<Shown> {
  let [stdout, stderr] = ['', ''];
  const runtime = testRuntime({
    home,
    cwd: home,
    env,
    clock,
    fetch,
    input: () => Readable.from([Buffer.from(input)]),
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  const code = await run(['show', ...args], runtime, '0.1.0');
  return { code, stdout, stderr };
}

const file = (name: string, text: string): string => {
  writeFileSync(join(home, name), text);
  return name;
};

/** What is known of a recorded request, with the priority level that its answer named. */
function report(minor: number, name: string, found = true): Report {
  const story = recordedStory(minor, name);
  const told = recordedReport(story, { command: 'kubectl trace get nodes', objectCount: 1, found });
  const priorityLevel = story.truth.headers['x-kubernetes-pf-prioritylevel-uid'] ?? null;
  return { ...told, requests: told.requests.map((request) => ({ ...request, priorityLevel })) };
}
const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/jaeger/${name}`, import.meta.url), 'utf8');
const screen = (told: Report): string => drawScreen(told, { columns: 120, colour: false, glyphs: UNICODE });

suite('a kubectl trace document', () => {
  const told = report(37, 'masters-list');
  for (const [format, text] of [
    ['JSON', writeJSON(told)],
    ['YAML', writeYAML(told)],
    ['JSON in one line', JSON.stringify(JSON.parse(writeJSON(told)))],
    ['JSON with a byte order mark', `\uFEFF${writeJSON(told)}`],
  ] as const) {
    test(`as ${format} is shown unchanged`, async () => {
      const name = file('document', text);
      assert.deepEqual(await show([name]), { code: 0, stdout: screen(told), stderr: '' });
      assert.deepEqual(await show([name, '-o', 'json']), { code: 0, stdout: writeJSON(told), stderr: '' });
      assert.equal((await show(['-', '-o', 'yaml'], { input: text })).stdout, writeYAML(told));
    });
  }

  test("of a failed command exits with that command's status", async () => {
    const error = {
      code: 1,
      reason: 'NotFound',
      message: 'Error from server (NotFound): pods "x" not found',
      hint: null,
    };
    const name = file('document', writeJSON({ ...told, exitCode: 1, error }));
    const { code, stdout, stderr } = await show([name]);
    assert.equal(code, 1);
    assert.match(stdout, /^.+\n\nGET \/api\/v1\/nodes/);
    assert.equal(stderr, 'Error from server (NotFound): pods "x" not found\n');
  });

  test('that is invalid is an error', async () => {
    const name = file('document', writeJSON(told).replace('"version": "0.1.0"', '"Version": "0.1.0"'));
    const { code, stderr } = await show([name]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: invalid document: tool\.version must be a string/);
  });

  test('honors --require-complete', async () => {
    assert.equal((await show([file('whole', writeJSON(told)), '--require-complete'])).code, 0);
    const { code, stdout } = await show([
      file('part', writeJSON({ ...told, verdict: 'partial' })),
      '--require-complete',
      '-o',
      'json',
    ]);
    assert.equal(code, 4);
    assert.equal(parseDocument(stdout).error?.reason, 'TraceIncomplete');
  });
});

suite('spans', () => {
  test('of several services without Kubernetes', async () => {
    const { code, stdout, stderr } = await show([file('shop.json', fixture('shop-v1.json'))]);
    assert.equal(code, 0);
    assert.equal(stderr, '');
    const [headline, , , first, second] = stdout.split('\n');
    assert.equal(headline, '▲ The failure began in shop GET /cart: boom');
    assert.equal(first, 'trace 0af7651916cd43dd8448eb211c80319c  3 spans of shop, 250 ms, 1 failed');
    assert.equal(second, 'read from shop.json');
    assert.match(stdout, /^shop {2}250 ms {2}100 %/m, 'without Kubernetes, times are told by service');
    const { stdout: json } = await show(['shop.json', '-o', 'json']);
    const document = parseDocument(json);
    assert.deepEqual([document.verdict, document.requests, document.trace?.spans.length], [null, [], 3]);
  });

  const bytes = (name: string): Buffer => readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url));
  for (const [format, name] of [
    ["Zipkin's JSON", 'zipkin/trace.json'],
    ['OTLP as protobuf', 'tempo/trace-v1.pb'],
    ["Tempo's answer as protobuf", 'tempo/trace-v2.pb'],
    ["Tempo's answer as JSON", 'tempo/trace-v2.json'],
  ] as const) {
    test(`as ${format}, from a file and from a pipe`, async () => {
      writeFileSync(join(home, 'trace'), bytes(name));
      const fromFile = await show(['trace', '-o', 'json']);
      const fromPipe = await show(['-', '-o', 'json'], { input: bytes(name) });
      for (const { code, stdout, stderr } of [fromFile, fromPipe]) {
        assert.equal(code, 0, stderr);
        const { command, trace } = parseDocument(stdout);
        assert.equal(command.traceID, '0af7651916cd43dd8448eb211c80319c');
        const names = trace?.spans.filter(({ inferred }) => !inferred).map(({ name: one }) => one);
        assert.deepEqual(names?.toSorted(), ['GET /api/v1/nodes/{:name}', 'Get', 'etcdserverpb.KV/Range']);
      }
    });
  }

  for (const [format, text] of [
    ["Jaeger's v1 JSON", fixture('create-kept-v1.json')],
    ["Jaeger's v3 JSON", fixture('create-kept-v3.json')],
    ['a Collector, one document a line', `${oneDocumentAResource(fixture('create-kept-v3.json'))}\n`],
  ] as const) {
    test(`as ${format}`, async () => {
      const { code, stdout, stderr } = await show(['-', '-o', 'json'], { input: text });
      assert.equal(stderr, '');
      assert.equal(code, 0);
      const { trace } = parseDocument(stdout);
      assert.deepEqual([...new Set(trace?.spans.map(({ service }) => service))].sort(), ['apiserver', 'etcd']);
    });
  }

  test('from -o otlp are one tree again, even if the server started its own trace', async () => {
    for (const story of ['masters-list', 'admin-list', 'admin-create']) {
      const told = report(37, story);
      const { stdout: otlp } = await show([file('document', writeJSON(told)), '-o', 'otlp']);
      const { stdout, stderr } = await show(['-', '-o', 'json'], { input: otlp });
      assert.equal(stderr, '', 'one trace');
      const reported = told.analysis?.trace.spans.filter(({ inferred }) => !inferred) ?? [];
      const spans = (parseDocument(stdout).trace?.spans ?? []).filter(({ source }) => source !== 'gap');
      assert.deepEqual(
        spans.map(({ spanID, parentSpanID, durationNanos }) => [spanID, parentSpanID, durationNanos]),
        reported.map(({ spanID, parent, duration }) => [spanID, parent?.spanID, duration]),
      );
    }
  });

  test('of old API servers are normalized to the current structure', async () => {
    const { stdout } = await show(['-', '-o', 'json'], { input: await otlpOf('1.29/admin-get.json') });
    const { trace } = parseDocument(stdout);
    const handler = trace?.spans.find(({ name }) => name === 'Get');
    const root = trace?.spans.find(({ kind, service }) => kind === 'server' && service === 'apiserver');
    assert.equal(handler?.parentSpanID, root?.spanID);
  });
});

suite('several traces in a file', () => {
  const traces = ['a1', 'a2', 'b3'].map(
    (id) =>
      JSON.parse(fixture('shop-v1.json').replaceAll('0af7651916cd43dd8448eb211c80319c', id.padEnd(32, '0'))) as {
        data: unknown[];
      },
  );
  const text = JSON.stringify({ data: traces.flatMap(({ data }) => data) });

  test('the first is shown, with a hint how to choose', async () => {
    const { code, stdout, stderr } = await show([file('many.json', text)]);
    assert.equal(code, 0);
    assert.match(stdout, /^trace a10{30} /m);
    assert.equal(
      stderr,
      `note: many.json holds 3 traces, and this is the first; for another: kubectl trace show many.json a2${'0'.repeat(30)} or b3${'0'.repeat(30)}\n`,
    );
  });
  test('another is selected by a prefix of its ID', async () => {
    const { stdout, stderr } = await show([file('many.json', text), 'B']);
    assert.match(stdout, /^trace b30{30} /m);
    assert.equal(stderr, '');
  });
  for (const [choice, message] of [
    ['a', 'error: 2 traces in many.json have IDs that begin with a\n'],
    ['c', 'error: many.json holds no trace whose ID begins with c\n'],
  ] as const) {
    test(`none is selected by ${choice}`, async () => {
      const { code, stderr } = await show([file('many.json', text), choice]);
      assert.equal(code, 2);
      assert.ok(stderr.startsWith(message), stderr);
    });
  }
});

suite('unreadable input is rejected with a message', () => {
  const cases: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['nothing', '', /^error: input is empty\nhint: give a trace as JSON/],
    ['blanks', ' \n\n', /^error: input is empty/],
    ['text', 'hello\n', /^error: input is not JSON: it is text that begins with "hello"\n/],
    ['half of it', '{"data": [{"spans":', /^error: input is not JSON: line 1, column 20\n/],
    ['a mistake', '{\n  "data": [,]\n}', /^error: input is not JSON: line 2, column 12\n/],
    ['a line of many', '{"resourceSpans":[]}\n{"resourceSpans":\n', /^error: input is not JSON: line 2, column 18\n/],
    ['other JSON', '{"items":[]}', /^error: input has no spans: it is an object with 1 key: "items"\n/],
    ['a number', '5', /^error: input has no spans: it is a number\n/],
    [
      'an empty response',
      '{"data":[]}',
      /^error: input holds no spans: it is a response of Jaeger without a trace in it\n/,
    ],
    [
      'an error of Jaeger',
      fixture('missing-v1.json'),
      /^error: input holds no spans: it is an error response of Jaeger: 404: trace not found\n/,
    ],
    ['other YAML', 'apiVersion: v1\nkind: Pod\n', /^error: input has no spans: it is a Kubernetes Pod \(v1\)\n/],
  ];
  for (const [what, text, message] of cases) {
    test(what, async () => {
      const { code, stdout, stderr } = await show([file('input', text)]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    });
  }

  test('a missing file', async () => {
    const { code, stderr } = await show(['absent.json']);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: open absent\.json: no such file or directory\nhint: kubectl trace show takes a trace ID/,
    );
  });
  test('a folder', async () => {
    assert.match((await show(['/'])).stderr, /^error: open \/: it is a directory\n/);
  });
  test('a file too large for a string', async () => {
    truncateSync(join(home, file('huge', '{}')), 2 ** 30);
    const { code, stderr } = await show(['huge']);
    assert.equal(code, 2);
    assert.match(stderr, /^error: huge is larger than 512 MiB\n/);
  });
  test('spans without IDs are left out and counted', async () => {
    const { stderr } = await show([file('input', fixture('bad-id-v1.json'))]);
    assert.match(stderr, /input/);
  });
  test('errors are JSON with -o json', async () => {
    const { code, stdout } = await show(['absent.json', '-o', 'json']);
    assert.equal(code, 2);
    assert.deepEqual(parseDocument(stdout).error?.reason, 'UnreadableInput');
  });
});

/** The backend had it under this name. */
async function otlpOf(name: string): Promise<string> {
  const story = recordedStory(Number(name.slice(2, 4)), name.slice(5).replace('.json', ''));
  const answer = await recordedFetch(name)(`http://backend.test/api/v3/traces/${story.found.traceID}`);
  return answer.text();
}

function oneDocumentAResource(text: string): string {
  const { result } = JSON.parse(text) as { result: { resourceSpans: unknown[] } };
  return result.resourceSpans.map((group) => JSON.stringify({ resourceSpans: [group] })).join('\n');
}

const BACKEND = { KUBECTL_TRACE_BACKEND: 'jaeger=http://backend.test' };
/** This long after a recorded request. */
const clockAfter = ({ command }: Report, seconds: number): FakeClock =>
  new FakeClock(epochNanos((command.startTime ?? 0n) + BigInt(seconds) * 1_000_000_000n));

suite('a trace by its ID', () => {
  const told = report(37, 'masters-list');
  const id = told.command.traceID as string;

  test('that is recent is polled until no more spans arrive', async () => {
    const clock = clockAfter(told, 1);
    const fetch = recordedFetch('1.37/masters-list.json');
    const { code, stdout } = await show([id.toUpperCase()], { fetch, clock, env: BACKEND });
    assert.equal(code, 0);
    const [headline, , first, second, third] = stdout.split('\n');
    assert.equal(headline, 'nothing stands out: 1.44 ms, 51 % of it etcd');
    assert.match(first ?? '', new RegExp(`^trace ${id}  settled: 11 spans of 2 services, `));
    assert.match(second ?? '', /^found after 6\.\d+ s in jaeger$/);
    assert.equal(third, `open  http://backend.test/trace/${id}`);
    assert.ok(fetch.asked.length > 5);
  });

  test('that is old is not polled', async () => {
    const clock = clockAfter(told, 3600);
    const fetch = recordedFetch('1.37/masters-list.json');
    const { code, stdout } = await show([id], { fetch, clock, env: BACKEND });
    assert.equal(code, 0);
    assert.match(stdout, /settled: 11 spans of 2 services/);
    assert.equal(fetch.asked.length, 1);
    assert.ok(clock.millis < 1000);
  });

  test('with --wait 0 is looked up once, without remarks on missing spans', async () => {
    const clock = clockAfter(told, 1);
    const fetch = recordedFetch('1.37/masters-list.json');
    const { stdout } = await show([id, '--wait', '0'], { fetch, clock, env: BACKEND });
    assert.match(stdout, new RegExp(`^trace ${id}  11 spans of 2 services`, 'm'));
    assert.doesNotMatch(stdout, /partial/);
    assert.equal(fetch.asked.length, 1);
    const { stdout: json } = await show([id, '--wait', '0', '-o', 'json'], { fetch, clock, env: BACKEND });
    assert.equal(parseDocument(json).verdict, null);
  });

  test('with --wait 0 is settled if it ended long ago', async () => {
    const fetch = recordedFetch('1.37/masters-list.json');
    const { stdout } = await show([id, '--wait', '0'], { fetch, clock: clockAfter(told, 3600), env: BACKEND });
    assert.match(stdout, /settled: 11 spans of 2 services/);
    assert.equal(fetch.asked.length, 1);
  });

  test('by the URL of its page is found with any configured backend', async () => {
    const fetch = recordedFetch('1.37/masters-list.json');
    const { code } = await show([`http://other.test/trace/${id}`], {
      fetch,
      clock: clockAfter(told, 3600),
      env: BACKEND,
    });
    assert.equal(code, 0);
    // Whose page it is, is asked as well.
    assert.equal(fetch.asked.filter((path) => path.includes(id)).length, 1);
  });

  const absent: typeof globalThis.fetch = async () =>
    Response.json({ error: { httpCode: 404, message: 'trace not found' } }, { status: 404 });
  const down: typeof globalThis.fetch = async () => new Response('out of memory', { status: 503 });
  const web: typeof globalThis.fetch = async () => new Response('<html>');
  for (const [what, fetch, args, code, message] of [
    [
      'that is not there',
      absent,
      ['--wait', '2s'],
      3,
      /^error: trace 4257\w+ was not found in jaeger at http:\/\/backend\.test after 1\.\d+ s\n/,
    ],
    [
      'in a backend that does not work',
      down,
      ['--wait', '2s'],
      5,
      /^error: http:\/\/backend\.test answered 503: out of memory\nhint: the address is reached: the log of the backend/,
    ],
    ['in what is no backend', web, [], 5, /^error: http:\/\/backend\.test returned a web page/],
  ] as const) {
    test(what, async () => {
      const shown = await show([id, ...args, '-o', 'json'], { fetch, env: BACKEND });
      assert.equal(shown.code, code);
      assert.match(shown.stderr, message);
      assert.equal(parseDocument(shown.stdout).exitCode, code);
    });
  }

  test('without a backend is an error', async () => {
    const { code, stderr } = await show([id]);
    assert.equal(code, 5);
    assert.match(stderr, /^error: no trace backend is configured\nhint: give --backend/);
  });
});

suite('a command from the history', () => {
  const keep = (kept: Report): Promise<boolean> => remember(kept, testRuntime({ home }));

  test('with a complete trace is shown unchanged, without any request', async () => {
    const told = report(37, 'masters-list');
    await keep(told);
    assert.deepEqual(await show(['last'], { env: BACKEND }), { code: 0, stdout: screen(told), stderr: '' });
    assert.equal((await show(['last', '-o', 'json'])).stdout, writeJSON(told));
  });

  for (const [what, content, why] of [
    ['cut off', '{"kind":"Trace","requests":[', 'it is not JSON, or only the beginning of it'],
    ['empty', '', 'it is not JSON, or only the beginning of it'],
    ['null', 'null', 'invalid document: '],
    ['of another kind', '[]', 'invalid document: '],
    ['of pods, and without them', '{"kind":"PodTrace"}', 'invalid document: '],
  ] as const) {
    test(`whose file is ${what} is an error that names it, and what to do`, async () => {
      await keep(report(37, 'masters-list'));
      const id = 'd'.repeat(32);
      const path = join(historyFolder(testRuntime({ home })), `${'9'.repeat(20)}-${id}.json`);
      writeFileSync(path, content, { mode: 0o600 });
      const { code, stdout, stderr } = await show(['last']);
      assert.deepEqual([code, stdout], [2, '']);
      assert.ok(stderr.startsWith(`error: cannot read the stored command ${path}: ${why}`), stderr);
      assert.match(
        stderr,
        /^hint: kubectl trace history lists the others; kubectl trace history --remove d{32} removes it$/m,
      );
      assert.equal((await show(['^1'])).code, 0);
    });
  }

  test('is found by its ID beside one whose file was damaged', async () => {
    const told = report(37, 'masters-list');
    await keep(told);
    const path = join(historyFolder(testRuntime({ home })), `${'9'.repeat(20)}-${'d'.repeat(32)}.json`);
    const id = String(told.command.traceID).slice(0, 8);
    for (const content of [`{"traceID":"${id}`, `{"requests":[null,{"lookup":3}],"traceID":"${id}"}`]) {
      writeFileSync(path, content, { mode: 0o600 });
      assert.equal((await show([id])).code, 0);
    }
  });

  test('that created an object is not shown as creating it again', async () => {
    const told = report(37, 'masters-create');
    const [request, ...others] = told.requests;
    const outcome = 'configmap/demo2 created';
    const warnings = ['v1 ConfigMap is watched closely'];
    const kept = { ...told, requests: [{ ...request!, outcome, warnings }, ...others] };
    await keep(kept);
    writeFileSync(join(home, 'kept.json'), writeJSON(kept));
    assert.match(screen(kept), /configmap\/demo2 created/, 'the command itself said so');
    for (const source of ['last', 'kept.json']) {
      for (const form of ['tree', 'wide', 'summary', 'markdown']) {
        const { code, stdout } = await show([source, '-o', form]);
        assert.equal(code, 0);
        assert.match(stdout, /configmaps/);
        assert.doesNotMatch(stdout, /created/, `${source} -o ${form}`);
      }
      const { stdout } = await show([source, '-o', 'json']);
      assert.equal(parseDocument(stdout).requests[0]?.outcome, outcome, 'it is known all the same');
      const { stderr } = await show([source, '--redact']);
      assert.doesNotMatch(stderr, /Warning/);
    }
  });

  test('with a trace found later keeps its original result', async () => {
    const missing = report(37, 'masters-create', false);
    const [request, ...others] = missing.requests;
    await keep({ ...missing, requests: [{ ...request!, outcome: 'configmap/demo2 created' }, ...others] });
    const world = { fetch: recordedFetch('1.37/masters-create.json'), clock: clockAfter(missing, 2) };
    const { code, stdout, stderr } = await show(['last'], world);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^POST /m);
    assert.doesNotMatch(stdout, /created/);
  });

  for (const [story, foundBy] of [
    ['masters-list', 'trace-id'],
    ['admin-list', 'audit-id'],
    ['masters-get', 'trace-id'],
    ['monitoring-list', 'trace-id'],
  ] as const) {
    test(`with a missing trace (${story}) is looked up by the same keys, and stored`, async () => {
      const missing = report(37, story, false);
      await keep(missing);
      const fetch = recordedFetch(`1.37/${story}.json`);
      const clock = clockAfter(missing, 2);
      const { code, stdout, stderr } = await show(['last', '-o', 'json'], { fetch, clock });
      assert.equal(stderr, '');
      assert.equal(code, 0);
      const document = parseDocument(stdout);
      assert.equal(document.requests[0]?.lookup?.foundBy, foundBy);
      assert.equal(document.command.traceID, missing.command.traceID);
      assert.ok(document.trace?.spans.some(({ service, source }) => service === 'etcd' && source === 'span'));
      assert.ok(document.trace?.spans.some(({ source, name }) => source === 'client' && name.startsWith('connect')));
      // Found once, it need not be found again.
      const again = await show(['last', '-o', 'json']);
      assert.equal(again.stdout, stdout);
    });
  }

  test('on a server of unknown version settles', async () => {
    const missing = report(37, 'admin-list', false);
    await keep({ ...missing, cluster: { ...missing.cluster, version: null } });
    const world = { fetch: recordedFetch('1.37/admin-list.json'), clock: clockAfter(missing, 2) };
    assert.equal(parseDocument((await show(['last', '-o', 'json'], world)).stdout).verdict, 'settled');
  });

  test('from yesterday with a missing trace has only a short wait', async () => {
    const missing = report(37, 'admin-list', false);
    await keep(missing);
    const clock = clockAfter(missing, 86_400);
    const fetch: typeof globalThis.fetch = async () =>
      Response.json({ data: [], total: 0, limit: 0, offset: 0, errors: null });
    const { code, stdout, stderr } = await show(['last'], { fetch, clock });
    assert.equal(code, 3);
    assert.match(stdout, /^.+\n\nGET \/api\/v1\/nodes/);
    assert.ok(stderr.endsWith('hint: kubectl trace show last looks it up again\n'), stderr);
    assert.ok(clock.millis <= 6000, String(clock.millis));
  });

  test('with a skipped lookup is looked up now', async () => {
    const missing = report(37, 'masters-list', false);
    const [request] = missing.requests;
    assert.ok(request !== undefined);
    await keep({
      ...missing,
      exitCode: 0,
      verdict: 'skipped',
      backend: null,
      requests: [{ ...request, lookup: null }],
    });
    const world = { fetch: recordedFetch('1.37/masters-list.json'), clock: clockAfter(missing, 2) };
    assert.equal(parseDocument((await show(['last', '-o', 'json'])).stdout).verdict, 'skipped', 'no backend is known');
    assert.equal(
      parseDocument((await show(['last', '--wait', '0', '-o', 'json'], { env: BACKEND })).stdout).verdict,
      'skipped',
    );
    assert.equal(
      parseDocument((await show(['last', '-o', 'json'], { ...world, env: BACKEND })).stdout).verdict,
      'complete',
    );
  });

  test('with a failed request stays failed', async () => {
    const missing = report(37, 'masters-list', false);
    const error = { code: 1, reason: 'Forbidden', message: 'Error from server (Forbidden): no', hint: null };
    await keep({ ...missing, exitCode: 1, error });
    const { code, stderr } = await show(['last'], {
      fetch: recordedFetch('1.37/masters-list.json'),
      clock: clockAfter(missing, 2),
    });
    assert.equal(code, 1);
    assert.equal(stderr, 'Error from server (Forbidden): no\n');
  });

  test('is not updated with --no-history', async () => {
    const missing = report(37, 'masters-list', false);
    await keep(missing);
    const world = { fetch: recordedFetch('1.37/masters-list.json'), clock: clockAfter(missing, 2) };
    assert.match((await show(['last', '--no-history'], world)).stdout, /complete: 11 of 11/);
    assert.match((await show(['last', '--wait', '0'])).stdout, /missing/);
  });

  test('is an error if the history is empty', async () => {
    const { code, stderr } = await show(['^3']);
    assert.equal(code, 2);
    assert.match(stderr, /^error: no command has been stored yet\nhint: they are stored in /);
  });
});

test('a template that does not match fails after the report is printed and stored', async () => {
  const told = report(37, 'masters-list');
  const { code, stdout, stderr } = await show([file('document', writeJSON(told)), '-o', 'jsonpath={.requests[7]}']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.equal(stderr, 'error: error executing jsonpath: array index out of bounds: index 7, length 1\n');
  assert.equal((await show(['document', '-o', 'jsonpath={.x'])).code, 2);
});
