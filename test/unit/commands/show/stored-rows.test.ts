import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { clientSpansOf } from '../../../../src/commands/show/look-again.ts';
import { serverSpans } from '../../../../src/analysis/completeness/server-spans.ts';
import type { LookupReport, Report } from '../../../../src/report/report.ts';
import { run } from '../../../../src/run.ts';
import { deriveSpanID, type SpanID } from '../../../../src/trace/ids.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { after, nanos } from '../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../src/trace/trace.ts';
import { commandReport } from '../../../../src/tracing/command-report.ts';
import { remember } from '../../../../src/tracing/history.ts';
import type { RequestLookup } from '../../../../src/tracing/lookup/task.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { expectationOf } from '../../../support/recorded.ts';
import { recordedFetch } from '../../../support/recorded-fetch.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { parseDocument, type Document } from '../../../support/schema.ts';
import { span } from '../../../support/spans.ts';
import { testRuntime } from '../../kube/fixture.ts';

let home = '';
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-show-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A create that two webhooks are called for, on a real server that traces. */
const NAME = 'masters-create';
const story = recordedStory(37, NAME);
const known = recordedReport(story, { command: 'kubectl trace create -f web.json', objectCount: 1, found: false });
const [request] = known.requests;
const spanOf = (name: string): Span => story.spans.find((one) => one.name === name) ?? assert.fail(name);
const root = story.spans.find(({ kind, parentSpanID }) => kind === 'server' && parentSpanID === request?.spanID)!;
const mutating = spanOf('Call mutating webhook');

const TOP = 'metrics';
const PLUGIN = 'apiserver_admission_controller_admission_duration_seconds';
const WEBHOOK = 'apiserver_admission_webhook_admission_duration_seconds';
const idOf = (name: string): SpanID => deriveSpanID(request!.spanID, name);

/** A row from metrics, from and to this many milliseconds after the arrival of the request. */
const row = (name: string, [from, to]: readonly [number, number], metric: string, parent = TOP): TraceInput => ({
  span: span({
    trace: story.truth.traceID,
    id: idOf(name),
    parent: name === TOP ? request!.spanID : idOf(parent),
    name,
    start: after(root.start, nanos(from * 1e6)),
    end: after(root.start, nanos(to * 1e6)),
    attributes: { 'metric.name': metric, ...(metric === WEBHOOK && { webhook: 'slow.mutating.record.test' }) },
  }),
  source: 'metric',
  inferred: false,
  precision: 'exact',
});

const callFrom = Number(mutating.start - root.start) / 1e6;
const callTo = Number(mutating.end - root.start) / 1e6;
const rows: readonly TraceInput[] = [
  row(TOP, [-0.1, 379], 'apiserver_request_duration_seconds'),
  row('ResourceQuota', [375, 375.5], PLUGIN),
  row('MutatingAdmissionWebhook', [callFrom - 0.1, callTo + 0.1], PLUGIN),
  row('Call mutating webhook', [callFrom, callTo], WEBHOOK, 'MutatingAdmissionWebhook'),
];
const plugins = rows.filter(({ span: { attributes } }) => attributes['metric.name'] === PLUGIN);

const measured: LookupReport = {
  ...request!.lookup!,
  prediction: 'untraced',
  traceID: known.command.traceID,
  foundBy: 'metrics',
  verdict: 'measured',
  received: rows.length,
  waitedNanos: nanos(48e6),
  reasons: [{ code: 'etcd-included', message: 'The row includes etcd.', spanIDs: [] }],
};

/** The command as it was stored. */
function stored(lookup: Partial<RequestLookup> & Pick<RequestLookup, 'report'>): Report {
  const { error: _, ...rest } = known;
  const [sent] = known.requests;
  const looked = { sent: sent!, awaited: true, webhooks: sent!.webhooks, server: undefined, found: [], ...lookup };
  const told = commandReport(known.requests, clientSpansOf(known), {
    requests: [looked],
    backend: known.backend,
    serverVersion: known.cluster.version,
    error: null,
  });
  return { ...rest, ...told, exitCode: 0, error: null };
}

const absent: typeof globalThis.fetch = async () =>
  Response.json({ error: { httpCode: 404, message: 'trace not found' } }, { status: 404 });

/** A backend that has one trace. */
const serving =
  (trace: unknown): typeof globalThis.fetch =>
  async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.pathname === `/api/v3/traces/${story.truth.traceID}` ? Response.json(trace) : absent(url);
  };

async function showLast(report: Report, fetch: typeof globalThis.fetch, ...flags: readonly string[]) {
  await remember(report, testRuntime({ home }));
  let [stdout, stderr] = ['', ''];
  const clock = new FakeClock(after(report.command.startTime!, nanos(2e9)));
  const runtime = testRuntime({
    home,
    cwd: home,
    env: {},
    clock,
    fetch,
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  const code = await run(['show', 'last', '-o', 'json', ...flags], runtime, '0.1.0');
  return { code, stderr, millis: clock.millis, stdout, document: parseDocument(stdout) };
}

const named = ({ trace }: Document, name: string) => trace?.spans.find((one) => one.name === name);
const parentOf = (document: Document, name: string): string | undefined =>
  document.trace?.spans.find(({ spanID }) => spanID === named(document, name)?.parentSpanID)?.name;

suite('rows from metrics of a stored command', () => {
  test('stay beside the spans that arrived later', async () => {
    const { code, document } = await showLast(
      stored({ report: { ...measured, prediction: null }, measured: rows }),
      recordedFetch(`1.37/${NAME}.json`),
    );
    assert.equal(code, 0);
    assert.equal(document.verdict, 'complete');
    assert.equal(named(document, 'Create')?.source, 'span');
    const quota = named(document, 'ResourceQuota');
    assert.deepEqual([quota?.source, quota?.precision], ['metric', 'exact']);
    assert.equal(named(document, 'MutatingAdmissionWebhook'), undefined, 'its call has a span');
    assert.equal(document.trace?.spans.filter(({ name }) => name === 'Call mutating webhook').length, 1);
  });

  test('stay where the spans were incomplete before', async () => {
    const some = story.spans.filter(({ resource }) => resource.service === 'apiserver');
    const server = serverSpans(some, expectationOf(story))!;
    const report = { ...measured, prediction: null, foundBy: 'trace-id', verdict: 'partial' } as const;
    const before = stored({ report, server, found: some, plugins });
    const at = before.analysis?.trace.spans.find(({ span: { name } }) => name === 'ResourceQuota');
    assert.ok(at !== undefined);
    const { document } = await showLast(before, recordedFetch(`1.37/${NAME}.json`));
    assert.equal(document.verdict, 'complete');
    const quota = named(document, 'ResourceQuota');
    assert.deepEqual([quota?.startOffsetNanos, quota?.durationNanos], [at.offset, at.duration]);
    assert.equal(parentOf(document, 'ResourceQuota'), at.parent?.span.name);
  });

  test('have the span of a webhook below its call', async () => {
    const inner = {
      traceId: story.truth.traceID,
      spanId: 'beefbeefbeefbeef',
      parentSpanId: request!.spanID,
      name: 'POST /mutate',
      kind: 2,
      startTimeUnixNano: String(mutating.start + 1_000_000n),
      endTimeUnixNano: String(mutating.end - 1_000_000n),
    };
    const attributes = [{ key: 'service.name', value: { stringValue: 'inject' } }];
    const body = { result: { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [inner] }] }] } };
    const fetch = serving(body);
    const { code, document, millis } = await showLast(stored({ report: measured, measured: rows }), fetch);
    assert.equal(code, 0);
    assert.equal(document.verdict, 'measured');
    assert.equal(parentOf(document, 'POST /mutate'), 'Call mutating webhook');
    assert.deepEqual(
      document.requests[0]?.lookup?.reasons.map(({ code: reason }) => reason),
      ['etcd-included'],
    );
    assert.equal(document.requests[0]?.lookup?.foundBy, 'metrics');
    assert.ok(millis < 1000, 'an API server that does not trace is not waited for');
  });

  test('stay alone where the spans are incomplete', async () => {
    const answer = await recordedFetch(`1.37/${NAME}.json`)(
      `http://backend.test/api/v3/traces/${story.truth.traceID}?raw_traces=true`,
    );
    // The handler's span has not arrived.
    const some = JSON.stringify(await answer.json(), (_, value: unknown) =>
      Array.isArray(value) ? value.filter((item: { readonly name?: unknown }) => item.name !== 'Create') : value,
    );
    const fetch = serving(JSON.parse(some));
    const before = stored({ report: { ...measured, prediction: null }, measured: rows });
    const { code, document } = await showLast(before, fetch, '--wait', '1s');
    assert.equal(code, 0);
    assert.equal(document.verdict, 'measured');
    assert.ok(document.trace?.spans.every(({ source }) => source !== 'span'));
    assert.equal(named(document, 'ResourceQuota')?.source, 'metric');
  });

  for (const [what, fetch] of [
    ['have nothing', absent],
    ['do not respond', async () => new Response('out of memory', { status: 503 })],
  ] as const) {
    test(`stay as they are where backends ${what}`, async () => {
      const before = stored({ report: measured, measured: rows });
      const first = await showLast(before, fetch);
      assert.deepEqual([first.code, first.stderr], [0, '']);
      assert.equal(first.document.verdict, 'measured');
      assert.deepEqual(
        first.document.trace?.spans.filter(({ source }) => source === 'metric').map(({ name }) => name),
        [TOP, 'MutatingAdmissionWebhook', 'Call mutating webhook', 'ResourceQuota'],
      );
    });
  }
});
