import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { readBody } from '../../../src/serve/body.ts';
import { ByteBudget } from '../../../src/serve/byte-budget.ts';
import { LIMITS } from '../../../src/serve/limits.ts';

test('a body in pieces is read unchanged, and allocates little more than its size', async (t) => {
  for (const [count, size] of [
    [1, 10],
    [3, 5000],
    [1000, 7],
    [130, 64 * 1024],
  ] as const) {
    const allocated: number[] = [];
    const { allocUnsafeSlow } = Buffer;
    t.mock.method(Buffer, 'allocUnsafeSlow', (bytes: number) => {
      allocated.push(bytes);
      return allocUnsafeSlow(bytes);
    });
    const pieces = Array.from({ length: count }, (_, index) => Buffer.alloc(size, index));
    const body = await readBody(Readable.from(pieces), LIMITS, new ByteBudget(LIMITS.pendingBytes));
    assert.ok(body.status === 'complete');
    assert.ok(body.bytes.equals(Buffer.concat(pieces)));
    const sum = allocated.reduce((total, bytes) => total + bytes, 0);
    assert.ok(sum <= 2 * count * size + 8 * 1024, `${sum} bytes for ${count * size}`);
  }
});
