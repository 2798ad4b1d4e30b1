import { connect, type ClientHttp2Session } from 'node:http2';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Random } from '../fuzz/engine/random.ts';
import { exportRequest, newTrace, type SentSpan } from '../support/otlp.ts';
import type { RunningServe } from '../support/serve.ts';
import { call, framed } from '../support/serving.ts';
import { pause, type World } from './world.ts';

const SPANS_OF_A_TRACE = 10;
const TRACES_OF_AN_EXPORT = 5;
const EXPORTERS = 8;
const HOUR = 3_600_000_000_000n;
/** Clocks of senders are right, or hours off. */
const CLOCKS = [0n, 0n, 0n, 0n, -3n * HOUR, 2n * HOUR];
const RETRY_MILLIS = 250;
/** As OpenTelemetry's exporters by default. */
const REQUEST_MILLIS = 10_000;
/** As OpenTelemetry's exporters: then a batch is given up, without having been acknowledged. */
const GIVE_UP_MILLIS = 60_000;

/** `again`: the sender may repeat it; `refused`: never. */
type Result = 'acknowledged' | 'again' | 'refused';

/** Ordinary senders with `rate` spans a second together, over gRPC and over HTTP in both encodings. */
export async function exportOrdinarily(world: World, random: Random, rate: number): Promise<void> {
  const interval = (EXPORTERS * TRACES_OF_AN_EXPORT * SPANS_OF_A_TRACE * 1000) / rate;
  await Promise.all(
    Array.from({ length: EXPORTERS }, async (_, index) => {
      const sender = SENDERS[index % SENDERS.length]!();
      await pause(world, (interval * index) / EXPORTERS);
      for (let next = performance.now(); !world.over.aborted; next += interval) {
        await exportOnce(world, sender, tracesOf(random, index));
        await pause(world, Math.max(0, next + interval - performance.now()));
      }
      sender.close();
    }),
  );
}

interface Batch {
  readonly ids: readonly string[];
  readonly spans: readonly SentSpan[];
  readonly service: string;
}

function tracesOf(random: Random, exporter: number): Batch {
  const ids = Array.from({ length: TRACES_OF_AN_EXPORT }, newTrace);
  const start = BigInt(Date.now()) * 1_000_000n + random.pick(CLOCKS);
  const spans = ids.flatMap((trace) =>
    Array.from({ length: SPANS_OF_A_TRACE }, (_, index) => ({
      trace,
      name: `operation ${index}`,
      start: start + BigInt(index),
      attributes: {
        'http.route': `/items/${random.below(1000)}`,
        count: BigInt(index),
        padding: 'x'.repeat(random.below(60)),
      },
    })),
  );
  return { ids, spans, service: `shop-${exporter % 3}` };
}

async function exportOnce(world: World, sender: Sender, batch: Batch): Promise<void> {
  const { measures, ledger } = world;
  const encoded = sender.encode(batch);
  const giveUpAt = performance.now() + GIVE_UP_MILLIS;
  for (;;) {
    const serve = world.serve;
    const startedAt = performance.now();
    const result = serve === undefined ? 'again' : await sender.send(serve, encoded);
    if (result === 'acknowledged') {
      measures.exports.push(performance.now() - startedAt);
      for (const id of batch.ids) ledger.add(id, SPANS_OF_A_TRACE);
      return;
    }
    if (result === 'refused')
      return measures.fault('accepted', `an ordinary export over ${sender.name} was refused for good`);
    measures.count('exports repeated');
    if (world.over.aborted) return measures.count('exports under way at the end');
    if (performance.now() > giveUpAt)
      return measures.fault('accepted', `an ordinary export was not accepted within ${GIVE_UP_MILLIS / 1000} s`);
    await pause(world, RETRY_MILLIS);
  }
}

interface Sender {
  readonly name: string;
  encode(batch: Batch): Buffer;
  send(serve: RunningServe, bytes: Buffer): Promise<Result>;
  close(): void;
}

const overHTTP = (type: string, encode: Sender['encode']) => (): Sender => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    name: `HTTP (${type})`,
    encode,
    close: () => agent.destroy(),
    send: ({ otlp }, bytes) =>
      new Promise((resolve) => {
        const outgoing = request(`http://${otlp}/v1/traces`, {
          method: 'POST',
          agent,
          timeout: REQUEST_MILLIS,
          headers: { 'content-type': type, 'content-length': bytes.length },
        });
        outgoing.on('error', () => resolve('again')).on('timeout', () => outgoing.destroy());
        outgoing.on('response', (response) => {
          const { statusCode = 0 } = response;
          text(response).then(
            () =>
              resolve(
                statusCode === 200
                  ? 'acknowledged'
                  : [408, 429, 502, 503, 504].includes(statusCode)
                    ? 'again'
                    : 'refused',
              ),
            () => resolve('again'),
          );
        });
        outgoing.end(bytes);
      }),
  };
};

/** gRPC's codes: OK; and those that may be repeated (OTLP specification, "Failures"). */
const OK = 0;
const REPEATABLE = [1, 4, 8, 10, 11, 14, 15];

function overGRPC(): Sender {
  let session: ClientHttp2Session | undefined;
  let address = '';
  return {
    name: 'gRPC',
    encode: ({ spans, service }) => framed(exportRequest(spans, service)),
    close: () => session?.destroy(),
    async send({ otlp }, bytes) {
      if (session === undefined || session.destroyed || session.closed || address !== otlp) {
        session?.destroy();
        address = otlp;
        session = connect(`http://${otlp}`);
        session.on('error', () => undefined);
      }
      const open = session;
      const tooLong = setTimeout(() => open.destroy(), REQUEST_MILLIS);
      const { code } = await call(open, bytes).catch(() => ({ code: NaN }));
      clearTimeout(tooLong);
      if (code === OK) return 'acknowledged';
      return Number.isNaN(code) || REPEATABLE.includes(code) ? 'again' : 'refused';
    },
  };
}

const asProtobuf: Sender['encode'] = ({ spans, service }) => exportRequest(spans, service);

const asJSON: Sender['encode'] = ({ spans, service }) =>
  Buffer.from(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
          scopeSpans: [
            {
              spans: spans.map((span) => ({
                traceId: span.trace,
                spanId: newTrace().slice(16),
                name: span.name,
                kind: 2,
                startTimeUnixNano: String(span.start),
                endTimeUnixNano: String(span.start! + 1_000_000n),
                attributes: Object.entries(span.attributes ?? {}).map(([key, value]) => ({
                  key,
                  value: { stringValue: String(value) },
                })),
              })),
            },
          ],
        },
      ],
    }),
  );

const SENDERS = [
  overHTTP('application/x-protobuf', asProtobuf),
  overGRPC,
  overHTTP('application/json', asJSON),
  overGRPC,
];
