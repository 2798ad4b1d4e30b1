import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MetricsAccessCache } from '../../../../../src/kube/api/metrics-access.ts';
import type { Cluster, Exchange, KubeRequest } from '../../../../../src/kube/http/exchange.ts';
import { readMetrics } from '../../../../../src/tracing/source/metrics/read.ts';
import type { MetricsReading } from '../../../../../src/tracing/source/metrics/reading.ts';
import { nanos } from '../../../../../src/trace/time.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { family, histogram } from '../../../../support/metrics.ts';
import { testRuntime } from '../../../kube/fixture.ts';
import { traceID } from '../../../../support/spans.ts';

const PROTOBUF = 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited';

type Response = Pick<Exchange, 'status' | 'body'> & Partial<Pick<Exchange, 'headers' | 'error'>>;

const review = (allowed: boolean): Response => ({
  status: 201,
  body: Buffer.from(JSON.stringify({ status: { allowed } })),
});

const metrics = (body: Uint8Array, type = PROTOBUF): Response => ({
  status: 200,
  body,
  headers: { 'content-type': type },
});

const ours = family('apiserver_request_filter_duration_seconds', [
  histogram({ filter: 'audit' }, [
    {
      labels: { trace_id: traceID('a1'), span_id: '00f067aa0ba902b7' },
      value: 0.1,
      seconds: 1_795_900_000,
      nanos: 0,
    },
  ]),
]);

interface Read {
  readonly reading: MetricsReading;
  readonly sent: readonly KubeRequest[];
  readonly cached: boolean | undefined;
  /** Other requests may be sent before the metrics have come. */
  readonly isBegunFirst: boolean;
}

interface ReadOptions {
  readonly cached?: boolean;
  readonly asksAgain?: boolean;
  /** The connection of the request is there. */
  readonly isConnected?: boolean;
}

/** Reads from a server with these responses; without one for `/metrics` it never responds there. */
async function readFrom(
  responses: { readonly review?: Response; readonly metrics?: Response },
  { cached, asksAgain = false, isConnected = true }: ReadOptions = {},
): Promise<Read> {
  const clock = new FakeClock();
  const sent: KubeRequest[] = [];
  let allowed = cached;
  let [isBegun, isBegunFirst] = [false, false];
  const cache: MetricsAccessCache = {
    read: async () => allowed,
    write: async (value) => void (allowed = value),
  };
  const send: Cluster['send'] = async (request, context, signal) => {
    sent.push(request);
    request.onConnection?.(isConnected);
    const response = request.path === '/metrics' ? responses.metrics : responses.review;
    await new Promise(process.nextTick);
    isBegunFirst = isBegun;
    if (response === undefined) await clock.sleep(600_000, signal).catch(() => undefined);
    return {
      request,
      context,
      startedAt: clock.now(),
      durationNanos: nanos(0),
      phases: {
        dnsNanos: null,
        connectNanos: null,
        tlsNanos: null,
        sendNanos: null,
        waitNanos: null,
        receiveNanos: null,
      },
      connectionReused: true,
      status: null,
      headers: {},
      body: new Uint8Array(),
      requestBytes: 0,
      responseBytes: 0,
      auditID: null,
      warnings: [],
      error: response === undefined ? { reason: 'Interrupted', message: 'interrupted' } : null,
      ...response,
    };
  };
  const cluster = { contextName: 'test', server: 'https://api.test', namespace: 'default', send } as unknown as Cluster;
  const runtime = testRuntime({ clock });
  const running = readMetrics({ cluster, traceID: traceID('a1'), cache, asksAgain, isDelta: false }, runtime);
  void running.begun.then(() => (isBegun = true));
  const reading = await running.reading;
  await running.begun;
  return { reading, sent, cached: allowed, isBegunFirst };
}

const paths = ({ sent }: Read): string[] => sent.map(({ path }) => path);
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

suite('the metrics are read', () => {
  test('by a user who may, once, in protobuf, with the names of the stages, and not sampled', async () => {
    const read = await readFrom({ review: review(true), metrics: metrics(ours) });
    assert.deepEqual(paths(read), [REVIEWS, '/metrics']);
    const [, request] = read.sent;
    assert.match(request?.headers['accept'] ?? '', /^application\/vnd\.google\.protobuf;/);
    assert.ok(request?.query.every(([name]) => name === 'name[]'));
    assert.equal(request?.purpose, 'identity');
    assert.equal(request.maxBytes, 64 * 1024 * 1024);
    assert.equal(read.reading.status === 'read' && read.reading.exemplars.length, 1);
    assert.equal(read.cached, true);
  });

  test('without a question where it is cached, and with one where --metrics is on the command line', async () => {
    assert.deepEqual(paths(await readFrom({ metrics: metrics(ours) }, { cached: true })), ['/metrics']);
    const again = await readFrom({ review: review(true), metrics: metrics(ours) }, { cached: false, asksAgain: true });
    assert.deepEqual(paths(again), [REVIEWS, '/metrics']);
  });
});

suite('other requests may be sent', () => {
  const outcome = { metrics: metrics(ours) };

  test('when the reading has the connection of the request', async () => {
    assert.equal((await readFrom(outcome, { cached: true })).isBegunFirst, true);
  });

  test('after the reading where that connection is gone: they would take the turn of a server', async () => {
    assert.equal((await readFrom(outcome, { cached: true, isConnected: false })).isBegunFirst, false);
  });
});

suite('the metrics are not read', () => {
  test('by a user who may not, whether that is cached or not', async () => {
    const asked = await readFrom({ review: review(false) });
    assert.deepEqual([paths(asked), asked.reading.status, asked.cached], [[REVIEWS], 'refused', false]);
    const cached = await readFrom({}, { cached: false });
    assert.deepEqual([paths(cached), cached.reading.status], [[], 'refused']);
  });

  test('where the server refuses them after all, which is cached', async () => {
    const refused = await readFrom({ metrics: { status: 403, body: Buffer.from('no') } }, { cached: true });
    assert.deepEqual([refused.reading.status, refused.cached], ['refused', false]);
  });

  const problems: Readonly<Record<string, readonly [Response | undefined, RegExp]>> = {
    text: [metrics(Buffer.from('# HELP'), 'text/plain; version=0.0.4'), /responded with text\/plain, not in protobuf/],
    HTML: [metrics(Buffer.from('<html>'), 'text/html'), /responded with text\/html/],
    'a truncated message': [metrics(ours.subarray(0, 40)), /malformed or cut off/],
    'an error': [{ status: 500, body: Buffer.from('') }, /status 500/],
    'a response without an end': [undefined, /did not respond within 5 s/],
    'a response that is too large': [
      { status: 200, body: Buffer.from(''), error: { reason: 'ResponseTooLarge', message: 'more than 64 MiB' } },
      /too large/,
    ],
  };
  for (const [title, [response, problem]] of Object.entries(problems)) {
    test(`from ${title}`, async () => {
      const { reading } = await readFrom(response === undefined ? {} : { metrics: response }, { cached: true });
      assert.match(reading.status === 'failed' ? reading.problem : reading.status, problem);
    });
  }
});
