import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { MetricsAccessCache } from '../../../../../src/kube/api/metrics/access.ts';
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
  responses: {
    readonly review?: Response;
    readonly metrics?: Response | readonly Response[];
    readonly flagz?: Response;
    readonly leases?: Response;
    readonly version?: Response;
  },
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
  const all = [responses.metrics ?? []].flat();
  const responseTo = (path: string): Response | undefined => {
    switch (path) {
      case '/metrics':
        return all.length > 1 ? all.shift() : all[0];
      case '/flagz':
        return responses.flagz ?? { status: 404, body: Buffer.from('') };
      case '/version':
        return responses.version;
      case REVIEWS:
        return responses.review;
      default:
        return responses.leases ?? { status: 403, body: Buffer.from('') };
    }
  };
  const send: Cluster['send'] = async (request, context, signal) => {
    sent.push(request);
    request.onConnection?.(isConnected);
    const response = responseTo(request.path);
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
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
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

suite('where the metrics have no exemplar of the trace', () => {
  const flagz = (file: string): Response => ({
    status: 200,
    body: Buffer.from(JSON.stringify({ kind: 'Flagz', flags: { 'tracing-config-file': file } })),
  });
  const leases = (count: number): Response => ({
    status: 200,
    body: Buffer.from(
      JSON.stringify({
        items: Array.from({ length: count }, (_, index) => ({ metadata: { name: `server-${index}` } })),
      }),
    ),
  });
  const other = (id: string): Buffer =>
    family(
      'apiserver_request_filter_duration_seconds',
      ['audit', 'priorityandfairness', 'authorization'].map((filter) =>
        histogram({ filter }, [
          {
            labels: { trace_id: traceID(id), span_id: '00f067aa0ba902b7' },
            value: 0.1,
            seconds: 1_795_900_000,
            nanos: 0,
          },
        ]),
      ),
    );
  const version: Response = { status: 200, body: Buffer.from('{}') };
  const silenceIn = ({ reading }: Read): unknown => (reading.status === 'refused' ? undefined : reading.silence);

  test('the flags say that the server traces: nothing more is queried', async () => {
    const read = await readFrom({ metrics: metrics(other('b1')), flagz: flagz('/etc/tracing.yaml') }, { cached: true });
    assert.deepEqual(paths(read), ['/metrics', '/flagz']);
    assert.deepEqual(silenceIn(read), { tracing: 'on', context: null });
  });

  test('the flags say that it does not: of a single server, a second request shows where the context goes', async () => {
    const both = [metrics(other('b1')), metrics(other('b2'))];
    const read = await readFrom({ metrics: both, flagz: flagz(''), leases: leases(1), version }, { cached: true });
    assert.deepEqual(paths(read), ['/metrics', '/flagz', LEASES, '/version', '/metrics']);
    assert.deepEqual(silenceIn(read), { tracing: 'off', context: 'replaced' });
    const same = [metrics(other('b1')), metrics(other('b1'))];
    const removed = await readFrom({ metrics: same, flagz: flagz(''), leases: leases(1), version }, { cached: true });
    assert.deepEqual(silenceIn(removed), { tracing: 'off', context: 'removed' });
  });

  test('of several servers, or an unknown number, another may have them', async () => {
    for (const list of [leases(2), undefined]) {
      const responses = { metrics: metrics(other('b1')), flagz: flagz(''), ...(list && { leases: list }) };
      const read = await readFrom(responses, { cached: true });
      assert.deepEqual(paths(read), ['/metrics', '/flagz', LEASES]);
      assert.deepEqual(silenceIn(read), { tracing: 'off', context: null });
    }
  });

  test('a server before 1.36 does not say, and metrics that cannot be read leave the flags', async () => {
    assert.deepEqual(silenceIn(await readFrom({ metrics: metrics(other('b1')) }, { cached: true })), {
      tracing: null,
      context: null,
    });
    const failed = await readFrom(
      { metrics: metrics(Buffer.from('#'), 'text/plain'), flagz: flagz('') },
      { cached: true },
    );
    assert.deepEqual(silenceIn(failed), { tracing: 'off', context: null });
  });
});
