import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { test, type TestContext } from 'node:test';
import { connect } from 'node:tls';
import { openCluster } from '../../../src/kube/cluster.ts';
import { openProxy, type Proxy } from '../../../src/proxy/server.ts';
import { serve } from '../../support/http-server.ts';
import { newContext, testRuntime } from '../kube/fixture.ts';
import { folderOf } from '../kube/folder.ts';

/** Serves a proxy that listens already. */
async function serveProxy(context: TestContext, proxy: Proxy): Promise<void> {
  const { url } = await serve(context, (_, response) => response.end('of the server'));
  const kubeconfig = `${await folderOf(context, { empty: '' })}/empty`;
  const cluster = await openCluster({ kubeconfig, server: url }, testRuntime(), '1.2.3');
  context.after(() => cluster.close());
  await proxy.serve({
    connect: await cluster.openRelay(),
    send: (connection, relayed) => connection.relay(relayed, newContext()),
    over: () => undefined,
  });
}

const opened = (): Promise<Proxy> => openProxy({ now: new Date(), random: (size) => randomBytes(size) });

test('a connection that is made before it is served waits, and its request is not lost', async (context) => {
  const proxy = await opened();
  const port = Number(new URL(proxy.url).port);
  const client = connect({ port, host: '127.0.0.1', ca: proxy.certificate, ALPNProtocols: ['http/1.1'] });
  client.on('secureConnect', () => {
    client.write(`GET /api HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${proxy.token}\r\nConnection: close\r\n\r\n`);
  });
  let text = '';
  client.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(client, 'connect');
  // The ClientHello has arrived by then.
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(client.authorized, false);
  await serveProxy(context, proxy);
  await once(client, 'end');
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n[^]*of the server/);
  await proxy.close();
});

test('of many connections that wait, the oldest are closed', async () => {
  const proxy = await opened();
  const port = Number(new URL(proxy.url).port);
  const sockets = Array.from({ length: 20 }, () => connectPlain(port, '127.0.0.1').on('error', () => undefined));
  const closing = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  await closing[0];
  assert.ok(sockets.slice(-10).every((socket) => !socket.destroyed));
  await proxy.close();
  await Promise.all(closing);
});
