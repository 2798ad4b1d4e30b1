import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { suite, test } from 'node:test';
import { Connections } from '../../../src/serve/connections.ts';

/** As much of a socket as is looked at. */
class TestSocket extends EventEmitter {
  destroyed = false;

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    // As of Node.js, not before `destroy` returns.
    queueMicrotask(() => this.emit('close'));
  }
}

const sockets = (count: number): readonly (TestSocket & Socket)[] =>
  Array.from({ length: count }, () => new TestSocket() as TestSocket & Socket);

/** Lets them all in, and returns those that are served. */
function admit(connections: Connections, all: readonly (TestSocket & Socket)[]): readonly Socket[] {
  const served: Socket[] = [];
  for (const socket of all) connections.admit(socket, () => served.push(socket));
  return served;
}

suite('a connection over the limit', () => {
  const apis = ['setTimeout', 'setImmediate'] as const;

  test('replaces the one that has been idle for the longest time', () => {
    const connections = new Connections(3);
    const [busy, old, young, next] = sockets(4);
    const served = admit(connections, [busy!, old!, young!]);
    for (const socket of [busy, old, young]) connections.begin(socket!);
    connections.end(old!);
    connections.end(young!);
    assert.equal(served.length, 3);
    assert.deepEqual(admit(connections, [next!]), [next]);
    assert.deepEqual([busy!.destroyed, old!.destroyed, young!.destroyed], [false, true, false]);
  });

  test('waits until the first request of a new one can be read', (t) => {
    t.mock.timers.enable({ apis: [...apis] });
    const connections = new Connections(2, Infinity, () => 0);
    const [silent, busy, next] = sockets(3);
    const served = admit(connections, [silent!, busy!, next!]);
    connections.begin(busy!);
    assert.equal(served.length, 2);
    t.mock.timers.tick(2);
    assert.equal(served[2], next);
    assert.deepEqual([silent!.destroyed, busy!.destroyed], [true, false]);
  });

  test('replaces one that has been busy with the same request for over a second', (t) => {
    t.mock.timers.enable({ apis: [...apis] });
    let now = 0;
    const connections = new Connections(2, Infinity, () => now);
    const [slow, slower, early, late] = sockets(4);
    const served = admit(connections, [slow!, slower!, early!, late!]);
    for (const socket of [slow, slower]) connections.begin(socket!);
    now = 999;
    t.mock.timers.tick(999);
    assert.equal(served.length, 2);
    now = 1000;
    t.mock.timers.tick(1);
    assert.deepEqual(served.slice(2), [early, late]);
    assert.deepEqual([slow!.destroyed, slower!.destroyed], [true, true]);
  });

  test('replaces one that does not read its response, before one whose response is in progress', (t) => {
    t.mock.timers.enable({ apis: [...apis] });
    let now = 0;
    const connections = new Connections(2, Infinity, () => now);
    const [waiting, stalled, next] = sockets(3);
    const served = admit(connections, [waiting!, stalled!]);
    for (const socket of [waiting, stalled]) connections.begin(socket!);
    connections.unread(stalled!, 100);
    now = 1000;
    admit(connections, [next!]);
    assert.equal(served.length, 2);
    assert.deepEqual([waiting!.destroyed, stalled!.destroyed], [false, true]);
  });

  test('is served when another closes', async (t) => {
    t.mock.timers.enable({ apis: [...apis] });
    const connections = new Connections(1, Infinity, () => 0);
    const [first, second] = sockets(2);
    const served = admit(connections, [first!, second!]);
    first!.destroy();
    await Promise.resolve();
    assert.deepEqual(served, [first, second]);
  });

  test('is closed when 1,000 are waiting, or when serving has ended', (t) => {
    t.mock.timers.enable({ apis: [...apis] });
    const connections = new Connections(1, Infinity, () => 0);
    const [late, surplus, ...others] = sockets(1003);
    admit(connections, [...others, surplus!]);
    assert.ok(surplus!.destroyed);
    assert.ok(others.every(({ destroyed }) => !destroyed));
    connections.closeAll();
    admit(connections, [late!]);
    assert.ok(others.every(({ destroyed }) => destroyed));
    assert.ok(late!.destroyed);
  });
});

test('too much unread output closes the connections that have read nothing for the longest time', () => {
  const connections = new Connections(10, 1000);
  const [slow, other, third] = sockets(3);
  admit(connections, [slow!, other!, third!]);
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
