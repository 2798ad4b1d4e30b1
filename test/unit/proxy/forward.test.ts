import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { isDryRun } from '../../../src/kube/api/write-request.ts';
import { hasBoundObject } from '../../../src/tracing/bound-object.ts';
import { parseTraceparent } from '../../../src/propagation/traceparent.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { testRuntime } from '../kube/fixture.ts';
import { ask, begin, openScene } from './scene.ts';

test("a request is forwarded unchanged, except that our trace context replaces the client's", async (context) => {
  let seen: IncomingMessage | undefined;
  let body = Buffer.alloc(0);
  const scene = await openScene(context, (incoming, response) => {
    seen = incoming;
    void answer(incoming, response);
  });
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    body = await buffer(incoming);
    response.end('{}');
  }
  const over = scene.nextExchange();
  const path = '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=kubectl%20x&dryRun=All';
  const { status: answered } = await ask(scene, path, {
    method: 'PATCH',
    body: '{"spec":{}}',
    headers: {
      'Content-Type': 'application/merge-patch+json',
      'User-Agent': 'kubectl/v1.37.2',
      'X-Several': ['one', 'two'],
      traceparent: '00-11111111111111111111111111111111-2222222222222222-00',
      tracestate: 'vendor=1',
      'Audit-ID': 'mine',
    },
  });
  assert.equal(answered, 200);
  const exchange = await over;
  assert.equal(seen?.method, 'PATCH');
  assert.equal(seen.url, path);
  assert.equal(body.toString(), '{"spec":{}}');
  assert.equal(seen.headers['content-length'], '11');
  assert.equal(seen.headers['content-type'], 'application/merge-patch+json');
  assert.equal(seen.headers['user-agent'], 'kubectl/v1.37.2');
  assert.deepEqual(seen.headersDistinct['x-several'], ['one', 'two']);
  assert.equal(seen.headers['tracestate'], undefined);
  assert.deepEqual(parseTraceparent(seen.headers['traceparent'] as string), {
    traceID: exchange.context.traceID,
    spanID: exchange.context.spanID,
    sampled: true,
  });
  assert.equal(seen.headers['audit-id'], exchange.context.auditID);
  const { request: sent, status, requestBytes, responseBytes, userAgent } = exchange;
  assert.deepEqual([sent.purpose, sent.resource, sent.namespace, sent.name], ['request', 'deployments', 'shop', 'web']);
  assert.deepEqual([status, requestBytes, responseBytes, userAgent], [200, 11, 2, 'kubectl/v1.37.2']);
});

test('the options of a deletion and of a token are read as they pass, and other bodies are not', async (context) => {
  const scene = await openScene(context, (incoming, response) => {
    void buffer(incoming).then(() => response.end('{}'));
  });
  const pod = '/api/v1/namespaces/shop/pods/web';
  const token = '/api/v1/namespaces/shop/serviceaccounts/web/token';
  const bound = { kind: 'Pod', name: 'web' };
  const stories = [
    ['DELETE', pod, { dryRun: ['All'] }, true, null],
    ['DELETE', pod, { dryRun: [], padding: 'x'.repeat(20_000) }, false, null],
    ['POST', token, { spec: { boundObjectRef: null } }, false, false],
    ['POST', token, { spec: { boundObjectRef: bound } }, false, true],
    ['POST', token, { spec: { boundObjectRef: bound }, padding: 'x'.repeat(20_000) }, false, null],
    ['POST', token, 'not an object', false, null],
    ['PUT', pod, { dryRun: ['All'], spec: { boundObjectRef: bound } }, false, null],
  ] as const;
  for (const [method, path, body, dryRun, hasBound] of stories) {
    const over = scene.nextExchange();
    const text = JSON.stringify(body);
    await ask(scene, path, { method, body: text, headers: { 'content-length': String(text.length) } });
    const { request: sent, requestBytes } = await over;
    assert.deepEqual([requestBytes, isDryRun(sent), hasBoundObject(sent)], [text.length, dryRun, hasBound], text);
  }
});

test('nothing is forwarded without the token', async (context) => {
  let requests = 0;
  const scene = await openScene(context, (_, response) => response.end(String(requests++)));
  for (const token of [null, '', 'wrong', `${scene.proxy.token}x`, scene.proxy.token.slice(1)]) {
    const { status, headers, body } = await ask(scene, '/api/v1/nodes', { token });
    assert.equal(status, 401);
    assert.equal(headers['connection'], 'close');
    const { kind, reason, code } = JSON.parse(body.toString()) as Record<string, unknown>;
    assert.deepEqual([kind, reason, code], ['Status', 'Unauthorized', 401]);
  }
  assert.equal(requests, 0);
  assert.equal(scene.exchanges.length, 0);
  assert.equal((await ask(scene, '/api/v1/nodes')).status, 200);
});

test('the proxy refuses requests for another server', async (context) => {
  let requests = 0;
  const scene = await openScene(context, (_, response) => response.end(String(requests++)));
  const { url, certificate, token } = scene.proxy;
  const outgoing = request({
    port: new URL(url).port,
    ca: certificate,
    path: 'http://127.0.0.1:1/',
    host: '127.0.0.1',
    headers: { authorization: `Bearer ${token}` },
  });
  outgoing.end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  assert.equal(answer.statusCode, 400);
  answer.resume();
  assert.equal(requests, 0);
});

test('a response is forwarded unchanged, with its headers', async (context) => {
  const packed = gzipSync('x'.repeat(100_000));
  const scene = await openScene(context, (_, response) => {
    response.sendDate = false;
    response.writeHead(200, [
      'Content-Type',
      'application/json',
      'Content-Encoding',
      'gzip',
      'Audit-Id',
      'a-1',
      'Warning',
      '299 - "old"',
      'Warning',
      '299 - "older"',
      'Keep-Alive',
      'timeout=5',
    ]);
    response.end(packed);
  });
  const over = scene.nextExchange();
  const { headers, rawHeaders, body } = await ask(scene, '/api/v1/nodes', { headers: { 'Accept-Encoding': 'gzip' } });
  assert.deepEqual(body, packed);
  assert.equal(headers['content-encoding'], 'gzip');
  assert.deepEqual(
    rawHeaders.filter((_, index) => index % 2 === 0).filter((name) => !/^(connection|transfer-encoding)$/i.test(name)),
    ['Content-Type', 'Content-Encoding', 'Audit-Id', 'Warning', 'Warning'],
  );
  const { auditID, warnings, responseBytes } = await over;
  assert.deepEqual([auditID, warnings, responseBytes], ['a-1', ['old', 'older'], packed.length]);
});

test('trailers follow the body', async (context) => {
  const scene = await openScene(context, (_, response) => {
    response.writeHead(200, { Trailer: 'X-Sum' });
    response.write('part');
    response.addTrailers({ 'X-Sum': '42' });
    response.end();
  });
  const { body, trailers } = await ask(scene, '/api/v1/nodes');
  assert.equal(body.toString(), 'part');
  assert.equal(trailers['x-sum'], '42');
});

test('each event of a watch arrives when it is sent; the client ends the watch at any time', async (context) => {
  let send: (text: string) => void = () => {};
  const { promise: seenByServer, resolve: ended } = Promise.withResolvers<void>();
  const scene = await openScene(context, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.flushHeaders();
    response.on('close', ended);
    send = (text) => response.write(text);
  });
  const over = scene.nextExchange();
  const outgoing = begin(scene.proxy, '/api/v1/pods?watch=true', {}, () => undefined);
  outgoing.on('error', () => undefined);
  // Nothing has been said yet, and the client knows that the watch has begun.
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.on('error', () => undefined);
  for (const text of ['{"type":"ADDED"}\n', '{"type":"MODIFIED"}\n']) {
    send(text);
    const [chunk] = (await once(answer, 'data')) as [Buffer];
    assert.equal(chunk.toString(), text);
  }
  outgoing.destroy();
  const { status, error, responseBytes } = await over;
  assert.deepEqual([status, error, responseBytes], [200, null, 37]);
  await seenByServer;
});

test('a large response waits for a slow client, and is not buffered', async (context) => {
  const chunk = Buffer.alloc(64 * 1024);
  let written = 0;
  const scene = await openScene(context, (_, response) => {
    response.writeHead(200);
    const fill = (): void => {
      while (written < 4096) {
        written++;
        if (!response.write(chunk)) {
          response.once('drain', fill);
          return;
        }
      }
      response.end();
    };
    fill();
  });
  const outgoing = begin(scene.proxy, '/api/v1/pods', {}, () => undefined);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.pause();
  // Buffers of the system and of Node fill, then everything stands still, far below the 256 MiB.
  let before = -1;
  for (let still = 0; still < 50; still = before === written ? still + 1 : 0) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  assert.ok(written < 1024, `${written} of 4096 chunks were taken`);
  let bytes = 0;
  answer.on('data', (part: Buffer) => (bytes += part.length));
  answer.resume();
  await once(answer, 'end');
  assert.equal(bytes, 4096 * chunk.length);
});

test('each client connection has one server connection, which is reused', async (context) => {
  const scene = await openScene(context, (_, response) => response.end('{}'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.after(() => agent.destroy());
  for (let i = 0; i < 3; i++) await ask(scene, '/api/v1/nodes', { agent });
  assert.equal(scene.connections.length, 1);
  assert.deepEqual(
    scene.exchanges.map(({ connectionReused }) => connectionReused),
    [false, true, true],
  );
  const [first, second] = scene.exchanges;
  assert.notEqual(first?.phases.connectNanos, null);
  assert.equal(second?.phases.connectNanos, null);
  await ask(scene, '/api/v1/nodes');
  assert.equal(scene.connections.length, 2);
});

test('an unreachable server is reported as in kubectl', async (context) => {
  const scene = await openScene(context, () => undefined);
  await new Promise((resolve) => scene.server.close(resolve));
  const { status, body } = await ask(scene, '/api/v1/nodes');
  assert.equal(status, 502);
  const { message } = JSON.parse(body.toString()) as { message: string };
  assert.match(message, /^The connection to the server 127\.0\.0\.1:\d+ was refused/);
  assert.equal(scene.exchanges[0]?.error?.reason, 'ConnectionRefused');
});

test('a truncated response is truncated for the client too', async (context) => {
  const scene = await openScene(context, (_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half');
    setImmediate(() => response.destroy());
  });
  const over = scene.nextExchange();
  await assert.rejects(ask(scene, '/api/v1/nodes'));
  const { status, error } = await over;
  assert.equal(status, 200);
  assert.notEqual(error, null);
});

test('a client that disconnects ends the request', async (context) => {
  const { promise: onServer, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const scene = await openScene(context, (incoming) => {
    incoming.socket.on('close', end);
    arrive();
  });
  const over = scene.nextExchange();
  const outgoing = begin(scene.proxy, '/api/v1/nodes', {}, () => undefined);
  outgoing.on('error', () => undefined);
  await onServer;
  outgoing.destroy();
  assert.equal((await over).error?.reason, 'Abandoned');
  await ended;
});

test('the body of an error is recorded for its message, other bodies are not', async (context) => {
  const scene = await openScene(context, (incoming, response) => {
    response.writeHead(incoming.url === '/api/v1/secrets' ? 200 : 403);
    response.end('{"kind":"Status","message":"no"}');
  });
  await ask(scene, '/api/v1/secrets');
  await ask(scene, '/api/v1/nodes');
  assert.deepEqual(
    scene.exchanges.map(({ body }) => Buffer.from(body).toString()),
    ['', '{"kind":"Status","message":"no"}'],
  );
});

test('the time in which the command does not read a response is its own', async (context) => {
  // More than all buffers on the way hold.
  const body = Buffer.alloc(64 * 1024 * 1024);
  let slept = 0;
  const now = (): number => Number(process.hrtime.bigint()) + slept;
  const clock = { ...testRuntime().clock, now: () => epochNanos(BigInt(now())), waited: () => slept };
  const scene = await openScene(context, (_, response) => response.end(body), {}, { clock });
  const over = scene.nextExchange();
  const answer = await new Promise<IncomingMessage>((resolve) => begin(scene.proxy, '/api/v1/pods', {}, resolve));
  let sent = -1;
  // Until nothing moves any more.
  for (let still = 0; still < 5; still++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { bytesWritten = 0 } = scene.connections[0] ?? {};
    if (bytesWritten !== sent) still = 0;
    sent = bytesWritten;
  }
  slept = 6e9;
  assert.equal((await buffer(answer)).length, body.length);
  const { phases, clientPhases } = await over;
  const { receiveNanos } = phases;
  // All waiting was for the command, and the rest of the time is the proxy's work.
  assert.equal(clientPhases?.receiveNanos, receiveNanos);
  assert.ok((receiveNanos ?? 0) >= slept);
});
