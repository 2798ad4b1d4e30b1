import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedCluster } from '../../lab/cluster/shared.ts';
import { bytesField, fixed64Field, message, textField, varintField } from '../../support/protobuf.ts';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { startTestServing, type TestServing } from '../../support/serving.ts';

/** The same spans to a real Jaeger and to serve: what both answer is the same. */
const cluster = sharedCluster();
let serving: TestServing;
before(async (context) => {
  serving = await startTestServing({ after: (end) => ('after' in context ? context.after(end) : undefined) });
});

const trace = newTrace();
const start = BigInt(Date.now()) * 1_000_000n + 123n;

/** Everything that a span may have, in the order in which nobody writes it. */
function rich(): Buffer {
  const attribute = (field: number, key: string, value: Buffer): Buffer =>
    bytesField(field, message(textField(1, key), bytesField(2, value)));
  const doubles = Buffer.alloc(9);
  doubles[0] = 0x21;
  doubles.writeDoubleLE(0.5, 1);
  const link = message(bytesField(1, Buffer.from(newTrace(), 'hex')), bytesField(2, Buffer.alloc(8, 7)));
  const event = message(
    fixed64Field(1, start + 5000n),
    textField(2, 'cache miss'),
    attribute(3, 'key', textField(1, 'k')),
  );
  return message(
    bytesField(1, Buffer.from(trace, 'hex')),
    bytesField(2, Buffer.alloc(8, 3)),
    bytesField(4, Buffer.alloc(8, 1)),
    textField(5, 'rich'),
    varintField(6, 3n),
    fixed64Field(7, start + 1999n),
    fixed64Field(8, start + 1_001_999n),
    attribute(9, 'half', doubles),
    attribute(9, 'negative', varintField(3, -5n)),
    attribute(9, 'big', varintField(3, 2n ** 63n - 1n)),
    attribute(9, 'bytes', bytesField(7, Buffer.from([1, 2, 3]))),
    attribute(9, 'list', bytesField(5, message(bytesField(1, textField(1, 'x')), bytesField(1, varintField(3, 2n))))),
    bytesField(11, event),
    bytesField(13, link),
    bytesField(15, message(textField(2, 'boom'), varintField(3, 2n))),
  );
}

const requests = (): Buffer[] => [
  exportRequest(
    [
      { trace, span: '01'.repeat(8), start, duration: 2_000_000n, attributes: { 'audit-id': 'a-1', ok: true, n: 5n } },
      { trace, span: '02'.repeat(8), parent: '01'.repeat(8), name: 'inner', kind: 1, start: start + 1000n },
    ],
    'shop',
  ),
  bytesField(
    1,
    message(
      bytesField(1, bytesField(1, message(textField(1, 'service.name'), bytesField(2, textField(1, 'billing'))))),
      bytesField(2, message(bytesField(1, textField(1, 'scope')), bytesField(2, rich()))),
    ),
  ),
];

interface Tag {
  readonly key: string;
}
interface JaegerTrace {
  readonly spans: {
    readonly spanID: string;
    readonly processID: string;
    readonly tags: readonly Tag[];
    readonly logs: readonly { readonly fields: readonly Tag[] }[];
  }[];
  readonly processes: Readonly<Record<string, unknown>>;
}

/** Without what is a matter of order, or of Jaeger's own storage (`internal.span.format`, `flags`). */
function normalised({ spans, processes }: JaegerTrace): unknown[] {
  const sorted = (tags: readonly Tag[]): Tag[] =>
    tags.filter(({ key }) => key !== 'internal.span.format').sort((one, other) => (one.key < other.key ? -1 : 1));
  return spans
    .map(({ processID, ...span }) => ({
      ...span,
      flags: undefined,
      tags: sorted(span.tags),
      logs: span.logs.map((log) => ({ ...log, fields: sorted(log.fields) })),
      process: processes[processID],
    }))
    .sort((one, other) => (one.spanID < other.spanID ? -1 : 1));
}

async function answerOf(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`);
  return response.json();
}

/** Jaeger's memory has no order. */
async function listOf(url: string, path: string): Promise<unknown> {
  const answer = (await answerOf(url, path)) as Record<string, unknown>;
  const sorted = Object.entries(answer).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value,
  ]);
  return Object.fromEntries(sorted) as unknown;
}

async function traceOf(url: string, path: string): Promise<unknown[]> {
  for (;;) {
    const { data } = (await answerOf(url, path)) as { data: JaegerTrace[] | null };
    const spans = data?.[0] === undefined ? [] : normalised(data[0]);
    if (spans.length === 3) return spans;
    await sleep(50);
  }
}

test('a trace, a search, the lists and the errors are the same as in Jaeger', async () => {
  for (const body of requests()) {
    for (const url of [cluster().otlpURL, serving.otlpURL]) {
      const headers = { 'content-type': 'application/x-protobuf' };
      const sent = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(body) });
      assert.equal(sent.status, 200);
    }
  }
  const paths = [
    `/api/traces/${trace}?raw=true`,
    `/api/traces?service=shop&raw=true&tags=${encodeURIComponent('{"audit-id":"a-1","ok":"true","n":"5"}')}`,
    `/api/traces?service=billing&raw=true&operation=rich&tags=${encodeURIComponent('{"error":"true"}')}`,
  ];
  for (const path of paths) {
    assert.deepEqual(await traceOf(serving.queryURL, path), await traceOf(cluster().backendURL, path), path);
  }
  const told = [
    '/api/services/shop/operations',
    '/api/operations?service=billing',
    `/api/traces/${newTrace()}`,
    '/api/traces',
    `/api/traces?service=shop&tags=${encodeURIComponent('{"audit-id":"a-2"}')}`,
    `/api/v3/traces/${newTrace()}`,
    '/api/v3/operations?service=shop',
  ];
  for (const path of told) {
    assert.deepEqual(await listOf(serving.queryURL, path), await listOf(cluster().backendURL, path), path);
  }
});
