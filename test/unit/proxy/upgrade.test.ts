import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { openScene, type Scene } from './scene.ts';

const EXEC = '/api/v1/namespaces/shop/pods/web/exec?command=sh&stdin=true';

interface Upgraded {
  readonly socket: Duplex;
  readonly answer: IncomingMessage;
}

/** Asks for another protocol, as kubectl exec does. */
async function upgraded(
  context: TestContext,
  { proxy }: Scene,
  protocol: string,
  token = proxy.token,
): Promise<Upgraded> {
  const outgoing = request(proxy.url + EXEC, {
    method: 'POST',
    ca: proxy.certificate,
    agent: false,
    headers: {
      authorization: `Bearer ${token}`,
      connection: 'Upgrade',
      upgrade: protocol,
      'x-stream-protocol-version': 'v4.channel.k8s.io',
    },
  });
  outgoing.end();
  const event = await Promise.race([
    once(outgoing, 'upgrade').then(([answer, socket]) => ({ answer, socket })),
    once(outgoing, 'response').then(([answer]) => ({ answer, socket: (answer as IncomingMessage).socket })),
  ]);
  context.after(() => (event.socket as Duplex).destroy());
  return event;
}

/** A server that agrees to every protocol, and answers each line with itself. */
async function echo(context: TestContext, first = ''): Promise<{ scene: Scene; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const scene = await openScene(context, (_, response) => response.writeHead(404).end());
  scene.server.on('upgrade', (incoming, socket) => {
    seen.push(incoming);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${incoming.headers.upgrade}\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n${first}`,
    );
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  return { scene, seen };
}

for (const protocol of ['SPDY/3.1', 'websocket']) {
  test(`${protocol}: bytes of each side reach the other, and the end of one side ends the other`, async (context) => {
    const { scene, seen } = await echo(context, 'early');
    const over = scene.nextExchange();
    const { socket, answer } = await upgraded(context, scene, protocol);
    assert.equal(answer.statusCode, 101);
    assert.equal(answer.headers.upgrade, protocol);
    assert.equal(answer.headers['x-stream-protocol-version'], 'v4.channel.k8s.io');
    assert.equal(seen[0]?.url, EXEC);
    assert.equal(seen[0].headers.upgrade, protocol);
    assert.equal(seen[0].headers['authorization'], undefined);
    assert.match(seen[0].headers['traceparent'] as string, /^00-/);
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const bytes = Buffer.alloc(200_000, 'x').toString();
    socket.write(bytes);
    while (received.length < 5 + bytes.length) await once(socket, 'data');
    assert.ok(received.startsWith('early'));
    socket.end();
    const {
      status,
      requestBytes,
      responseBytes,
      error,
      request: { subresource },
      auditID,
    } = await over;
    assert.equal(auditID, seen[0].headers['audit-id'], 'a response with 101 has none');
    assert.deepEqual([status, requestBytes, responseBytes, error, subresource], [101, 200_000, 200_005, null, 'exec']);
  });
}

test('a server that rejects an upgrade responds normally', async (context) => {
  const scene = await openScene(context, () => undefined);
  scene.server.on('upgrade', (_, socket) => {
    const body = '{"kind":"Status","message":"pods \\"web\\" not found"}';
    socket.end(
      `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
  const over = scene.nextExchange();
  const { answer } = await upgraded(context, scene, 'websocket');
  assert.equal(answer.statusCode, 404);
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  assert.match(body, /not found/);
  const { status, auditID, context: sent } = await over;
  assert.equal(status, 404);
  assert.equal(auditID, sent.auditID, 'the response of a kubelet that is passed on has none');
});

test('an upgrade without the token is not forwarded', async (context) => {
  const { scene, seen } = await echo(context);
  const { answer } = await upgraded(context, scene, 'websocket', 'wrong');
  assert.equal(answer.statusCode, 401);
  assert.equal(seen.length, 0);
});

test('closing the proxy closes its open connections', async (context) => {
  const { scene } = await echo(context);
  const { socket } = await upgraded(context, scene, 'SPDY/3.1');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  await scene.proxy.close();
  await closed;
  assert.equal(scene.exchanges.length, 1);
});
