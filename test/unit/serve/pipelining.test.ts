import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { DRAWING, startTestServing } from '../../support/serving.ts';

/** Sends all bytes at once and resolves with everything that came back until the end of the connection. */
function sendAtOnce(t: TestContext, url: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    t.after(() => socket.destroy());
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.write(bytes);
  });
}

const post = (body: Buffer, more = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\n${more}`),
    Buffer.from(`content-length: ${body.length}\r\n\r\n`),
    body,
  ]);

const LOOK_UP = 'GET /api/services HTTP/1.1\r\nhost: localhost\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';

const responses = (received: string): number => received.split('HTTP/1.1 ').length - 1;

suite('pipelined requests', () => {
  test('are served if they are few', async (t) => {
    const { otlpURL } = await startTestServing(t);
    const traces = Array.from({ length: 4 }, () => exportRequest([{ trace: newTrace() }]));
    const bytes = traces.map((body, index) => post(body, index === 3 ? 'connection: close\r\n' : ''));
    const received = await sendAtOnce(t, otlpURL, Buffer.concat(bytes));
    assert.equal(responses(received), 4);
    assert.equal(received.split('200 OK').length - 1, 4);
  });

  for (const port of ['otlpURL', 'queryURL'] as const) {
    test(`close their connection if they are many, at ${port}`, { timeout: 60_000 }, async (t) => {
      const serving = await startTestServing(t);
      const request = port === 'otlpURL' ? post(Buffer.alloc(0)) : Buffer.from(LOOK_UP);
      const many = Buffer.concat(Array.from({ length: 5000 }, () => request));
      const received = await sendAtOnce(t, serving[port], Buffer.concat([many, Buffer.from(LAST)]));
      assert.ok(responses(received) < 100, `${responses(received)} responses`);
      // Others are served.
      assert.equal((await fetch(`${serving.queryURL}/api/services`)).status, 200);
    });
  }

  test('for pages: a connection has one at a time, until it is taken', async (t) => {
    let drawn = 0;
    const html = '-'.repeat(8 * 1024 * 1024);
    const page = async () => {
      drawn++;
      return { html, policy: `default-src 'none'` };
    };
    const serving = await startTestServing(t, { draw: { ...DRAWING, page }, limits: { unreadBytes: 2 ** 28 } });
    const trace = newTrace();
    const headers = { 'content-type': 'application/x-protobuf' };
    const body = new Uint8Array(exportRequest([{ trace }]));
    await fetch(`${serving.otlpURL}/v1/traces`, { method: 'POST', headers, body });

    const socket = connect(Number(new URL(serving.queryURL).port), '127.0.0.1');
    t.after(() => socket.destroy());
    const request = `GET /trace/${trace} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n`;
    socket.write(`${`${request}\r\n`.repeat(3)}${request}connection: close\r\n\r\n`);
    await once(socket, 'readable');
    // Another connection gets its page meanwhile.
    const other = await fetch(`${serving.queryURL}/trace/${trace}`, { headers: { accept: 'text/html' } });
    assert.equal((await other.text()).length, html.length);
    assert.equal(drawn, 2);
    let received = 0;
    for await (const bytes of socket) received += (bytes as Buffer).length;
    assert.equal(drawn, 5);
    assert.ok(received > 4 * html.length, `${received} bytes`);
  });
});
