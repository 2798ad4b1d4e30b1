import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { serve } from '../support/http-server.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

/* The built program, its exit status and its words, with what needs no cluster. */

const home = cleanHome();
after(() => home.remove());
const TRACE = '0af7651916cd43dd8448eb211c80319c';

suite('a trace backend that', () => {
  const hangs: RequestListener = () => undefined;
  const drips: RequestListener = (_, response) => void response.writeHead(200).write('{');
  const says =
    (code: number, body: string): RequestListener =>
    (_, response) =>
      void response.writeHead(code).end(body);
  for (const kind of ['jaeger', 'tempo', 'zipkin', 'victoriatraces', undefined] as const) {
    const named = kind ?? 'of a kind that is found out';
    for (const [does, answer, message] of [
      ['never answers', hangs, /^error: http:\S+ did not respond within 2s$/m],
      ['begins to answer and stops', drips, /^error: http:\S+ did not respond within 2s$/m],
      [
        'fails',
        says(500, 'out of \u001B[31mmemory\n'),
        /^error: http:\S+ answered 500 Internal Server Error: out of \\u001b\[31mmemory$/m,
      ],
      [
        'limits the rate',
        says(429, '{"message":"slow down"}'),
        /^error: http:\S+ answered 429 Too Many Requests: slow down$/m,
      ],
    ] as const) {
      test(`${does} (${named}) causes exit status 5, not "not found"`, async (t) => {
        const { url } = await serve(t, answer);
        const backend = kind === undefined ? url : `${kind}=${url}`;
        const { code, stdout, stderr } = await kubectlTrace(home.path, [
          'show',
          TRACE,
          '--backend',
          backend,
          '--wait',
          '2s',
          '-o',
          'json',
        ]);
        assert.equal(code, 5, stderr);
        assert.match(stderr, message);
        assert.match(stderr, /^hint: /m);
        assert.doesNotMatch(stderr, /not found|internal error/);
        const { error, exitCode } = parseDocument(stdout);
        assert.deepEqual([exitCode, error?.reason], [5, 'BackendUnavailable']);
      });
    }
  }

  test('has no such trace causes exit status 3', async (t) => {
    const { url } = await serve(t, says(404, '{"error":{"httpCode":404,"message":"trace not found"}}'));
    const { code, stderr } = await kubectlTrace(home.path, [
      'show',
      TRACE,
      '--backend',
      `jaeger=${url}`,
      '--wait',
      '1s',
    ]);
    assert.equal(code, 3);
    assert.match(stderr, /was not found in jaeger/);
  });
});

suite('a file with', () => {
  const span = { traceId: TRACE, spanId: '00f067aa0ba902b7', name: 'root', startTimeUnixNano: '1795478400000000000' };
  const traces = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
  const logs = '{"resourceLogs":[{"scopeLogs":[]}]}';
  for (const [what, content, code, message] of [
    ['a span without an end', traces, 0, /^$/],
    [
      'several signals',
      `${logs}\n${traces}\n`,
      0,
      /^note: input also holds logs \(1 document\), which are not shown$/m,
    ],
    ['gzip', gzipSync(traces), 0, /^$/],
    ['UTF-16', Buffer.from(`\uFEFF${traces}`, 'utf16le'), 0, /^$/],
    ['logs only', logs, 2, /^error: input holds no spans: it is OpenTelemetry's logs \(1 document\)$/m],
    [
      'an error response',
      '{"data":null,"errors":[{"code":500,"msg":"boom"}]}',
      2,
      /it is an error response of Jaeger: 500: boom$/m,
    ],
    ['a page', '<html><title>Sign in</title>', 2, /it is a web page \("Sign in"\)$/m],
    ['half of gzip', gzipSync(traces).subarray(0, 40), 2, /compressed with gzip and damaged/],
    ['nothing', '', 2, /^error: input is empty$/m],
  ] as const) {
    test(`${what} causes exit status ${code}`, async () => {
      writeFileSync(join(home.path, 'input'), content);
      const shown = await kubectlTrace(home.path, ['show', join(home.path, 'input'), '--no-history']);
      assert.equal(shown.code, code, shown.stderr);
      assert.match(shown.stderr.replaceAll(`${home.path}/`, ''), message);
      if (code === 0) assert.match(shown.stdout, /1 span of unknown_service, not ended/);
    });
  }
});
