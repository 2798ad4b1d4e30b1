import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { run } from '../../../src/run.ts';
import { systemClock, testRuntime } from '../kube/fixture.ts';
import { serve } from '../../support/http-server.ts';
import { parseDocument } from '../../support/schema.ts';

interface Answer {
  readonly status: number;
  readonly retryAfter?: string;
}

/** Runs a `raw POST` against a server that answers one thing after the other, the last one again and again. */
async function post(
  context: TestContext,
  answers: readonly Answer[],
  interruptAfter = Infinity,
): Promise<{ code: number; out: string; err: string; slept: number[]; auditIDs: (string | undefined)[] }> {
  const auditIDs: (string | undefined)[] = [];
  const server = await serve(context, (request, response) => {
    const { status, retryAfter } = answers[Math.min(auditIDs.length, answers.length - 1)]!;
    auditIDs.push(request.headers['audit-id'] as string | undefined);
    response.writeHead(status, { ...(retryAfter !== undefined && { 'retry-after': retryAfter }) });
    response.end('{}');
  });
  const slept: number[] = [];
  const interrupted = new AbortController();
  let [out, err] = ['', ''];
  const code = await run(
    ['raw', 'POST', '/x', '--data', '{}', '-s', server.url, '--wait', '0', '--no-history', '-o', 'json'],
    testRuntime({
      // Waiting takes no time here.
      clock: { now: systemClock.now, sleep: async (millis) => void slept.push(millis) },
      interrupted: interrupted.signal,
      out: { write: (text) => void (out += text) },
      err: {
        write: (text) => {
          err += text;
          if (text.includes('sending the request again') && slept.length >= interruptAfter) interrupted.abort();
        },
      },
    }),
    '0.1.0',
  );
  return { code, out, err, slept, auditIDs };
}

test('a throttled request is retried after Retry-After, each time as a separate request', async (t) => {
  const { code, out, err, slept, auditIDs } = await post(t, [
    { status: 429, retryAfter: '2' },
    { status: 503, retryAfter: '1' },
    { status: 200 },
  ]);
  assert.equal(code, 0, err);
  assert.deepEqual(slept, [2000, 1000]);
  assert.equal(new Set(auditIDs).size, 3);
  assert.match(err, /^The server is busy \(429\): sending the request again after 2s, as it requested$/m);
  assert.deepEqual(
    parseDocument(out).requests.map(({ status }) => status),
    [429, 503, 200],
  );
});

test('a throttled request is retried at most ten times, then 429 is the result', async (t) => {
  const { code, err, auditIDs } = await post(t, [{ status: 429, retryAfter: '0' }]);
  assert.equal(code, 1, err);
  assert.equal(auditIDs.length, 11);
});

for (const [title, answer] of [
  ['without a time to come back', { status: 429 }],
  [
    'with a date in place of seconds, which client-go does not read either',
    { status: 503, retryAfter: 'Wed, 25 Nov 2026 20:00:00 GMT' },
  ],
  ['of what is no overload', { status: 409, retryAfter: '1' }],
] as const) {
  test(`a rejection ${title} is final`, async (t) => {
    const { code, slept, auditIDs } = await post(t, [answer]);
    assert.equal(code, 1);
    assert.equal(auditIDs.length, 1);
    assert.deepEqual(slept, []);
  });
}

test('an interrupt ends the wait, and no retry is sent', async (t) => {
  const { code, auditIDs } = await post(t, [{ status: 429, retryAfter: '1' }], 3);
  assert.equal(code, 130);
  assert.equal(auditIDs.length, 4);
});
