import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Lines } from '../../../../src/kube/api/watch-events.ts';

const MIB = 1024 * 1024;

suite('lines of a stream', () => {
  test('are the same wherever the stream is cut', () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', '\n', '{"b":1}', '\r'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 20 }), { maxLength: 10 }), (stream, cuts) => {
        const bytes = Buffer.from(stream);
        const seen: string[] = [];
        const lines = new Lines((line) => void seen.push(line.toString()));
        let from = 0;
        for (const cut of cuts) {
          lines.push(bytes.subarray(from, from + cut));
          from += cut;
        }
        lines.push(bytes.subarray(from));
        assert.deepEqual(seen, stream.split('\n').slice(0, -1));
        assert.equal(lines.overflowed, false);
      }),
    );
  });

  test('that are too long are left out, and the next is read', () => {
    const seen: string[] = [];
    const lines = new Lines((line) => void seen.push(line.toString()));
    lines.push(Buffer.from('first\n'));
    for (let size = 0; size < 20; size++) lines.push(Buffer.alloc(MIB, 'x'));
    lines.push(Buffer.from('\nlast\n'));
    assert.deepEqual(seen, ['first', 'last']);
    assert.equal(lines.overflowed, true);
  });

  test('that come byte by byte are not copied for each byte', () => {
    let size = 0;
    const lines = new Lines((line) => void (size = line.length));
    const byte = Buffer.from('x');
    for (let at = 0; at < 2 * MIB; at++) lines.push(byte);
    lines.push(Buffer.from('\n'));
    assert.equal(size, 2 * MIB);
  });
});
