import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTCP } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { connect as connectTLS } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { folderOf } from '../kube/folder.ts';
import { ask, openScene, type Scene } from './scene.ts';

/** Sends bytes as they are, with the token in them, and resolves with all that comes back. */
async function sendRaw({ proxy }: Scene, text: string): Promise<string> {
  const { port } = new URL(proxy.url);
  const socket = connectTLS({ port: Number(port), host: '127.0.0.1', ca: proxy.certificate });
  socket.on('error', () => undefined);
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (received += chunk));
  socket.write(text.replaceAll('TOKEN', proxy.token), 'latin1');
  await once(socket, 'close');
  return received;
}

const SECOND = 'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer stolen\r\n\r\n';

suite('a second request in the body of the first', () => {
  const heads: readonly (readonly [what: string, head: string])[] = [
    [
      'with its length called a connection option',
      `Content-Length: ${SECOND.length}\r\nConnection: content-length, close`,
    ],
    [
      'in chunks that are called a connection option',
      'Transfer-Encoding: chunked\r\nConnection: transfer-encoding, close',
    ],
    [
      'with another case and blanks',
      `Content-Length: ${SECOND.length}\r\nConnection: Content-LENGTH\r\nConnection: close`,
    ],
    ['without framing', 'Connection: close'],
    ['in an encoding that is none', 'Transfer-Encoding: identity\r\nConnection: close'],
    ['with two lengths', `Content-Length: ${SECOND.length}\r\nContent-Length: ${SECOND.length}\r\nConnection: close`],
  ];
  for (const method of ['GET', 'DELETE', 'POST'])
    for (const [what, head] of heads) {
      test(`${method} ${what} reaches the server as a body or not at all`, async (t) => {
        const seen: string[] = [];
        const scene = await openScene(t, (incoming, response) => {
          seen.push(`${incoming.method} ${incoming.url}`);
          incoming.resume().on('end', () => response.end('{}'));
        });
        const isChunked = head.includes('chunked');
        const body = isChunked ? `${SECOND.length.toString(16)}\r\n${SECOND}\r\n0\r\n\r\n` : SECOND;
        const request = `${method} /api/v1/pods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\n${head}\r\n\r\n${body}`;
        await sendRaw(scene, request);
        assert.ok(!seen.includes('GET /api/v1/secrets'), seen.join(', '));
        assert.ok(seen.length <= 1, seen.join(', '));
        // One that was broken off before it arrived is recorded as well.
        assert.ok(scene.exchanges.length >= seen.length);
      });
    }
});

test('an upgrade request with a body is rejected, and nothing of it is forwarded', { timeout: 30_000 }, async (t) => {
  for (const framing of ['Content-Length: 40', 'Transfer-Encoding: chunked']) {
    let requests = 0;
    const scene = await openScene(t, () => void requests++);
    scene.server.on('upgrade', () => void requests++);
    const head = `GET /x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nConnection: Upgrade\r\nUpgrade: x`;
    assert.match(await sendRaw(scene, `${head}\r\n${framing}\r\n\r\n${SECOND}`), /^HTTP\/1\.1 400 /);
    assert.equal(requests, 0);
  }
});

/** A server that answers each request with these bytes. */
async function bytesServer(t: TestContext, bytes: Buffer): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const method of ['GET', 'DELETE', 'POST', 'PATCH']) {
  test(`a body of ${method} without framing is a 400 and never reaches the server`, async (t) => {
    const seen: string[] = [];
    const scene = await openScene(t, (incoming, response) => {
      incoming.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      incoming.on('end', () => response.end('{}'));
    });
    const body = '{"kind":"ConfigMap","metadata":{"name":"a"}}';
    const head = `${method} /api/v1/pods HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\n\r\n`;
    assert.match(await sendRaw(scene, head + body), /HTTP\/1\.1 400 /);
    assert.deepEqual(seen, []);
  });
}

suite('a hostile response', () => {
  const heads: readonly (readonly [what: string, head: string, statuses: readonly number[]])[] = [
    ['with a control byte in its reason', 'HTTP/1.1 200 O\x01K', [502]],
    ['with a delete byte in its reason', 'HTTP/1.1 200 O\x7fK', [502]],
    ['with two digits', 'HTTP/1.1 042 Low', [502]],
    ['with 999', 'HTTP/1.1 999 High', [999, 502]],
    ['with 099', 'HTTP/1.1 099 Low', [502]],
    ['that switches protocols unasked', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade', [502]],
    ['that is no HTTP', 'SSH-2.0-OpenSSH_9.2', [502]],
    ['with nothing in it', '', [502]],
  ];
  for (const [what, head, statuses] of heads) {
    test(`${what} ends in a status that the client can read`, async (t) => {
      const server = await bytesServer(t, Buffer.from(`${head}\r\nContent-Length: 2\r\n\r\n{}`, 'latin1'));
      const scene = await openScene(t, () => undefined, { server });
      const { status } = await ask(scene, '/api/v1/nodes');
      assert.ok(statuses.includes(status), String(status));
      assert.equal(scene.exchanges.length, 1);
      // The proxy goes on.
      assert.ok(statuses.includes((await ask(scene, '/api/v1/nodes')).status));
    });
  }

  const UPGRADE =
    'GET /x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer TOKEN\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
  for (const [what, head, statuses] of heads) {
    if (what.includes('unasked')) continue;
    test(`${what} to a request for another protocol ends in a status that the client can read`, async (t) => {
      const server = await bytesServer(t, Buffer.from(`${head}\r\nContent-Length: 2\r\n\r\n{}`, 'latin1'));
      const scene = await openScene(t, () => undefined, { server });
      const received = await sendRaw(scene, UPGRADE);
      const status = Number(/^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n/.exec(received)?.[1]);
      assert.ok(statuses.includes(status), received);
      assert.equal(scene.exchanges.length, 1);
    });
  }

  for (const status of ['101 \xd6K', '200 \xd6K']) {
    test(`with bytes beyond ASCII to a request for another protocol passes unchanged: ${status}`, async (t) => {
      const fields = 'X-Name: J\xc3\xb3se\x80\xff\r\nUpgrade: x\r\n';
      const bytes = `HTTP/1.1 ${status}\r\n${fields}Connection: Upgrade\r\n\r\n`;
      const scene = await openScene(t, () => undefined, { server: await bytesServer(t, Buffer.from(bytes, 'latin1')) });
      const received = await sendRaw(scene, UPGRADE);
      assert.ok(received.startsWith(`HTTP/1.1 ${status}\r\n${fields}`), received);
    });
  }

  test('with control bytes in its upgrade response is rejected', async (t) => {
    const bytes = 'HTTP/1.1 101 S\x01\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
    const scene = await openScene(t, () => undefined, { server: await bytesServer(t, Buffer.from(bytes)) });
    assert.match(await sendRaw(scene, UPGRADE), /^HTTP\/1\.1 502 /);
  });

  test('that ends after its head is not followed by a second one', async (t) => {
    const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n';
    const scene = await openScene(t, () => undefined, { server: await bytesServer(t, Buffer.from(bytes)) });
    assert.doesNotMatch(await sendRaw(scene, UPGRADE), /502/);
  });

  test('with bytes beyond ASCII in a header passes unchanged', async (t) => {
    const bytes = 'HTTP/1.1 200 \xd6K\r\nX-Name: J\xc3\xb3se\x80\xff\r\nContent-Length: 2\r\n\r\n{}';
    const server = await bytesServer(t, Buffer.from(bytes, 'latin1'));
    const scene = await openScene(t, () => undefined, { server });
    const { status, headers } = await ask(scene, '/api/v1/nodes');
    assert.deepEqual([status, headers['x-name']], [200, 'J\xc3\xb3se\x80\xff']);
  });
});

test('idle connections of another user do not block the command', async (t) => {
  const scene = await openScene(t, (_, response) => response.end('{}'));
  const { port } = new URL(scene.proxy.url);
  const idle = Array.from({ length: 1100 }, () => connectTCP(Number(port), '127.0.0.1'));
  for (const socket of idle) socket.on('error', () => undefined);
  t.after(() => idle.forEach((socket) => socket.destroy()));
  await Promise.all(idle.map((socket) => once(socket, 'connect').catch(() => undefined)));
  assert.equal((await ask(scene, '/api/v1/nodes')).status, 200);
  assert.equal((await ask(scene, '/api/v1/nodes')).status, 200);
});

test('the command ends when this process is killed', async (t) => {
  const program = fileURLToPath(new URL('programs/killed-with-child.ts', import.meta.url));
  const cache = await folderOf(t, {});
  const parent = spawn(process.execPath, [program, cache], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  const child = Number(text);
  assert.ok(child > 0);
  await once(parent, 'exit');
  // A process that is gone cannot be signalled.
  for (let isRunning = true; isRunning; await new Promise((resolve) => setTimeout(resolve, 20))) {
    try {
      process.kill(child, 0);
    } catch {
      isRunning = false;
    }
  }
});
