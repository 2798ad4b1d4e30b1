import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PhaseRecord, type Moment } from '../../../../src/kube/http/phases.ts';
import { Turns } from '../../../../src/kube/http/turns.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** At this many milliseconds, of which the thread had waited the second number. */
const moment = (at: number, waited: number): Moment => ({
  at: epochNanos(1_795_000_000_000_000_000n + BigInt(at * 1e6)),
  waited: waited * 1e6,
});

function arrival(ends: readonly Moment[], from: Moment, until: Moment): number | undefined {
  const turns = new Turns(new FakeClock());
  for (const end of ends) turns.end(end);
  const found = turns.arrival(from, until);
  return found === undefined ? undefined : found / 1e6;
}

test('work between sending and waiting delays nothing', () => {
  // Sent at 0, at work until 3, waited until 8, noticed at 10.
  assert.equal(arrival([moment(3, 0)], moment(0, 0), moment(10, 5)), 8);
});

test('the last wait counts, because something else may have ended the ones before', () => {
  // The session ticket ended a wait of 1 ms, and was handled for 2 ms. The response ended a wait of 4 ms.
  assert.equal(arrival([moment(1, 0), moment(4, 1)], moment(0, 0), moment(9, 5)), 8);
});

test('a turn that no wait follows ended after the arrival', () => {
  // The response was there when the ticket had been handled.
  assert.equal(arrival([moment(1, 0), moment(4, 2)], moment(0, 0), moment(6, 2)), 3);
});

test('without a wait, what is noticed after a short turn was there at its end', () => {
  assert.equal(arrival([moment(0.4, 0)], moment(0, 0), moment(2.3, 0)), 0.4);
  assert.equal(arrival([moment(0.4, 0), moment(0.6, 0)], moment(0, 0), moment(2.3, 0)), 0.6);
});

test('without a wait, the arrival is not known after a long turn, nor of what is noticed late', () => {
  assert.equal(arrival([moment(0.4, 0), moment(3, 0)], moment(0, 0), moment(4, 0)), undefined);
  assert.equal(arrival([moment(0.4, 0)], moment(0, 0), moment(10, 0)), undefined);
  assert.equal(arrival([], moment(0, 0), moment(10, 5)), undefined);
  assert.equal(arrival([{ at: moment(3, 0).at }], { at: moment(0, 0).at }, { at: moment(10, 0).at }), undefined);
});

test('turns before sending do not count', () => {
  assert.equal(arrival([moment(3, 0)], moment(4, 0), moment(10, 5)), undefined);
});

test('an error of the measurement is no wait', () => {
  assert.equal(arrival([moment(0.3, 0)], moment(0, 0), moment(0.9, 0.04)), 0.3);
});

test('a message is noticed before the client has worked on it', () => {
  const turns = new Turns(new FakeClock());
  const record = new PhaseRecord(moment(0, 0), turns);
  record.mark('connect', moment(0, 0));
  record.sent('secureConnect', moment(1, 0));
  turns.end(moment(1.7, 0));
  record.noticed('secureConnect', moment(3, 0));
  record.mark('secureConnect', moment(9, 0));
  const { clientPhases } = record.phases(moment(9, 0), { dns: false, connect: true, tls: true });
  assert.equal(clientPhases?.tlsNanos, 9e6 - 0.7e6);
});

test('a phase is what its message took, and the client’s part is the rest', () => {
  const turns = new Turns(new FakeClock());
  const record = new PhaseRecord(moment(0, 0), turns);
  record.sent('connect', moment(2, 0));
  record.mark('connect', moment(3, 0));
  record.sent('secureConnect', moment(6, 0));
  turns.end(moment(7, 0));
  record.mark('secureConnect', moment(29, 20));
  record.mark('written', moment(35, 20));
  turns.end(moment(36, 20));
  record.mark('firstByte', moment(48, 30));
  record.mark('end', moment(50, 31));
  const { clientPhases } = record.phases(moment(50, 31), { dns: false, connect: true, tls: true });
  assert.deepEqual(clientPhases, {
    dnsNanos: null,
    connectNanos: 3e6,
    // 3 ms before the ClientHello and 2 ms behind the arrival; the millisecond between them delayed nothing.
    tlsNanos: 5e6,
    sendNanos: 6e6,
    waitNanos: 2e6,
    receiveNanos: 1e6,
  });
});
