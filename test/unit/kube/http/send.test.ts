import assert from 'node:assert/strict';
import { createServer, STATUS_CODES, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createTCPServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ConnectionFlags } from '../../../../src/connection.ts';
import { openCluster } from '../../../../src/kube/cluster.ts';
import type { Cluster, Exchange } from '../../../../src/kube/http/exchange.ts';
import { get } from '../../../../src/kube/api/request.ts';
import { requestFailure } from '../../../../src/kube/api/request-failure.ts';
import { parseTraceparent } from '../../../../src/propagation/traceparent.ts';
import { executables } from '../../../lab/cluster/build.ts';
import { newContext, send, testRuntime } from '../fixture.ts';
import { folderOf } from '../folder.ts';
import { runKubectl } from '../../../contract/kubectl.ts';

const request = get('request', '/api/v1/nodes', 'application/json');

async function listen(context: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function open(context: TestContext, flags: ConnectionFlags): Promise<Cluster> {
  const folder = await folderOf(context, { empty: '' });
  const cluster = await openCluster({ kubeconfig: `${folder}/empty`, ...flags }, testRuntime(), '1.2.3');
  context.after(() => cluster.close());
  return cluster;
}

/** A server that answers by `listener`, and a cluster that is it. */
async function serve(context: TestContext, listener: RequestListener, flags: ConnectionFlags = {}): Promise<Cluster> {
  const port = await listen(context, createServer(listener));
  return open(context, { server: `http://127.0.0.1:${port}`, ...flags });
}

test('trace context, Audit-ID, user agent and impersonation are sent', async (context) => {
  let seen: IncomingMessage | undefined;
  const flags = { as: 'jane', asGroup: ['dev', 'ops'] };
  const cluster = await serve(context, (incoming, response) => response.end((seen = incoming) && '{}'), flags);
  const own = newContext();
  await cluster.send({ ...request, query: [['limit', '5']] }, own, new AbortController().signal);
  assert.equal(seen?.url, '/api/v1/nodes?limit=5');
  assert.deepEqual(parseTraceparent(seen.headers['traceparent'] as string), {
    traceID: own.traceID,
    spanID: own.spanID,
    sampled: true,
  });
  assert.equal(seen.headers['audit-id'], own.auditID);
  assert.match(seen.headers['user-agent'] ?? '', /^kubectl-trace\/1\.2\.3 \(\w+\/\w+\) trace\/[0-9a-f]{32}$/);
  assert.equal(seen.headers['accept-encoding'], 'gzip');
  assert.equal(seen.headers['impersonate-user'], 'jane');
  assert.deepEqual(seen.headersDistinct['impersonate-group'], ['dev', 'ops']);
  await cluster.send({ ...request, purpose: 'identity' }, own, new AbortController().signal);
  assert.equal(seen.headers['impersonate-user'], undefined);
});

test('a path in the address of the server comes before every path', async (context) => {
  let url: string | undefined;
  const port = await listen(
    context,
    createServer((incoming, response) => response.end((url = incoming.url) && 'x')),
  );
  const cluster = await open(context, { server: `http://127.0.0.1:${port}/k8s/clusters/c-1/` });
  await send(cluster, request);
  assert.equal(url, '/k8s/clusters/c-1/api/v1/nodes');
  assert.equal(cluster.server, `http://127.0.0.1:${port}/k8s/clusters/c-1`);
});

test('a body is sent with its length', async (context) => {
  const chunks: Buffer[] = [];
  const cluster = await serve(context, (incoming, response) => {
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => response.writeHead(201).end(String(incoming.headers['content-length'])));
  });
  const exchange = await send(cluster, { ...request, method: 'POST', body: Buffer.from('{"a":"ü"}') });
  assert.equal(Buffer.concat(chunks).toString(), '{"a":"ü"}');
  assert.deepEqual([exchange.status, exchange.requestBytes, text(exchange)], [201, 10, '10']);
});

test('a request says whether its connection is new or that of an earlier one', async (context) => {
  const cluster = await serve(context, (_, response) => response.end('{}'));
  const connections: boolean[] = [];
  const onConnection = (isReused: boolean): void => void connections.push(isReused);
  for (const _ of [1, 2]) await send(cluster, { ...request, onConnection });
  assert.deepEqual(connections, [false, true]);
});

test('the phases add up to the duration', async (context) => {
  const cluster = await serve(context, (_, response) => response.end(gzipSync('x'.repeat(100_000))));
  for (let attempt = 0; attempt < 5; attempt++) {
    const { phases, durationNanos } = await send(cluster, request);
    const sum = Object.values(phases).reduce<number>((all, phase) => all + (phase ?? 0), 0);
    assert.equal(sum, durationNanos);
  }
});

test('warnings, repeated headers and a rewritten Audit-Id are read', async (context) => {
  const cluster = await serve(context, (_, response) => {
    response.appendHeader('Warning', '299 - "v1beta1 is \\"old\\""');
    response.appendHeader('Warning', '299 - "two", 110 - "stale", 299 - "three"');
    response.appendHeader('X-Twice', 'a').appendHeader('x-twice', 'b');
    response.setHeader('Audit-Id', 'by-the-gateway').end();
  });
  const exchange = await send(cluster, request);
  assert.deepEqual(exchange.warnings, ['v1beta1 is "old"', 'two', 'three']);
  assert.equal(exchange.headers['x-twice'], 'a, b');
  assert.equal(exchange.auditID, 'by-the-gateway');
});

test('what comes compressed is counted as it came and read as it was', async (context) => {
  const plain = 'x'.repeat(10_000);
  const packed = gzipSync(plain);
  const cluster = await serve(context, (_, response) => response.setHeader('Content-Encoding', 'gzip').end(packed));
  const exchange = await send(cluster, request);
  assert.deepEqual([text(exchange), exchange.responseBytes], [plain, packed.length]);
});

test('what only says that it is compressed is an error with its status', async (context) => {
  const cluster = await serve(context, (_, response) => response.setHeader('Content-Encoding', 'gzip').end('plain'));
  const exchange = await send(cluster, request);
  assert.deepEqual([exchange.status, exchange.error?.reason], [200, 'UndecodableAnswer']);
});

test('a redirect is not followed: credentials would go with it', async (context) => {
  let requests = 0;
  const cluster = await serve(context, (_, response) => {
    requests += 1;
    response.writeHead(302, { Location: '/elsewhere' }).end();
  });
  assert.equal((await send(cluster, request)).status, 302);
  assert.equal(requests, 1);
});

test('a response that ends too early is an error that has its status', async (context) => {
  const cluster = await serve(context, (_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => response.destroy());
  });
  const exchange = await send(cluster, request);
  assert.equal(exchange.status, 200);
  assert.equal(exchange.error?.reason, 'ResponseCutOff');
  assert.notEqual(exchange.phases.receiveNanos, null);
});

// kubectl repeats this for more than half a minute before it says the same.
test("a connection that is closed without a response is reported in Go's words", async (context) => {
  const port = await listen(
    context,
    createTCPServer((socket) => socket.once('data', () => socket.end())),
  );
  const failure = requestFailure(await send(await open(context, { server: `http://127.0.0.1:${port}` }), request));
  assert.equal(failure?.line, 'Unable to connect to the server: EOF');
});

test('a server that does not speak TLS is reported as in kubectl', async (context) => {
  const port = await listen(
    context,
    createServer((_, response) => response.end()),
  );
  const server = `https://127.0.0.1:${port}`;
  const failure = requestFailure(await send(await open(context, { server }), request));
  assert.equal(failure?.reason, 'NotTLS');
  assert.equal(failure.line, await kubectlSays(server));
});

test('a refused connection is reported as in kubectl, and the phase is measured', async (context) => {
  const closed = createTCPServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  for (const server of [`https://127.0.0.1:${port}`, `https://localhost:${port}`]) {
    const exchange = await send(await open(context, { server }), request);
    assert.equal(requestFailure(exchange)?.line, await kubectlSays(server));
    assert.ok((exchange.phases.connectNanos ?? 0) > 0);
    assert.equal(exchange.phases.tlsNanos, null);
    assert.equal(exchange.durationNanos, (exchange.phases.dnsNanos ?? 0) + (exchange.phases.connectNanos ?? 0));
  }
});

test('a host name without an address is reported with the name', async (context) => {
  const exchange = await send(await open(context, { server: 'https://nothing.invalid:6443' }), request);
  assert.equal(exchange.error?.reason, 'UnknownHost');
  assert.match(exchange.error.message, /^Unable to connect to the server: dial tcp: lookup nothing\.invalid/);
  assert.equal(exchange.phases.connectNanos, null);
});

test('a body that stalls counts for --request-timeout', async (context) => {
  const cluster = await serve(context, (_, response) => response.writeHead(200).write('never more'), {
    requestTimeout: 50_000_000 as never,
  });
  const exchange = await send(cluster, request);
  assert.deepEqual([exchange.status, exchange.error?.reason], [200, 'RequestTimeout']);
});

test('what is interrupted before it starts is not sent', async (context) => {
  let requests = 0;
  const cluster = await serve(context, (_, response) => response.end(String((requests += 1))));
  const exchange = await send(cluster, request, AbortSignal.abort());
  assert.deepEqual([exchange.error?.reason, exchange.durationNanos >= 0, requests], ['Interrupted', true, 0]);
});

test('a proxy-url is gone through', async (context) => {
  const cluster = await serve(context, (_, response) => response.end('through'));
  const passed: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    passed.push(incoming.url);
    const [host, port] = incoming.url!.split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
  });
  const port = await listen(context, proxy);
  const target = new URL(cluster.server);
  const kubeconfig = `
current-context: p
clusters: [{name: p, cluster: {server: "${cluster.server}", proxy-url: "http://127.0.0.1:${port}"}}]
contexts: [{name: p, context: {cluster: p}}]`;
  const folder = await folderOf(context, { config: kubeconfig });
  const exchange = await send(await open(context, { kubeconfig: `${folder}/config` }), request);
  assert.equal(text(exchange), 'through');
  assert.deepEqual(passed, [target.host]);
});

for (const [what, status, message] of [
  ['refuses', 403, 'Unable to connect to the server: Forbidden'],
  ['wants a password', 407, 'Unable to connect to the server: Proxy Authentication Required'],
  ['does not reach the server', 502, 'Unable to connect to the server: Bad Gateway'],
] as const) {
  test(`a proxy that ${what} is named as the proxy, without its password, and in kubectl's words`, async (context) => {
    const proxy = createServer();
    proxy.on('connect', (_, socket: Socket) => socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n\r\n`));
    const port = await listen(context, proxy);
    const kubeconfig = `
current-context: p
clusters: [{name: p, cluster: {server: "https://api.example", proxy-url: "http://me:s3cr3t@127.0.0.1:${port}"}}]
users: [{name: p, user: {token: x}}]
contexts: [{name: p, context: {cluster: p, user: p}}]`;
    const folder = await folderOf(context, { config: kubeconfig });
    const { error } = await send(await open(context, { kubeconfig: `${folder}/config` }), request);
    assert.deepEqual(error, {
      reason: 'ProxyRefused',
      message,
      hint: `the proxy http://127.0.0.1:${port} (proxy-url) refused to connect to the server: ${status} ${STATUS_CODES[status]}`,
    });
    const { kubectl } = await executables();
    const args = ['--kubeconfig', `${folder}/config`, 'get', 'nodes'];
    assert.equal((await runKubectl(kubectl, args)).stderr, message);
  });
}

test('nothing configured anywhere is a usage error with a way out', async (context) => {
  const folder = await folderOf(context, { empty: '' });
  await assert.rejects(openCluster({ kubeconfig: `${folder}/empty` }, testRuntime(), '1'), {
    exitCode: 2,
    reason: 'NoKubeconfig',
    hint: /KUBECONFIG/,
  });
});

test('an address that is no URL is a usage error', async (context) => {
  await assert.rejects(open(context, { server: 'ftp://user:s3cr3t@x' }), (error: Error & { reason: string }) => {
    assert.equal(error.reason, 'InvalidServer');
    assert.doesNotMatch(error.message, /s3cr3t/);
    return true;
  });
});

function text(exchange: Exchange): string {
  return Buffer.from(exchange.body).toString();
}

async function kubectlSays(server: string): Promise<string> {
  const { kubectl } = await executables();
  return (await runKubectl(kubectl, ['--token=x', `--server=${server}`, 'get', 'nodes'])).stderr;
}
