import assert from 'node:assert/strict';
import { connect as connectHTTP2 } from 'node:http2';
import { get } from 'node:https';
import { connect, type Socket } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { connect as connectTLS } from 'node:tls';
import { Agent, fetch as undiciFetch, type RequestInit, type Response } from 'undici';
import { ServeCredentials } from '../../../src/serve/credentials.ts';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { makeCredentials, SERVED_NAMES, type CredentialFolder } from '../../support/serve-credentials.ts';
import { call, framed, startTestServing, type TestServing } from '../../support/serving.ts';

interface Secured extends TestServing {
  readonly folder: CredentialFolder;
  /** `fetch` that trusts the authority. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  readonly authorized: { readonly authorization: string };
}

async function startSecured(t: TestContext, plainLoopbackOTLP = false): Promise<Secured> {
  const folder = makeCredentials();
  t.after(() => folder.remove());
  const credentials = new ServeCredentials(folder.files, process.getuid!());
  const serving = await startTestServing(t, { security: { credentials, plainLoopbackOTLP } });
  const dispatcher = new Agent({ connect: { ca: folder.ca } });
  t.after(() => dispatcher.destroy());
  return {
    ...serving,
    counts: serving.counts,
    folder,
    fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }),
    authorized: { authorization: `Bearer ${folder.token}` },
  };
}

const TYPE = { 'content-type': 'application/x-protobuf' };
const WRONG = [undefined, 'Bearer wrong-token-of-32-characters-xx', 'Basic eDp5'] as const;

function post({ fetch, otlpURL }: Secured, authorization: string | undefined, trace = newTrace()): Promise<Response> {
  const headers = { ...TYPE, ...(authorization !== undefined && { authorization }) };
  return fetch(`${otlpURL}/v1/traces`, { method: 'POST', headers, body: new Uint8Array(exportRequest([{ trace }])) });
}

suite('with TLS and a token', () => {
  test('OTLP over HTTP needs the token', async (t) => {
    const serving = await startSecured(t);
    for (const header of WRONG) {
      const response = await post(serving, header);
      assert.equal(response.status, 401);
      assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer realm="kubectl trace serve"/);
      assert.match(await response.text(), /token/);
    }
    assert.equal(serving.counts.storedSpans, 0);
    assert.equal(serving.counts.refused, WRONG.length);
    const trace = newTrace();
    assert.equal((await post(serving, serving.authorized.authorization, trace)).status, 200);
    const found = await serving.fetch(`${serving.queryURL}/api/v3/traces/${trace}`, { headers: serving.authorized });
    assert.equal(found.status, 200);
  });

  test('OTLP over gRPC needs the token', async (t) => {
    const serving = await startSecured(t);
    const session = connectHTTP2(serving.otlpURL, { ca: serving.folder.ca });
    session.on('error', () => undefined);
    t.after(() => session.destroy());
    const frame = framed(exportRequest([{ trace: newTrace() }]));
    for (const authorization of WRONG) {
      const { code, message } = await call(session, frame, authorization === undefined ? {} : { authorization });
      assert.equal(code, 16);
      assert.match(message, /token/);
    }
    assert.equal(serving.counts.storedSpans, 0);
    assert.equal((await call(session, frame, serving.authorized)).code, 0);
    assert.equal(serving.counts.storedSpans, 1);
  });

  test('everything that is read needs the token, and a browser may give it as a password', async (t) => {
    const { fetch, queryURL, folder, authorized, said } = await startSecured(t);
    for (const path of ['/', '/api/services', '/api/v3/services', `/trace/${newTrace()}`, '/kubectl-trace/serve']) {
      for (const authorization of WRONG) {
        const response = await fetch(queryURL + path, {
          headers: authorization === undefined ? {} : { authorization },
        });
        assert.equal(response.status, 401, path);
        assert.match(response.headers.get('www-authenticate') ?? '', /Bearer .*, Basic realm="[^"]+"/);
      }
    }
    assert.equal((await fetch(`${queryURL}/api/services`, { headers: authorized })).status, 200);
    const authorization = `Basic ${Buffer.from(`me:${folder.token}`).toString('base64')}`;
    const page = await fetch(queryURL, { headers: { authorization, accept: 'text/html' } });
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.ok(
      said.some((line) => line === 'note: a request was refused: a token is required: Authorization: Bearer TOKEN'),
    );
  });

  test('plain HTTP is refused with the reason', async (t) => {
    const serving = await startSecured(t);
    for (const address of [...serving.otlp, ...serving.query]) {
      const response = await undiciFetch(`http://${address}/api/services`, { headers: serving.authorized });
      assert.equal(response.status, 400);
      assert.match(await response.text(), /HTTP request to an HTTPS server: use https:\/\//);
    }
  });

  test('plain gRPC is refused', async (t) => {
    const serving = await startSecured(t);
    const session = connectHTTP2(serving.otlpURL.replace('https:', 'http:'));
    session.on('error', () => undefined);
    t.after(() => session.destroy());
    await assert.rejects(call(session, framed(exportRequest([{ trace: newTrace() }])), serving.authorized));
    assert.equal(serving.counts.storedSpans, 0);
  });

  test('a client that does not trust the authority sends no token', async (t) => {
    const { queryURL, authorized } = await startSecured(t);
    await assert.rejects(undiciFetch(queryURL, { headers: authorized }));
  });

  test('versions before TLS 1.2 are refused', async (t) => {
    const serving = await startSecured(t);
    const port = Number(new URL(serving.queryURL).port);
    const outcome = await new Promise<string>((resolve) => {
      const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      const socket = connectTLS({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () =>
        resolve('open'),
      );
      socket.on('error', () => resolve('refused'));
    });
    assert.equal(outcome, 'refused');
  });

  test('the names of the certificate are names of the host, and others are not', async (t) => {
    const { queryURL, folder, authorized } = await startSecured(t);
    const port = Number(new URL(queryURL).port);
    const status = (host: string, more: Record<string, string> = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { ...authorized, host, ...more };
        const options = { ca: folder.ca, servername: SERVED_NAMES[0]!, headers, agent: false } as const;
        const outgoing = get(`${queryURL}/api/services`, options, (response) => {
          response.resume();
          resolve(response.statusCode!);
        });
        outgoing.on('error', reject);
      });
    for (const host of [SERVED_NAMES[0]!, `${SERVED_NAMES[0]}:${port}`, 'localhost', `127.0.0.1:${port}`]) {
      assert.equal(await status(host), 200, host);
    }
    for (const host of ['attacker.example', 'other.tracing.svc']) assert.equal(await status(host), 403, host);
    const own = `127.0.0.1:${port}`;
    assert.equal(await status(own, { origin: `https://${own}` }), 200);
    assert.equal(await status(own, { origin: `http://${own}` }), 403);
  });

  test('spans come to loopback without both if that was requested, and nothing is read without them', async (t) => {
    const serving = await startSecured(t, true);
    const trace = newTrace();
    const body = new Uint8Array(exportRequest([{ trace }]));
    const [address] = serving.otlp;
    const sent = await undiciFetch(`http://${address}/v1/traces`, { method: 'POST', headers: TYPE, body });
    assert.equal(sent.status, 200);
    assert.equal((await serving.fetch(`${serving.queryURL}/api/traces/${trace}`)).status, 401);
  });
});

suite('connections over TLS', () => {
  test('that are silent or send nothing but the beginning of a handshake block no sender', async (t) => {
    const serving = await startSecured(t);
    const { port } = new URL(serving.otlpURL);
    const sockets: Socket[] = [];
    t.after(() => sockets.forEach((socket) => socket.destroy()));
    for (let count = 0; count < 2500; count++) {
      const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
      if (count % 2 === 0) socket.write(Buffer.from([0x16, 3, 1]));
      sockets.push(socket);
    }
    assert.equal((await post(serving, serving.authorized.authorization)).status, 200);
  });

  test('that do not wait for responses are closed if they send many requests', async (t) => {
    const serving = await startSecured(t);
    const { port } = new URL(serving.queryURL);
    const { ca, token } = serving.folder;
    const socket = connectTLS({ port: Number(port), host: '127.0.0.1', ca });
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const request = `GET /api/services HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`;
    socket.write(request.repeat(2000));
    socket.resume();
    await closed;
  });

  test('end with the server', async (t) => {
    const serving = await startSecured(t);
    const socket = connectTLS({
      port: Number(new URL(serving.queryURL).port),
      host: '127.0.0.1',
      ca: serving.folder.ca,
    });
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.resume();
    await serving.close();
    await closed;
  });
});
