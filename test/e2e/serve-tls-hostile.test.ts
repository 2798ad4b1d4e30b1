import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { Agent, fetch } from 'undici';
import { cleanHome } from '../support/kubectl-trace.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { startServe, type RunningServe } from '../support/serve.ts';
import { makeCredentials, type CredentialFolder } from '../support/serve-credentials.ts';

/* Clients without the token at the built program: what a stranger on the network can do. */

interface Scene {
  readonly serve: RunningServe;
  readonly credentials: CredentialFolder;
}

async function start(t: TestContext): Promise<Scene> {
  const [home, credentials] = [cleanHome(), makeCredentials()];
  t.after(() => home.remove());
  t.after(() => credentials.remove());
  const serve = await startServe(home.path, { args: credentials.flags });
  t.after(() => serve.end('SIGKILL'));
  return { serve, credentials };
}

const MAX_BYTES = 400e6;

function peakOf({ pid }: RunningServe): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Connects, writes and stays; resolves when the handshake has ended, or the connection was closed. */
function stranger(address: string, ca: string, text: string | Buffer): Promise<TLSSocket> {
  const { hostname, port } = new URL(`https://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ca });
    socket.on('error', () => {});
    socket.once('close', () => resolve(socket));
    socket.once('secureConnect', () => {
      socket.write(text);
      resolve(socket);
    });
  });
}

/** Opens this many, some dozens at one time. */
async function strangers(t: TestContext, count: number, open: () => Promise<TLSSocket>): Promise<void> {
  const sockets: TLSSocket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: 50 }, open))));
}

async function assertServes({ serve, credentials }: Scene): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: credentials.ca, timeout: 60_000 } });
  const authorization = `Bearer ${credentials.token}`;
  const trace = newTrace();
  const headers = { authorization, 'content-type': 'application/x-protobuf' };
  const body = new Uint8Array(exportRequest([{ trace }]));
  try {
    const sent = await fetch(`https://${serve.otlp}/v1/traces`, { method: 'POST', headers, body, dispatcher });
    assert.equal(sent.status, 200);
    const found = await fetch(`${serve.query}/api/v3/traces/${trace}`, { headers: { authorization }, dispatcher });
    assert.equal(found.status, 200);
  } finally {
    await dispatcher.destroy();
  }
}

suite('strangers at a serve with TLS and a token', () => {
  test('that open 1,500 connections and stay block no client, and memory is bounded', async (t) => {
    const scene = await start(t);
    const { serve, credentials } = scene;
    const half = 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n';
    await strangers(t, 1200, () => stranger(serve.otlp, credentials.ca, half));
    await strangers(t, 300, () => stranger(new URL(serve.query).host, credentials.ca, 'GET / HTTP/1.1\r\n'));
    await assertServes(scene);
    assert.ok(peakOf(serve) < MAX_BYTES, `${Math.round(peakOf(serve) / 1e6)} MB`);
  });

  test('that send large requests without the token fill no memory', async (t) => {
    const scene = await start(t);
    const { serve, credentials } = scene;
    const size = 15 * 2 ** 20;
    const head = `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ncontent-length: ${size}\r\n\r\n`;
    const request = Buffer.concat([Buffer.from(head), Buffer.alloc(size)]);
    await strangers(t, 50, () => stranger(serve.otlp, credentials.ca, request));
    await assertServes(scene);
    assert.ok(peakOf(serve) < MAX_BYTES, `${Math.round(peakOf(serve) / 1e6)} MB`);
    assert.match(serve.said(), /a request was refused: a token is required/);
  });
});
