import { connect as connectHTTP2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Random } from '../fuzz/engine/random.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { bytesField } from '../support/protobuf.ts';
import type { RunningServe } from '../support/serve.ts';
import { EXPORT_PATH } from '../support/serving.ts';
import { repeatedly, type World } from './world.ts';

type Attack = (serve: RunningServe, random: Random) => Promise<void>;

const MIB = 1024 * 1024;

/** 16 KB that become millions of empty messages. */
const emptyScopes = gzipSync(bytesField(1, Buffer.alloc(15 * MIB).fill(Buffer.from([0x12, 0x00]))), { level: 9 });
const emptySpans = gzipSync(bytesField(1, bytesField(2, Buffer.alloc(15 * MIB).fill(Buffer.from([0x12, 0x00])))), {
  level: 9,
});
const deepJSON = Buffer.from(`{"resourceSpans":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);

const post =
  (body: Buffer, headers: Record<string, string>): Attack =>
  async ({ otlp }) => {
    const response = await fetch(`http://${otlp}/v1/traces`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(20_000),
    });
    await response.arrayBuffer();
  };

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const GZIP = { ...PROTOBUF, 'content-encoding': 'gzip' };

/** Bytes that are written and left, with the connection open for a while. */
const leaveOpen =
  (bytes: string, connections: number, millis: number): Attack =>
  async ({ otlp }) => {
    const { hostname, port } = new URL(`http://${otlp}`);
    const sockets: Socket[] = Array.from({ length: connections }, () =>
      connect({ host: hostname, port: Number(port) }),
    );
    for (const socket of sockets) socket.on('error', () => undefined).write(bytes);
    await sleep(millis);
    for (const socket of sockets) socket.destroy();
  };

/** Streams that are opened and reset at once (CVE-2023-44487), on one connection. */
const resetStreams: Attack = async ({ otlp }) => {
  const session = connectHTTP2(`http://${otlp}`);
  session.on('error', () => undefined);
  for (let count = 0; count < 2000 && !session.destroyed; count++) {
    const stream = session.request({
      ':method': 'POST',
      ':path': EXPORT_PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    stream.close(8);
    if (count % 100 === 99) await sleep(1);
  }
  session.destroy();
};

const hugeNames: Attack = (serve, random) => {
  const name = `${random.below(1e9)} ${'n'.repeat(500_000)}`;
  return post(exportRequest([{ trace: newTrace(), name }], `service ${name.slice(0, 300_000)}`), PROTOBUF)(
    serve,
    random,
  );
};

/** Each span with a name, a service and attributes that no other has. */
const manyNames: Attack = (serve, random) => {
  const spans = Array.from({ length: 2000 }, () => ({
    trace: newTrace(),
    name: `name ${random.below(1e9)}`,
    attributes: { [`key ${random.below(1e9)}`]: 'x' },
  }));
  return post(exportRequest(spans, `hostile ${random.below(1e9)}`), PROTOBUF)(serve, random);
};

const ATTACKS: readonly (readonly [name: string, attack: Attack])[] = [
  ['gzip of empty scopes', post(emptyScopes, GZIP)],
  ['gzip of empty spans', post(emptySpans, GZIP)],
  ['deep JSON', post(deepJSON, { 'content-type': 'application/json' })],
  ['too large', post(Buffer.alloc(17 * MIB, 0x0a), PROTOBUF)],
  ['random bytes', (serve, random) => post(random.bytes(20_000), PROTOBUF)(serve, random)],
  ['huge names', hugeNames],
  ['many names', manyNames],
  ['heads without end', leaveOpen('POST /v1/traces HTTP/1.1\r\nHost: a\r\nX: ', 200, 3000)],
  [
    'bodies without end',
    leaveOpen(
      `POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n${'{'.repeat(1000)}`,
      100,
      3000,
    ),
  ],
  ['silent connections', leaveOpen('', 500, 3000)],
  ['resets of streams', resetStreams],
];

/** One attack after the other, of any kind. */
export const attack = (world: World, random: Random): Promise<void> =>
  repeatedly(world, 200, async (serve) => {
    const [name, run] = random.pick(ATTACKS);
    world.measures.count(`attack: ${name}`);
    await run(serve, random);
  });
