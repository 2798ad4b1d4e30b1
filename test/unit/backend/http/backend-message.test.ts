import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { backendWords, withoutCredentials } from '../../../../src/backend/http/backend-message.ts';
import { get, type BackendResponse } from '../../../../src/backend/http/client.ts';
import { JaegerBackend } from '../../../../src/backend/kinds/jaeger/jaeger.ts';
import { TempoBackend } from '../../../../src/backend/kinds/tempo/tempo.ts';
import { ZipkinBackend } from '../../../../src/backend/kinds/zipkin/zipkin.ts';
import { serve } from '../../../support/http-server.ts';
import { parseTraceID, type TraceID } from '../../../../src/trace/ids.ts';

const random = (size: number): Uint8Array => new Uint8Array(size).fill(7);
const never = new AbortController().signal;
const id = parseTraceID('0af7651916cd43dd8448eb211c80319c') as TraceID;

suite("the message of a backend's error response", () => {
  const cases: readonly (readonly [who: string, body: string, words: string])[] = [
    ['Jaeger v1', '{"data":null,"errors":[{"code":500,"msg":"storage is down"}]}', 'storage is down'],
    ['Jaeger v3', '{"error":{"httpCode":500,"message":"storage is down"}}', 'storage is down'],
    ['a gRPC gateway', '{"code":14,"message":"no connection","details":[]}', 'no connection'],
    ['Tempo', 'too many outstanding requests\n', 'too many outstanding requests'],
    ['a rate limit of Tempo', 'job queue full: retry later', 'job queue full: retry later'],
    [
      'Grafana',
      '{"message":"Data source is down","messageId":"x","statusCode":502,"traceID":""}',
      'Data source is down',
    ],
    ['Kubernetes', '{"kind":"Status","apiVersion":"v1","message":"no endpoints","code":503}', 'no endpoints'],
    ['Prometheus', '{"status":"error","errorType":"timeout","error":"query timed out"}', 'query timed out'],
    [
      'Spring',
      '{"timestamp":1,"status":500,"error":"Internal Server Error","path":"/api/v2"}',
      'Internal Server Error',
    ],
    ['errors as texts', '{"errors":["first","second"]}', 'first'],
    ['a page', '<html><head><title>\n 502 Bad\n Gateway </title></head></html>', '502 Bad'],
    ['a page without a title', '<h1>Service Unavailable</h1>', 'Service Unavailable'],
    ['a page without words', '<html></html>', ''],
    ['JSON without words', '{}', ''],
    ['nothing', '', ''],
    ['several lines', 'panic: oh\n\tgoroutine 1\n', 'panic: oh'],
  ];
  for (const [who, body, words] of cases) {
    test(who, () => assert.equal(backendWords(body), words));
  }

  test('is one line of at most 300 characters and an ellipsis, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), fc.boolean(), (text, asJSON) => {
        const words = backendWords(asJSON ? JSON.stringify({ message: text }) : text);
        assert.ok(words.length <= 301);
        assert.doesNotMatch(words, /[\r\n]/);
        assert.ok(words.isWellFormed() || !text.isWellFormed());
      }),
    );
  });

  test('never repeats a credential that was sent', () => {
    const headers = { authorization: 'Bearer abc123', 'x-api-key': 'k-9', 'x-scope-orgid': 'prod' };
    assert.equal(
      withoutCredentials('refused "Bearer abc123", abc123 and k-9 for prod', headers),
      'refused "***", *** and *** for prod',
    );
  });
});

suite('a response with', () => {
  const asked = async (
    answer: Parameters<typeof serve>[1],
    t: Parameters<typeof serve>[0],
  ): Promise<BackendResponse> => {
    const { url } = await serve(t, answer);
    return get(`${url}/x`, { fetch, random }, never);
  };
  for (const code of [408, 429, 500, 502, 503, 504]) {
    test(`${code} has the backend's own message`, async (t) => {
      const answer = await asked((_, response) => response.writeHead(code).end('queue is full'), t);
      assert.equal(answer.status, 'unavailable');
      assert.match(answer.message, new RegExp(`^http:\\S+ answered ${code} [^:]+: queue is full$`));
      assert.ok(answer.hint);
    });
  }
  for (const code of [401, 403]) {
    test(`${code} as well`, async (t) => {
      const answer = await asked((_, response) => response.writeHead(code).end('{"message":"Permission denied"}'), t);
      assert.equal(answer.status, 'failed');
      assert.match(answer.message, /: Permission denied$/);
    });
  }

  test('only the first 16 KiB of an endless body are read', async (t) => {
    const answer = await asked((request, response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write('x'.repeat(4096)), 1);
      request.on('close', () => clearInterval(timer));
    }, t);
    assert.equal(answer.status, 'unavailable');
    assert.match(answer.message, /answered 500 Internal Server Error: x{300}…$/);
  });

  test('a truncated body still has its status', async (t) => {
    const answer = await asked((_, response) => {
      response.writeHead(503, { 'content-length': '5000' });
      response.write('half', () => response.destroy());
    }, t);
    assert.equal(answer.status, 'unavailable');
    assert.match(answer.message, / answered 503 Service Unavailable/);
  });

  const backends = { JaegerBackend, TempoBackend, ZipkinBackend };
  for (const [name, Backend] of Object.entries(backends)) {
    test(`500 reaches the lookup of a ${name}`, async (t) => {
      const { url } = await serve(t, (_, response) => response.writeHead(500).end('out of memory'));
      const lookup = await new Backend(url, { fetch, random }).byID(id, never);
      assert.equal(lookup.status, 'unavailable');
      assert.match(lookup.message, / answered 500 Internal Server Error: out of memory$/);
    });
  }
});
