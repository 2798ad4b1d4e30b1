import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { webhookCalls } from '../../../src/analysis/webhook-calls.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import { parseSpanID, type SpanID } from '../../../src/trace/ids.ts';
import type { Span } from '../../../src/trace/span.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { writeJSON } from '../../../src/report/json.ts';
import { webhooksJSON } from '../../../src/report/webhooks.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import { parseDocument } from '../../support/schema.ts';
import { recordedReport, recordedStory } from '../../support/recorded-report.ts';
import { span } from '../../support/spans.ts';

const at = (millis: number): ReturnType<typeof epochNanos> =>
  epochNanos(1_795_478_400_000_000_000n + BigInt(millis) * 1_000_000n);

interface Call {
  readonly id: string;
  readonly parent: string;
  readonly from: number;
  readonly to: number;
  readonly webhook: string;
  readonly configuration?: string;
  readonly type?: 'mutating' | 'validating';
}

const call = ({ id, parent, from, to, webhook, configuration, type = 'mutating' }: Call): Span =>
  span({
    id,
    parent,
    name: `Call ${type} webhook`,
    start: at(from),
    end: at(to),
    attributes: { webhook, ...(configuration !== undefined && { configuration }) },
  });

const traceOf = (...spans: readonly Span[]): Trace =>
  buildTrace(spans.map((one) => ({ span: one, source: 'span', inferred: false }))) as Trace;

const id = (digit: string): SpanID => parseSpanID(digit.padStart(16, '0')) as SpanID;

suite('the calls of webhooks', () => {
  const root = span({ id: '1', start: at(0), end: at(100), name: 'command' });
  const requests = ['2', '3'].map((digit, index) =>
    span({ id: digit, parent: '1', kind: 'client', name: 'POST', start: at(index * 50), end: at(index * 50 + 50) }),
  );
  const trace = traceOf(
    root,
    ...requests,
    call({ id: '4', parent: '2', from: 1, to: 11, webhook: 'a.b', configuration: 'one' }),
    call({ id: '5', parent: '2', from: 20, to: 22, webhook: 'a.b', configuration: 'one' }),
    call({ id: '6', parent: '2', from: 30, to: 33, webhook: 'a.b', configuration: 'two' }),
    call({ id: '7', parent: '3', from: 60, to: 65, webhook: 'a.b', type: 'validating' }),
  );
  const calls = webhookCalls(trace, new Set([id('2'), id('3')]));

  test('are summed for each request, type, configuration and name', () => {
    assert.deepEqual(calls.get(id('2')), [
      { type: 'mutating', name: 'a.b', configuration: 'one', calls: 2, durationNanos: 12e6 },
      { type: 'mutating', name: 'a.b', configuration: 'two', calls: 1, durationNanos: 3e6 },
    ]);
    assert.deepEqual(calls.get(id('3')), [
      { type: 'validating', name: 'a.b', configuration: null, calls: 1, durationNanos: 5e6 },
    ]);
  });

  const configured = {
    name: 'a.b',
    configuration: 'one',
    timeoutSeconds: 10,
    failurePolicy: 'Fail' as const,
    reinvocationPolicy: null,
  };

  test('stand beside the configuration, 0 for a webhook that was not called', () => {
    const own = calls.get(id('2')) ?? [];
    const webhooks = [
      { ...configured, type: 'mutating' as const },
      { ...configured, type: 'validating' as const },
    ];
    assert.deepEqual(
      webhooksJSON(webhooks, own)?.map((one) => [one['type'], one['calls'], one['durationNanos']]),
      [
        ['mutating', 2, 12e6],
        ['validating', 0, null],
      ],
    );
    assert.deepEqual(
      webhooksJSON(webhooks, null)?.map((one) => one['calls']),
      [null, null],
    );
  });

  test('of a metric, which names no configuration, belong to the configured webhook', () => {
    const [one] = webhooksJSON([{ ...configured, type: 'validating' }], calls.get(id('3')) ?? []) ?? [];
    assert.equal(one?.['durationNanos'], 5e6);
  });
});

test('without a readable configuration the called webhooks are in the document, and a document is read again', () => {
  const report = recordedReport(recordedStory(37, 'masters-create'), {
    command: 'kubectl trace create -f web.yaml',
    objectCount: null,
    found: true,
  });
  const { requests, trace } = parseDocument(writeJSON(report));
  const durations = (trace?.spans ?? [])
    .filter(({ name }) => /^Call \w+ webhook$/.test(name))
    .map(({ durationNanos }) => durationNanos);
  assert.equal(durations.length, 2);
  const webhooks = requests.at(-1)?.webhooks;
  assert.deepEqual(
    webhooks?.map(({ name, calls, timeoutSeconds }) => [name, calls, timeoutSeconds]),
    [
      ['slow.mutating.record.test', 1, null],
      ['quick.validating.record.test', 1, null],
    ],
  );
  assert.deepEqual(
    webhooks.map(({ durationNanos }) => durationNanos),
    durations,
  );
  const again = readDocument(JSON.parse(writeJSON(report)));
  assert.equal(again.requests.at(-1)?.webhooks, null);
});
