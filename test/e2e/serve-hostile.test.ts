import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { beside, type Beside } from '../support/beside.ts';
import {
  emptyAttributes,
  emptyScopes,
  emptySpans,
  largeResource,
  longNames,
  manyJSONSpans,
  manyKeys,
  manyObjects,
  manySpans,
  manyTraces,
  SIXTEEN_MIB,
} from '../support/bombs.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { startServe, type RunningServe } from '../support/serve.ts';

/*
 * What hostile senders and readers can do to the built program: its memory by /proc, and the time of its thread that goes
 * into others' work while an ordinary request waits. That time is of the processor, so that it is the same on a busy machine.
 */

/** Ends with the test, however it ends. */
async function start(t: TestContext, args: readonly string[] = []): Promise<RunningServe> {
  const home = cleanHome();
  t.after(() => home.remove());
  const serve = await startServe(home.path, { args });
  t.after(() => serve.end('SIGKILL'));
  return serve;
}

const MAX_BYTES = 400e6;
const MAX_MILLIS = 250;

function assertUnharmed({ peak, worked }: Beside): void {
  assert.ok(peak < MAX_BYTES, `${Math.round(peak / 1e6)} MB`);
  assert.ok(worked < MAX_MILLIS, `worked for ${Math.round(worked)} ms while one request waited`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function post(serve: RunningServe, body: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`http://${serve.otlp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: new Uint8Array(body),
  });
  return { status: response.status, text: await response.text() };
}

const GZIP = { 'content-encoding': 'gzip' };
const JSON_GZIP = { 'content-type': 'application/json', ...GZIP };

suite('a request that expands or costs much work does not affect other clients', () => {
  const bombs: readonly (readonly [
    what: string,
    body: () => Buffer,
    headers: Record<string, string>,
    status: number,
    text: RegExp,
  ])[] = [
    ['8 million empty lists of spans', () => gzipSync(emptyScopes(8e6)), GZIP, 413, /more than 1000000 parts/],
    ['8 million empty spans', () => gzipSync(emptySpans(8e6)), GZIP, 413, /more than 1000000 parts/],
    ['8 million empty attributes', () => gzipSync(emptyAttributes(8e6)), GZIP, 200, /1 span has .*too many bytes/],
    ['400,000 empty attributes', () => gzipSync(emptyAttributes(4e5)), GZIP, 200, /1 span has .*too many bytes/],
    ['200,000 spans of one trace', () => manySpans(SIXTEEN_MIB * 0.8), {}, 200, /^$/],
    ['40,000 traces', () => manyTraces(40_000), {}, 200, /^$/],
    ['200,000 traces', () => manyTraces(200_000), {}, 413, /at most 50000 traces/],
    ['a resource of 200 KB for each of 40,000 traces', () => largeResource(2e5, 4e4), {}, 413, /of the store/],
    ['JSON of 5 million objects', () => gzipSync(manyObjects(SIXTEEN_MIB)), JSON_GZIP, 413, /objects and lists/],
    ['JSON of 18 spans with 60,000 keys each', () => gzipSync(manyKeys(18)), JSON_GZIP, 200, /18 spans/],
    ['JSON of 5 million spans', () => gzipSync(manyJSONSpans(SIXTEEN_MIB)), JSON_GZIP, 413, /objects and lists/],
  ];
  for (const [what, make, headers, status, text] of bombs) {
    test(what, async (t) => {
      const serve = await start(t);
      const body = make();
      const sent = Promise.all([post(serve, body, headers), post(serve, body, headers)]);
      const seen = await beside(serve, sent);
      // Two at once may be too much: then one of them, whichever comes second, is to come again.
      const responses = (await sent).filter((response) => response.status !== 429);
      assert.notEqual(responses.length, 0);
      for (const response of responses) {
        assert.match(response.text, text);
        assert.equal(response.status, status);
      }
      assertUnharmed(seen);
      assert.equal(await serve.end(), 0);
    });
  }
});

test('a body sent one byte at a time takes little more memory than its size', async (t) => {
  const serve = await start(t);
  const bytes = manySpans(4 * 2 ** 20);
  const body = Buffer.alloc(bytes.length * 6);
  for (const [index, byte] of bytes.entries()) Buffer.of(0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a).copy(body, index * 6);
  const sent = new Promise<string>((resolve, reject) => {
    const socket = connect(Number(serve.otlp.split(':')[1]), '127.0.0.1').once('error', reject);
    socket.write('POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n');
    socket.write('content-type: application/x-protobuf\r\nconnection: close\r\n\r\n');
    socket.write(body);
    socket.write('0\r\n\r\n');
    let answer = '';
    socket.on('data', (more) => (answer += String(more))).once('close', () => resolve(answer));
  });
  assertUnharmed(await beside(serve, sent));
  assert.match(await sent, /^HTTP\/1\.1 200 /);
  assert.equal(await serve.end(), 0);
});

test('rejected spans are counted, even if the request has no others', async (t) => {
  const serve = await start(t);
  await post(serve, emptySpans(1000));
  const response = await fetch(`${serve.query}/kubectl-trace/serve`);
  assert.equal(((await response.json()) as { rejectedSpans: number }).rejectedSpans, 1000);
  assert.equal(await serve.end(), 0);
});

suite('names of any length', () => {
  test('leave room in the store for spans, in any number', async (t) => {
    const serve = await start(t, ['--max-size', '4Mi']);
    for (const sizes of [
      { name: 200, service: 200 },
      { name: 2000, service: 10 },
      { name: 1, service: 100_000 },
      { name: 1, service: 400_000 },
    ]) {
      assert.equal((await post(serve, longNames(Math.min(2000, 600_000 / sizes.name), sizes))).status, 200);
    }
    const trace = newTrace();
    assert.equal((await post(serve, exportRequest([{ trace }]))).status, 200);
    const operations = await fetch(`${serve.query}/api/services/shop/operations`);
    assert.deepEqual(((await operations.json()) as { data: string[] }).data, ['GET /cart']);
    assert.equal(await serve.end(), 0);
  });

  test('are found in full', async (t) => {
    const serve = await start(t);
    const [one, other] = ['a', 'b'].map((end) => `${'long'.repeat(100)}${end}`) as [string, string];
    const traces = [newTrace(), newTrace()] as const;
    await post(serve, exportRequest([{ trace: traces[0] }], one));
    await post(serve, exportRequest([{ trace: traces[1] }], other));
    const response = await fetch(`${serve.query}/api/traces?service=${other}&lookback=48000h`);
    const { data } = (await response.json()) as { data: { traceID: string }[] };
    assert.deepEqual(
      data.map(({ traceID }) => traceID),
      [traces[1]],
    );
    assert.equal(await serve.end(), 0);
  });
});

test('spans that can never fit are rejected permanently, with a message over HTTP', async (t) => {
  const serve = await start(t, ['--max-size', '4Mi']);
  const answer = await post(serve, manySpans(1.2 * 2 ** 20));
  assert.equal(answer.status, 413);
  // Within the bytes of a request, but more in the store.
  const amplified = await post(serve, largeResource(3000, 1000));
  assert.equal(amplified.status, 413);
  assert.equal(await serve.end(), 0);
});

suite('readers that never read', () => {
  for (const count of [60, 850]) {
    test(`${count} of them`, async (t) => {
      const serve = await start(t);
      const trace = randomBytes(16);
      for (let part = 0; part < 2; part++) await post(serve, manySpans(4e6, trace));
      const seen = await beside(serve, readNothing(serve, trace.toString('hex'), count));
      assert.ok(seen.peak < MAX_BYTES, `${Math.round(seen.peak / 1e6)} MB`);
      // Of these many requests each has its turn: what one takes of the time is well below that.
      assert.ok(seen.worked < count * 10, `worked for ${Math.round(seen.worked)} ms while one request waited`);
      assert.equal(await serve.end(), 0);
    });
  }
});

test('clients that send requests without waiting for responses fill no memory', async (t) => {
  const serve = await start(t);
  const trace = randomBytes(16);
  await post(serve, manySpans(4e6, trace));
  const seen = await beside(serve, sendWithoutWaiting(serve, trace.toString('hex')));
  assert.ok(seen.peak < MAX_BYTES, `${Math.round(seen.peak / 1e6)} MB`);
  assert.equal(await serve.end(), 0);
});

/** 1 MB of requests for a trace on each of 20 connections. */
async function sendWithoutWaiting({ query }: RunningServe, trace: string): Promise<void> {
  const request = `GET /api/traces/${trace} HTTP/1.1\r\nhost: localhost\r\n\r\n`;
  const sockets = Array.from({ length: 20 }, (): Socket => {
    const socket = connect(Number(new URL(query).port), '127.0.0.1').on('error', () => undefined);
    socket.write(request.repeat(Math.ceil(1e6 / request.length)));
    return socket.pause();
  });
  await sleep(3000);
  for (const socket of sockets) socket.destroy();
}

/** Asks for a large trace and takes nothing of it, for some seconds. */
async function readNothing({ query }: RunningServe, trace: string, count: number): Promise<void> {
  const { port } = new URL(query);
  const sockets = Array.from({ length: count }, (_, index): Socket => {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    const path = index % 2 === 0 ? `/api/v3/traces/${trace}` : `/api/traces/${trace}`;
    socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    return socket.pause();
  });
  await sleep(5000);
  for (const socket of sockets) socket.destroy();
}

test('an expensive search does not delay other requests', async (t) => {
  const serve = await start(t);
  for (let part = 0; part < 8; part++) {
    assert.equal((await post(serve, manySpans(4e6, randomBytes(16)))).status, 200);
  }
  const query = 'service=many&operation=GET%20%2F&minDuration=5s&lookback=48000h';
  const search = fetch(`${serve.query}/api/traces?${query}`).then((response) => response.text());
  assertUnharmed(await beside(serve, search));
  assert.match(await search, /^\{"data":\[\]/);
  assert.equal(await serve.end(), 0);
});

suite('a connection that sends too little is closed', () => {
  const beginnings: readonly (readonly [what: string, port: 'otlp' | 'query', bytes: string])[] = [
    ['in the middle of a head, for spans', 'otlp', 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n'],
    ['in the middle of a head, for look-ups', 'query', 'GET / HTTP/1.1\r\nhost: localhost\r\n'],
  ];
  for (const [what, port, bytes] of beginnings) {
    test(what, { timeout: 60_000 }, async (t) => {
      const serve = await start(t);
      const at = port === 'otlp' ? serve.otlp : new URL(serve.query).host;
      const socket = connect(Number(at.split(':')[1]), '127.0.0.1');
      let answer = '';
      socket.on('data', (more) => (answer += String(more)));
      socket.write(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
      assert.match(answer, /^HTTP\/1\.1 408 /);
      assert.equal(await serve.end(), 0);
    });
  }
});

test('lists of traces that take long to judge do not delay other requests', async (t) => {
  const serve = await start(t);
  const now = BigInt(Date.now()) * 1_000_000n;
  for (let count = 0; count < 60; count++) {
    const trace = newTrace();
    // Each span is the child of the one before, and has failed: that is much to find.
    const spans = Array.from({ length: 999 }, (_, index) => ({
      trace,
      span: (index + 1).toString(16).padStart(16, '0'),
      ...(index > 0 && { parent: index.toString(16).padStart(16, '0') }),
      name: `${index} ${'n'.repeat(300)}`,
      start: now + BigInt(index),
      duration: 10_000_000_000n - BigInt(index),
      failed: true,
    }));
    assert.equal((await post(serve, exportRequest(spans, 'apiserver'))).status, 200);
  }
  const lists = Array.from({ length: 30 }, async (_, index) => {
    const accept = index % 2 === 0 ? 'text/html' : 'application/json';
    const response = await fetch(`${serve.query}/?limit=${50 + index}`, { headers: { accept } });
    return response.text();
  });
  const all = Promise.all(lists);
  assertUnharmed(await beside(serve, all));
  for (const text of await all) assert.match(text, /n{100}/);
  assert.equal(await serve.end(), 0);
});
