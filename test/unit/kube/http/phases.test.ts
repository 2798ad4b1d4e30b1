import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PhaseRecord, type PhaseEnd } from '../../../../src/kube/http/phases.ts';
import { epochNanos } from '../../../../src/trace/time.ts';

const at = (offset: number) => epochNanos(1_795_000_000_000_000_000n + BigInt(offset));
const fresh = { dns: true, connect: true, tls: true };
const reused = { dns: false, connect: false, tls: false };

function recorded(ends: Partial<Record<PhaseEnd, number>>): PhaseRecord {
  const record = new PhaseRecord({ at: at(0) });
  for (const [end, offset] of Object.entries(ends)) record.mark(end as PhaseEnd, { at: at(offset) });
  return record;
}

test('each phase lasts from the end of the one before', () => {
  const record = recorded({ lookup: 1, connect: 3, secureConnect: 6, written: 10, firstByte: 15, end: 21 });
  assert.deepEqual(record.phases({ at: at(21) }, fresh).phases, {
    dnsNanos: 1,
    connectNanos: 2,
    tlsNanos: 3,
    sendNanos: 4,
    waitNanos: 5,
    receiveNanos: 6,
  });
});

test('a reused connection has no phases of connecting', () => {
  const { phases } = recorded({ written: 2, firstByte: 5, end: 6 }).phases({ at: at(6) }, reused);
  assert.deepEqual([phases.dnsNanos, phases.connectNanos, phases.tlsNanos, phases.sendNanos], [null, null, null, 2]);
});

test('the phase in which it failed lasts until the failure, later ones did not happen', () => {
  const { phases } = recorded({ lookup: 1, connect: 3 }).phases({ at: at(9) }, fresh);
  assert.deepEqual([phases.connectNanos, phases.tlsNanos, phases.sendNanos, phases.receiveNanos], [2, 6, null, null]);
});

test('a second address does not count: the first look-up does', () => {
  const record = recorded({ lookup: 1 });
  record.mark('lookup', { at: at(5) });
  assert.equal(record.phases({ at: at(9) }, fresh).phases.dnsNanos, 1);
});

test('phases are never negative and add up to the duration, in whatever order the ends are reported', () => {
  const offset = fc.option(fc.nat(1000), { nil: undefined });
  const ends = fc.record({
    lookup: offset,
    connect: offset,
    secureConnect: offset,
    written: offset,
    firstByte: offset,
    end: offset,
  });
  fc.assert(
    fc.property(ends, fc.boolean(), (offsets, dns) => {
      const marked = Object.fromEntries(Object.entries(offsets).filter(([, each]) => each !== undefined));
      const phases = Object.values(recorded(marked as never).phases({ at: at(1000) }, { ...fresh, dns }).phases);
      const known = phases.filter((each) => each !== null);
      assert.ok(known.every((each) => each >= 0));
      const whole = Object.keys(marked).includes('end') ? undefined : 1000;
      const sum = known.reduce((total: number, each) => total + each, 0);
      if (whole !== undefined) assert.equal(sum, whole);
      else assert.ok(sum <= 1000);
    }),
  );
});

test('the part of a phase in which nothing was waited for is the client’s', () => {
  const record = new PhaseRecord({ at: at(0), waited: 100 });
  record.mark('connect', { at: at(10), waited: 103 });
  record.mark('written', { at: at(20), waited: 103 });
  record.mark('firstByte', { at: at(60), waited: 140 });
  const { phases, clientPhases } = record.phases(
    { at: at(70), waited: 150 },
    { dns: false, connect: true, tls: false },
  );
  assert.deepEqual([phases.connectNanos, phases.sendNanos, phases.waitNanos, phases.receiveNanos], [10, 10, 40, 10]);
  assert.deepEqual(clientPhases, {
    dnsNanos: null,
    connectNanos: 7,
    tlsNanos: null,
    sendNanos: 10,
    waitNanos: 3,
    receiveNanos: 0,
  });
});

test('without a clock that measures waiting, the client’s part is not known', () => {
  assert.equal(recorded({ written: 2 }).phases({ at: at(6) }, reused).clientPhases, null);
});

/** Receives from 10 to 100, with bytes at 20 and 90. The process works for 2 at the end. */
function relayed(holds: readonly (readonly [from: number, until?: number])[], isStream = false): number | null {
  const record = new PhaseRecord({ at: at(0), waited: 0 });
  record.mark('written', { at: at(2), waited: 0 });
  record.mark('firstByte', { at: at(10), waited: 8 });
  record.received(at(20), 1);
  for (const [from, until] of holds) {
    record.held({ at: at(from), waited: from - 2 });
    if (until !== undefined) record.resumed({ at: at(until), waited: until - 2 });
  }
  if (holds.at(-1)?.[1] !== undefined) record.received(at(90), 1);
  const end = { at: at(100), waited: 96 };
  record.mark('end', end);
  return record.phases(end, { ...reused, isStream }).clientPhases?.receiveNanos ?? null;
}

test('the time in which the client of a relayed request does not read is the client’s', () => {
  const unheld = relayed([[20, 20]]);
  assert.equal(unheld, 2);
  assert.equal(relayed([[20, 40]]), 20 + 2);
  assert.equal(
    relayed([
      [20, 40],
      [50, 80],
    ]),
    50 + 2,
  );
});

test('a client that reads no more until the end does not keep the server busy', () => {
  assert.equal(relayed([[30]]), 68 + 2);
});

test('a stream is open for as long as its client wants: when it reads does not count', () => {
  assert.equal(relayed([[20, 80]], true), relayed([[20, 20]], true));
});
