import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectionMeasure } from '../../../../src/kube/http/connection-watch.ts';
import type { Moment } from '../../../../src/kube/http/phases.ts';
import { Turns } from '../../../../src/kube/http/turns.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** At this many milliseconds, of which the client had waited the second number. */
const moment = (at: number, waited: number): Moment => ({
  at: epochNanos(1_795_000_000_000_000_000n + BigInt(at * 1e6)),
  waited: waited * 1e6,
});

const measureFrom = (started: Moment): ConnectionMeasure => new ConnectionMeasure(started, new Turns(new FakeClock()));

const millis = (measure: ConnectionMeasure): number | undefined =>
  measure.roundTrip === undefined ? undefined : measure.roundTrip / 1e6;

test('TCP alone shows a round trip, and TLS a better one', () => {
  const measure = measureFrom(moment(0, 0));
  assert.equal(millis(measure), undefined);
  measure.connected(moment(1, 0.2));
  assert.equal(millis(measure), 0.2);
  // A proxy nearby made the connection of TCP.
  measure.secured(moment(50, 42.2));
  assert.equal(millis(measure), 42);
});

test('a session ticket shows a round trip without the signature of the handshake', () => {
  const measure = measureFrom(moment(0, 0));
  measure.connected(moment(1, 1));
  measure.secured(moment(50, 45));
  measure.sent(moment(60, 45));
  measure.ticket(moment(101, 85));
  measure.ticket(moment(102, 85.1));
  assert.equal(millis(measure), 40);
});

test('a ticket that comes with the response shows no more than the handshake took', () => {
  const measure = measureFrom(moment(0, 0));
  measure.connected(moment(1, 1));
  measure.secured(moment(8, 3));
  measure.sent(moment(10, 3));
  measure.ticket(moment(80, 73));
  assert.equal(millis(measure), 7);
});

test('before TLS 1.3 a ticket comes within the handshake, and shows none', () => {
  const measure = measureFrom(moment(0, 0));
  measure.connected(moment(1, 1));
  measure.ticket(moment(40, 30));
  measure.secured(moment(50, 42));
  assert.equal(millis(measure), 41);
});

test('where the client was at work for longer than it waited, no round trip is known', () => {
  const measure = measureFrom(moment(0, 0));
  measure.connected(moment(1, 1));
  measure.secured(moment(50, 2));
  assert.equal(millis(measure), 1);
  measure.sent(moment(51, 2));
  measure.ticket(moment(91, 41));
  assert.equal(millis(measure), 39);
});

test('without a clock that measures waiting, none is known', () => {
  const measure = measureFrom({ at: moment(0, 0).at });
  measure.connected({ at: moment(1, 0).at });
  assert.equal(measure.roundTrip, undefined);
});

test('work between the ClientHello and the wait for the ServerHello is a part of the round trip', () => {
  const measure = measureFrom(moment(0, 0));
  measure.connected(moment(1, 0));
  measure.greeted(moment(4, 0));
  measure.turns.end(moment(10, 0));
  // The server's part came 30 ms later, and was checked for 6 ms.
  measure.secured(moment(46, 30));
  assert.equal(millis(measure), 36);
});
