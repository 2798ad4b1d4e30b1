import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Cluster } from '../../../../../src/kube/http/exchange.ts';
import { nanos } from '../../../../../src/trace/time.ts';
import { probeContext } from '../../../../../src/tracing/source/metrics/probe-context.ts';
import type { MetricsReading, Silence } from '../../../../../src/tracing/source/metrics/reading.ts';
import { exchange, testRuntime } from '../../../kube/fixture.ts';

type Contexts = Readonly<Record<string, number>>;

const silent = (contexts: Contexts | undefined, startedAt = '1'): MetricsReading => ({
  status: 'read',
  exemplars: [],
  startedAt,
  tookNanos: nanos(1),
  ...(contexts !== undefined && {
    contexts: new Map(Object.entries(contexts).map(([key, series]) => [key, { key, series }])),
  }),
});

interface Probed {
  readonly context: Silence['context'];
  /** Requests that were sent to the server. */
  readonly sent: number;
}

async function probe(first: MetricsReading, second: MetricsReading, status: number | null = 200): Promise<Probed> {
  let sent = 0;
  const send: Cluster['send'] = async (request, context) => {
    sent++;
    assert.equal(request.purpose, 'discovery');
    return exchange({ request, context, status });
  };
  const cluster = { send } as Cluster;
  const { signal } = new AbortController();
  const context = await probeContext(first, { cluster, signal, readAgain: async () => second }, testRuntime());
  return { context, sent };
}

suite('a second request shows what becomes of trace contexts', () => {
  test('removed: no context of it or of another request is new', async () => {
    assert.equal((await probe(silent({}), silent({}))).context, 'removed');
    assert.equal((await probe(silent({ a: 3 }), silent({ a: 2 }))).context, 'removed');
  });

  test('replaced: one other context is new, in several filters', async () => {
    assert.equal((await probe(silent({ a: 3 }), silent({ a: 1, b: 4 }))).context, 'replaced');
  });

  test('not known: other requests may have been in between, or too little is new', async () => {
    assert.equal((await probe(silent({ a: 3 }), silent({ b: 3, c: 3 }))).context, null);
    assert.equal((await probe(silent({ a: 3 }), silent({ a: 3, b: 1 }))).context, null);
  });

  test('not known: the metric of filters is hidden, the server is another, or the request failed', async () => {
    assert.deepEqual(await probe(silent(undefined), silent({})), { context: null, sent: 0 });
    assert.equal((await probe(silent({}), silent(undefined))).context, null);
    assert.equal((await probe(silent({}), silent({}, '2'))).context, null);
    assert.equal((await probe(silent({}), silent({}), null)).context, null);
    assert.equal((await probe(silent({}), { status: 'refused' })).context, null);
  });
});
