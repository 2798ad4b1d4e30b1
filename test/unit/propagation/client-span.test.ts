import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { recordClientSpans, type ClientRequest, type ClientWork } from '../../../src/propagation/client-span.ts';
import { parseSpanID, parseTraceID } from '../../../src/trace/ids.ts';
import { epochNanos } from '../../../src/trace/time.ts';

const at = (offset: bigint) => epochNanos(1_795_000_000_123_456_789n + offset);

function request(over: Partial<ClientRequest> = {}): ClientRequest {
  return {
    spanID: parseSpanID('00000000000000a1')!,
    method: 'GET',
    url: 'https://user:secret@127.0.0.1:6443/api/v1/nodes?limit=500',
    start: at(1n),
    end: at(1001n),
    status: 200,
    userAgent: 'kubectl-trace/0.1.0 (linux/amd64)',
    auditID: '0af76519-16cd-43dd-b7ad-6b7169203331',
    requestBytes: 0,
    responseBytes: 3481,
    errorType: null,
    errorMessage: null,
    events: [{ name: 'tls.done', time: at(77n) }],
    ...over,
  };
}

function work(over: Partial<ClientWork> = {}): ClientWork {
  return {
    traceID: parseTraceID('0af7651916cd43dd8448eb211c80319c')!,
    spanID: parseSpanID('b7ad6b7169203331')!,
    parentSpanID: null,
    name: 'kubectl trace get nodes',
    start: at(0n),
    end: at(2002n),
    errorMessage: null,
    version: '0.1.0',
    requests: [request()],
    ...over,
  };
}

test('the root comes first, with the IDs and the very nanoseconds that were given', () => {
  const [root, client] = recordClientSpans(work());
  assert.equal(root?.spanID, 'b7ad6b7169203331');
  assert.equal(root?.parentSpanID, undefined);
  assert.equal(root?.kind, 'internal');
  assert.equal(root?.start, at(0n));
  assert.equal(root?.end, at(2002n));
  assert.equal(client?.traceID, '0af7651916cd43dd8448eb211c80319c');
  assert.equal(client?.spanID, '00000000000000a1');
  assert.equal(client?.parentSpanID, root?.spanID);
  assert.equal(client?.kind, 'client');
  assert.equal(client?.end, at(1001n));
  assert.deepEqual(client?.events, [{ name: 'tls.done', time: at(77n), attributes: {} }]);
});

test('a client span has the HTTP attributes and no credential', () => {
  const client = recordClientSpans(work())[1]!;
  assert.equal(client.attributes['url.full'], 'https://127.0.0.1:6443/api/v1/nodes?limit=500');
  assert.equal(client.attributes['server.address'], '127.0.0.1');
  assert.equal(client.attributes['server.port'], 6443);
  assert.equal(client.attributes['http.response.status_code'], 200);
  assert.equal(client.attributes['audit-id'], '0af76519-16cd-43dd-b7ad-6b7169203331');
  assert.equal(JSON.stringify(client.attributes).includes('secret'), false);
});

test('all spans share one resource', () => {
  const [root, client] = recordClientSpans(work());
  assert.equal(root?.resource, client?.resource);
  assert.equal(root?.resource.service, 'kubectl-trace');
  assert.equal(root?.resource.attributes['service.version'], '0.1.0');
});

test('a failed request is an error with its type; an HTTP status it never had is left out', () => {
  const failed = request({ status: null, errorType: 'ConnectionRefused', errorMessage: 'refused' });
  const [root, client] = recordClientSpans(work({ requests: [failed], errorMessage: 'refused' }));
  assert.deepEqual(client?.status, { code: 'error', message: 'refused' });
  assert.equal(client?.attributes['error.type'], 'ConnectionRefused');
  assert.equal('http.response.status_code' in client.attributes, false);
  assert.deepEqual(root?.status, { code: 'error', message: 'refused' });
});

test('several requests keep their order and their own IDs', () => {
  const ids = ['00000000000000a1', '00000000000000a2', '00000000000000a3'];
  const requests = ids.map((id) => request({ spanID: parseSpanID(id)! }));
  const [, ...clients] = recordClientSpans(work({ requests }));
  assert.deepEqual(
    clients.map(({ spanID }) => spanID),
    ids,
  );
});

test('nothing is registered globally', () => {
  recordClientSpans(work());
  assert.equal(trace.getTracer('any').startSpan('any').isRecording(), false);
});

test('the process ends on its own afterwards, and OTEL variables do not switch the spans off', () => {
  const program = `
    import { recordClientSpans } from './src/propagation/client-span.ts';
    const id = (digit, length) => digit.repeat(length);
    const spans = recordClientSpans({ traceID: id('a', 32), spanID: id('b', 16), name: 'x', start: 1n, end: 2n,
      errorMessage: null, version: '0', requests: [] });
    console.log(spans.length);`;
  const env = { ...process.env, OTEL_TRACES_SAMPLER: 'always_off', OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '0' };
  const options = { env, cwd: new URL('../../../', import.meta.url), encoding: 'utf8', timeout: 20_000 } as const;
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', program], options).trim(), '1');
});
