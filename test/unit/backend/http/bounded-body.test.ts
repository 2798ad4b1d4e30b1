import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { boundedBody } from '../../../../src/backend/http/bounded-body.ts';
import { ResponseTooLarge } from '../../../../src/response-bounds.ts';

const MIB = 1024 * 1024;
const LARGEST = 192 * MIB;

const tooLarge =
  (bound: RegExp) =>
  (error: unknown): boolean =>
    error instanceof ResponseTooLarge && bound.test(error.bound);

suite('the body of a backend', () => {
  /** A trace of Jaeger with this many values in its spans. */
  const trace = (values: number): string =>
    `{"data":[{"traceID":"1","spans":[${'{"spanID":"0123456789abcdef","tags":[]},'.repeat(values / 4)}{}]}]}`;

  test('may have any number of values in spans', async () => {
    const text = trace(4_800_000);
    assert.equal((await boundedBody(new Response(text), LARGEST)).length, text.length);
  });

  test('may have a bounded number beside them, and in spans of Zipkin', async () => {
    for (const text of [
      `{"data":[${'{"traceID":"0123456789abcdef"},'.repeat(2_100_000)}{}]}`,
      `[${'{"id":"0123456789abcdef0123456789"},'.repeat(2_100_000)}{}]`,
    ]) {
      await assert.rejects(boundedBody(new Response(text), LARGEST), tooLarge(/^4000000 values beside spans$/));
    }
  });

  test('may have fewer values if it is compressed and of unknown length', async () => {
    const body = `[${'{"id":"0123456789"},'.repeat(600_000)}{}]`;
    assert.equal((await boundedBody(new Response(body), LARGEST)).length, body.length);
    const headers = { 'content-encoding': 'gzip' };
    await assert.rejects(boundedBody(new Response(body, { headers }), LARGEST), tooLarge(/^1000000 values$/));
    const known = { ...headers, 'content-length': String(500_000) };
    assert.equal((await boundedBody(new Response(body, { headers: known }), LARGEST)).length, body.length);
  });

  test('may be smaller if it is compressed and of unknown length', async () => {
    const body = Buffer.alloc(65 * MIB, ' ');
    assert.equal((await boundedBody(new Response(body), LARGEST)).length, body.length);
    const headers = { 'content-encoding': 'gzip' };
    await assert.rejects(boundedBody(new Response(body, { headers }), LARGEST), tooLarge(/^64 MiB$/));
  });
});
