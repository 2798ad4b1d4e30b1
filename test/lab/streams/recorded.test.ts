import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { readDocument } from '../../../src/report/document/report.ts';
import { run } from '../../../src/run.ts';
import { remember } from '../../../src/tracing/history.ts';
import { answerFrom } from '../../support/recorded-fetch.ts';
import { parseDocument } from '../../support/schema.ts';
import { testRuntime } from '../../unit/kube/fixture.ts';
import { commands } from './commands.ts';
import {
  nameOf,
  readRecording,
  recordedNames,
  recordedText,
  type Recording,
  type StreamDocument,
} from './recording.ts';
import { contexts } from './rehearse.ts';
import { falsehoods } from './truth.ts';

const home = mkdtempSync(join(tmpdir(), 'kubectl-trace-streams-'));
after(() => rmSync(home, { recursive: true, force: true }));

test('every command is recorded as every user, twice', () => {
  const rounds = commands.flatMap(({ name: command }) =>
    contexts.flatMap((context) => [1, 2].map((round) => nameOf({ command, context, round }))),
  );
  assert.deepEqual(recordedNames(), rounds.toSorted());
});

suite('a command with streams on a real node', { concurrency: 2 }, () => {
  for (const name of recordedNames()) {
    const recording = readRecording(name);
    test(`${name}: the verdict was true a minute later, and open time counts nowhere`, () => {
      assert.deepEqual(falsehoods(recording), []);
    });

    test(`${name}: so it is when its traces are looked up and analyzed again`, async () => {
      const document = await lookedUpAgain(name, recording);
      assert.deepEqual(falsehoods({ ...recording, document }), []);
      assert.equal(document.verdict, recording.document.verdict);
      assert.equal(document.summary?.openNanos, recording.document.summary?.openNanos);
    });
  }
});

test('the recordings are small, and contain no data of the machine', () => {
  for (const name of recordedNames()) {
    const text = recordedText(name);
    assert.doesNotMatch(text, /\/tmp\/|\/root\/|\/home\/|kubectl-trace-cluster/, name);
    assert.ok(text.length < 3_000_000, `${name} has ${text.length} bytes`);
  }
});

/** The document of the same requests and responses, when their look-up had not found anything in time. */
async function lookedUpAgain(name: string, { document, answers }: Recording): Promise<StreamDocument> {
  const spanIDs = new Set([document.command.spanID, ...document.requests.map(({ spanID }) => spanID)]);
  const unfound = {
    ...document,
    verdict: 'partial',
    requests: document.requests.map((request) => ({ ...request, lookup: null })),
    trace: document.trace && {
      ...document.trace,
      spans: document.trace.spans.filter(({ source, spanID }) => source === 'client' && spanIDs.has(spanID)),
    },
  };
  const own = join(home, name);
  mkdirSync(own);
  let [stdout, stderr] = ['', ''];
  const fetch = async (input: string | URL | Request): Promise<Response> =>
    answerFrom(answers, new URL(input instanceof Request ? input.url : input));
  const runtime = testRuntime({
    home: own,
    cwd: own,
    fetch,
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  assert.ok(await remember(readDocument(unfound), runtime));
  await run(['show', 'last', '-o', 'json', '--backend', 'jaeger=http://backend.test'], runtime, '0.1.0');
  assert.notEqual(stdout, '', stderr);
  return parseDocument(stdout) as StreamDocument;
}
