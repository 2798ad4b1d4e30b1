import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGunzip, gzipSync } from 'node:zlib';
import { StreamOpening } from '../../../../src/kube/http/stream-opening.ts';
import { relayedRequest } from '../../../../src/kube/http/relayed-request.ts';
import { epochNanos } from '../../../../src/trace/time.ts';

/** A clock that only advances when a test advances it. */
function handClock() {
  let now = 1_000n;
  return {
    now: () => epochNanos(now),
    sleep: () => Promise.resolve(),
    advance: (by: number) => (now += BigInt(by)),
  };
}

/** How long a request's stream was open, in a response of `chunks` with 10 ns before each, and 100 ns to its end. */
function openOf(target: string, status: number, chunks: readonly string[] = [], method = 'GET'): number | null {
  const clock = handClock();
  const opening = new StreamOpening(relayedRequest(method, target), clock);
  opening.begin(status);
  for (const chunk of chunks) {
    clock.advance(10);
    opening.take(Buffer.from(chunk));
  }
  clock.advance(100);
  return opening.openUntil(clock.now());
}

const PODS = '/api/v1/namespaces/default/pods';

test('a watch, a followed log and a conversation are open from the head of the response', () => {
  for (const target of [
    `${PODS}?watch=true&resourceVersion=5`,
    `${PODS}?limit=5&watch=1`,
    `${PODS}/web/log?follow=true`,
    '/api/v1/watch/namespaces/default/pods',
  ])
    assert.equal(openOf(target, 200, ['{}']), 110, target);
  for (const part of ['exec?command=ls', 'attach', 'portforward']) {
    assert.equal(openOf(`${PODS}/web/${part}`, 101, ['x'], 'POST'), 110, part);
  }
});

test('a watch that begins with a list is open from the bookmark behind the list, however it is cut', () => {
  const target = `${PODS}?watch=true&sendInitialEvents=true`;
  const bookmark = '{"type":"BOOKMARK","object":{"metadata":{"annotations":{"k8s.io/initial-events-end":"true"}}}}';
  assert.equal(openOf(target, 200, ['{"type":"ADDED"}', bookmark, '{}']), 110);
  assert.equal(openOf(target, 200, [bookmark.slice(0, 70), bookmark.slice(70)]), 100);
  assert.equal(openOf(target, 200, ['{"type":"ADDED"}']), 0, 'ended before the bookmark');
});

test('a compressed one is searched too, where it can be', async () => {
  const clock = handClock();
  const request = relayedRequest('GET', `${PODS}?watch=true&sendInitialEvents=true`);
  const gunzip = createGunzip();
  const found = new Promise<void>((resolve) => gunzip.once('data', () => resolve()));
  const [opening, unable] = [new StreamOpening(request, clock, () => gunzip), new StreamOpening(request, clock)];
  for (const each of [opening, unable]) each.begin(200, 'gzip');
  clock.advance(10);
  opening.take(gzipSync('{"k8s.io/initial-events-end":"true"}'));
  await found;
  clock.advance(100);
  assert.equal(unable.openUntil(clock.now()), 110);
  assert.equal(opening.openUntil(clock.now()), 100);
});

test('other responses are no streams, and neither are refusals', () => {
  for (const target of [PODS, `${PODS}?watch=false`, `${PODS}/web/log`, `${PODS}/web`]) {
    assert.equal(openOf(target, 200, ['{}']), null, target);
  }
  assert.equal(openOf(`${PODS}?watch=true`, 410, ['{}']), null);
  assert.equal(openOf(`${PODS}/web/exec?command=ls`, 403, ['{}'], 'POST'), null);
});
