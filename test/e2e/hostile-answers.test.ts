import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, suite, test, type TestContext } from 'node:test';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';

const home = cleanHome();
after(() => home.remove());

const LEVELS = 100_000;
const nested = (open: string, inner: string, close: string): string =>
  open.repeat(LEVELS) + inner + close.repeat(LEVELS);

async function server(t: TestContext, answer: (path: string, response: ServerResponse) => void): Promise<string> {
  const listener = createServer((request, response) => answer(request.url ?? '', response));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

const api = (t: TestContext, body: string): Promise<string> =>
  server(t, (_path, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));

suite('JSON with 100,000 levels', () => {
  const bodies = {
    lists: nested('[', '', ']'),
    objects: nested('{"a":', '1', '}'),
    'an object with such a field': `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web"},"spec":${nested('[', '', ']')}}`,
    'a list with such an item': `{"kind":"List","apiVersion":"v1","items":[${nested('{"a":', '1', '}')}]}`,
  };
  for (const [what, body] of Object.entries(bodies)) {
    for (const output of ['tree', 'json', 'yaml', 'jsonpath={.requests[0].status}', 'markdown']) {
      test(`of the API server, ${what}, as ${output}`, async (t) => {
        const args = ['raw', 'GET', '/api/v1/pods', '--server', await api(t, body), '--wait', '0', '--show-response'];
        const { code, stderr } = await kubectlTrace(home.path, [...args, '-o', output]);
        assert.doesNotMatch(stderr, /internal error|bug in kubectl trace|RangeError/);
        assert.equal(code, 0, stderr);
      });
    }
  }
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const span = (more: object): object => ({
  traceId: TRACE,
  spanId: '00f067aa0ba902b7',
  name: 'GET',
  startTimeUnixNano: '1795640761136008000',
  endTimeUnixNano: '1795640761137008000',
  ...more,
});
const otlp = (spans: readonly object[]): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

const hex = (index: number): string => (index + 1).toString(16).padStart(16, '0');

/** Files are read by the decoders that read backends. */
const TRACES: Readonly<Record<string, string>> = {
  'OTLP with nested attributes': otlp([span({ attributes: [{ key: 'a', value: '@' }] })]).replace(
    '"@"',
    nested('{"arrayValue":{"values":[', '{"intValue":"1"}', ']}}'),
  ),
  'Jaeger with a nested tag': `{"data":[{"traceID":"${TRACE}","processes":{"p":{"serviceName":"s"}},"spans":[{"traceID":"${TRACE}","spanID":"00f067aa0ba902b7","operationName":"GET","startTime":1795640761136008,"duration":10,"processID":"p","tags":[{"key":"a","type":"string","value":${nested('[', '', ']')}}]}]}]}`,
  'Zipkin with a nested annotation': JSON.stringify([
    {
      traceId: TRACE,
      id: '00f067aa0ba902b7',
      name: 'GET',
      timestamp: 1795640761136008,
      duration: 10,
      annotations: [{ timestamp: 1795640761136009, value: `e|${nested('{"a":', '1', '}')}|0` }],
    },
  ]),
  'Zipkin with kinds and tags that objects inherit': JSON.stringify(
    ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name, index) => ({
      traceId: TRACE,
      id: hex(index),
      name,
      kind: name,
      timestamp: 1795640761136008,
      duration: 10,
      tags: { [name]: name },
      localEndpoint: { serviceName: name },
    })),
  ),
  'Zipkin with times beyond a Date': JSON.stringify([
    { traceId: TRACE, id: hex(0), name: 'GET', timestamp: '9'.repeat(19), duration: '9'.repeat(19) },
    { traceId: TRACE, id: hex(1), name: 'GET', timestamp: 9007199254740991, duration: 9007199254740991 },
  ]),
  'OTLP with times beyond a Date': otlp([
    span({ startTimeUnixNano: '9'.repeat(30), endTimeUnixNano: '9'.repeat(5000) }),
    span({ startTimeUnixNano: '18446744073709551615', endTimeUnixNano: '18446744073709551615' }),
  ]),
  'Jaeger with times beyond a Date': `{"data":[{"traceID":"${TRACE}","processes":{"p":{"serviceName":"s"}},"spans":[{"traceID":"${TRACE}","spanID":"00f067aa0ba902b7","operationName":"GET","startTime":9007199254740991,"duration":9007199254740991,"processID":"p"}]}]}`,
  'a chain of 100,000 spans': otlp(
    Array.from({ length: LEVELS }, (_, index) =>
      span({ spanId: hex(index), ...(index > 0 && { parentSpanId: hex(index - 1) }) }),
    ),
  ),
};

suite('show reads hostile JSON', () => {
  for (const [what, file] of Object.entries(TRACES)) {
    for (const output of ['tree', 'json', 'perfetto', 'otlp', 'markdown', 'svg', 'speedscope', 'folded']) {
      test(`${what}, as ${output}`, async () => {
        const { code, stderr } = await kubectlTrace(home.path, ['show', '-', '-o', output], { input: file });
        assert.doesNotMatch(stderr, /internal error|bug in kubectl trace|RangeError|TypeError/);
        assert.ok([0, 2, 3].includes(code ?? -1), `${code}: ${stderr}`);
      });
    }
  }
});
