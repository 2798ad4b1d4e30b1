import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { startTestServing } from '../../support/serving.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/fuzz/${name}`, import.meta.url));

test('a call whose session breaks before its response leaves the receiver running', async (t) => {
  const { otlp, otlpURL } = await startTestServing(t);
  const { hostname, port } = new URL(`http://${otlp[0]}`);
  // A stream is opened without a content type, and its frames break the session in the same packet.
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined).resume();
  socket.end(fixture('receiver-bytes/broken-session'));
  await once(socket, 'close');
  const body = new Uint8Array(exportRequest([{ trace: newTrace() }]));
  const headers = { 'content-type': 'application/x-protobuf' };
  assert.equal((await fetch(`${otlpURL}/v1/traces`, { method: 'POST', headers, body })).status, 200);
});

test('a duration beyond all numbers is an error of the query', async (t) => {
  const { queryURL } = await startTestServing(t);
  const response = await fetch(`${queryURL}/api/traces?service=a&maxDuration=${'9'.repeat(400)}s`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /too long a duration/);
});

test('a span kind that is not an integer is dropped, and the request is accepted', async (t) => {
  const { otlpURL, queryURL } = await startTestServing(t);
  for (const kind of ['1e309', '-1e309', '1.5', '"SPAN_KIND_NONE"', '[]']) {
    const trace = newTrace();
    const body = `{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"spans":[{"traceId":"${trace}","spanId":"00f067aa0ba902b7","name":"n","kind":${kind},"startTimeUnixNano":"1795478400000000000","endTimeUnixNano":"1795478400000000001"}]}]}]}`;
    const headers = { 'content-type': 'application/json' };
    assert.equal((await fetch(`${otlpURL}/v1/traces`, { method: 'POST', headers, body })).status, 200, kind);
    assert.equal((await fetch(`${queryURL}/api/traces/${trace}`)).status, 200, kind);
  }
});
