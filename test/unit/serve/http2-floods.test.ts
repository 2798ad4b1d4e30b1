import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { suite, test } from 'node:test';
import { frame, literal, PREFACE } from '../../fuzz/targets/receiver-corpus.ts';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { EXPORT_PATH, startTestServing } from '../../support/serving.ts';

const [HEADERS, RESET, SETTINGS, PING, WINDOW, CONTINUATION] = [1, 3, 4, 6, 8, 9];
const END_HEADERS = 4;

const EXPORT_HEAD = Buffer.concat([
  literal(':method', 'POST'),
  literal(':scheme', 'http'),
  literal(':path', EXPORT_PATH),
  literal('content-type', 'application/grpc'),
]);

const FRAMES = 20_000;
const many = (of: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: FRAMES }, (_, index) => of(index)));
const stream = (index: number): number => index * 2 + 1;

/** What was found in servers of HTTP/2 over the years (CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2024-27316). */
const FLOODS: readonly (readonly [what: string, frames: () => Buffer])[] = [
  [
    'streams that are opened and reset at once',
    () =>
      many((index) =>
        Buffer.concat([
          frame(HEADERS, END_HEADERS, stream(index), EXPORT_HEAD),
          frame(RESET, 0, stream(index), Buffer.from([0, 0, 0, 8])),
        ]),
      ),
  ],
  ['streams that are opened and left', () => many((index) => frame(HEADERS, END_HEADERS, stream(index), EXPORT_HEAD))],
  [
    'headers without an end',
    () =>
      Buffer.concat([
        frame(HEADERS, 0, 1, EXPORT_HEAD),
        many((index) => frame(CONTINUATION, 0, 1, literal(`x-${index}`, 'y'.repeat(100)))),
      ]),
  ],
  ['pings', () => many(() => frame(PING, 0, 0, Buffer.alloc(8)))],
  ['settings', () => many(() => frame(SETTINGS, 0, 0, Buffer.from([0, 4, 0, 0, 0xff, 0xff])))],
  ['windows of nothing', () => many(() => frame(WINDOW, 0, 0, Buffer.from([0, 0, 0, 1])))],
  [
    'empty frames',
    () => Buffer.concat([frame(HEADERS, END_HEADERS, 1, EXPORT_HEAD), many(() => frame(0, 0, 1, Buffer.alloc(0)))]),
  ],
];

/** Sends all of it and reads nothing; resolves when the other side closes the connection, or has taken everything. */
async function flood(url: string, bytes: Buffer): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const taken = new Promise((resolve) => socket.write(bytes, resolve));
  await Promise.race([taken, once(socket, 'close').catch(() => undefined)]);
  return socket;
}

const MAX_GROWTH = 150e6;

suite('an HTTP/2 flood', () => {
  for (const [what, frames] of FLOODS) {
    test(`of ${what} blocks no other sender and fills no memory`, async (t) => {
      const { otlpURL, queryURL } = await startTestServing(t);
      const bytes = Buffer.concat([PREFACE, frame(SETTINGS, 0, 0, Buffer.alloc(0)), frames()]);
      const before = process.memoryUsage.rss();
      const sockets = await Promise.all([flood(otlpURL, bytes), flood(otlpURL, bytes)]);
      t.after(() => sockets.forEach((socket) => socket.destroy()));
      const trace = newTrace();
      const body = new Uint8Array(exportRequest([{ trace }]));
      const headers = { 'content-type': 'application/x-protobuf' };
      assert.equal((await fetch(`${otlpURL}/v1/traces`, { method: 'POST', headers, body })).status, 200);
      assert.equal((await fetch(`${queryURL}/api/traces/${trace}`)).status, 200);
      const grown = process.memoryUsage.rss() - before;
      assert.ok(grown < MAX_GROWTH, `${Math.round(grown / 1e6)} MB`);
    });
  }
});
