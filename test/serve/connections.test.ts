import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { suite, test } from 'node:test';
import { Connections } from '../../src/serve/connections.ts';

/** As much of a socket as is looked at. */
class TestSocket extends EventEmitter {
  destroyed = false;

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

const sockets = (count: number): readonly (TestSocket & Socket)[] =>
  Array.from({ length: count }, () => new TestSocket() as TestSocket & Socket);

suite('when there is no room for another connection', () => {
  test('the one that has been idle for the longest goes', () => {
    const connections = new Connections(3);
    const [busy, old, young, next] = sockets(4);
    for (const one of [busy, old, young]) assert.ok(connections.add(one!));
    connections.begin(busy!);
    connections.begin(old!);
    connections.end(old!);
    assert.ok(connections.add(next!));
    assert.deepEqual(
      [busy, old, young, next].map((one) => one!.destroyed),
      [false, false, true, false],
    );
  });

  test('else the one that has been busy with the same for the longest, but not at once', () => {
    let now = 0;
    const connections = new Connections(2, Infinity, () => now);
    const [slow, other, early, late] = sockets(4);
    for (const one of [slow, other]) {
      connections.add(one!);
      connections.begin(one!);
    }
    assert.equal(connections.add(early!), false);
    now = 2000;
    connections.begin(other!);
    assert.ok(connections.add(late!));
    assert.deepEqual(
      [slow, other, early, late].map((one) => one!.destroyed),
      [true, false, true, false],
    );
  });
});

test('too much that is not read costs those who have read nothing for the longest', () => {
  const connections = new Connections(10, 1000);
  const [slow, other, third] = sockets(3);
  for (const one of [slow, other, third]) connections.add(one!);
  connections.unread(slow!, 400);
  connections.unread(other!, 400);
  connections.unread(other!, 0);
  connections.progress(other!);
  connections.unread(other!, 500);
  assert.ok(!slow!.destroyed);
  connections.unread(third!, 400);
  assert.deepEqual(
    [slow, other, third].map((one) => one!.destroyed),
    [true, false, false],
  );
});
