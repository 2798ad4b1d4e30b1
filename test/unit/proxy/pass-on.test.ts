import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';
import { passOn } from '../../../src/proxy/pass-on.ts';

test('passOn: a slow target gets every byte in order, and then the end', async () => {
  const got: Buffer[] = [];
  const slow = new Writable({
    highWaterMark: 8,
    write: (chunk: Buffer, _, done) => {
      got.push(chunk);
      setImmediate(done);
    },
  });
  const source = new PassThrough({ highWaterMark: 8 });
  passOn(source, slow);
  const sent = Array.from({ length: 100 }, (_, index) => `chunk ${index}\n`);
  for (const chunk of sent) source.write(chunk);
  source.end();
  await finished(slow);
  assert.equal(Buffer.concat(got).toString(), sent.join(''));
});

test('passOn: reports when the target takes no more, and when it does again', async () => {
  const events: string[] = [];
  let proceed: (() => void) | undefined;
  const slow = new Writable({
    highWaterMark: 4,
    write: (chunk: Buffer, _, done) => {
      events.push(chunk.toString());
      proceed = done;
    },
  });
  const source = new PassThrough();
  passOn(source, slow, { held: () => events.push('held'), resumed: () => events.push('resumed') });
  source.write('first');
  await new Promise((resolve) => setImmediate(resolve));
  source.end('last');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(events, ['first', 'held']);
  proceed?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(events, ['first', 'held', 'resumed', 'last', 'held']);
});

test('passOn: a target that closes early stops the source', async () => {
  const target = new PassThrough();
  const source = new PassThrough();
  passOn(source, target);
  target.destroy();
  await finished(target).catch(() => undefined);
  source.write('more');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(source.isPaused(), true);
  assert.equal(source.readableLength, 4);
});

/** Opening it would set O_NONBLOCK on the file that the command has as well. */
test('passOn: standard output is not opened', (t) => {
  const own = Object.getOwnPropertyDescriptor(process, 'stdout')!;
  const stacks: string[] = [];
  const get = (): unknown => {
    stacks.push(new Error('opened').stack ?? '');
    return own.get === undefined ? own.value : own.get.call(process);
  };
  Object.defineProperty(process, 'stdout', { configurable: true, get });
  t.after(() => Object.defineProperty(process, 'stdout', own));
  passOn(new PassThrough(), new PassThrough());
  assert.deepEqual(
    stacks.filter((stack) => stack.includes('readable')),
    [],
  );
  new PassThrough().pipe(new PassThrough());
  assert.ok(
    stacks.some((stack) => stack.includes('readable')),
    'Node.js opens it no more: pipe() can be used',
  );
});
