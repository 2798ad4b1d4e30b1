import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ClusterClock } from '../../../../src/kube/api/cluster-clock.ts';
import type { Exchange } from '../../../../src/kube/http/exchange.ts';
import { epochNanos, nanos } from '../../../../src/trace/time.ts';

const SECOND = 1e9;
const START = 1_795_478_400_000_000_000n;

interface Response {
  /** When it was sent, after START by this machine's clock, in nanoseconds. */
  readonly sent: number;
  /** From sending to the server's clock, and from there to the first byte. */
  readonly there: number;
  readonly back: number;
}

/** A response of a server whose clock is `offset` ahead of this machine's; `body` comes later. */
function response(offset: number, { sent, there, back }: Response, headers: object = {}): Exchange {
  const server = Number(START / 1_000_000n) + (sent + there + offset) / 1e6;
  const date = new Date(Math.floor(server / 1000) * 1000).toUTCString();
  const phases = { dnsNanos: null, connectNanos: null, tlsNanos: null, sendNanos: 0, waitNanos: there + back };
  return {
    headers: { date, ...headers },
    startedAt: epochNanos(START + BigInt(sent)),
    durationNanos: nanos(there + back + 40 * SECOND),
    phases: { ...phases, receiveNanos: 40 * SECOND },
  } as unknown as Exchange;
}

const hours = 3600 * SECOND;
const responses = fc.array(
  fc.record({
    sent: fc.integer({ min: 0, max: 300 * SECOND }),
    there: fc.integer({ min: 0, max: 2 * SECOND }),
    back: fc.integer({ min: 0, max: 2 * SECOND }),
  }),
  { minLength: 1, maxLength: 30 },
);

suite("the cluster's clock", () => {
  test('the cluster’s clock is known to within its stated uncertainty, for any offset and round trips', () => {
    fc.assert(
      fc.property(fc.integer({ min: -24 * hours, max: 24 * hours }), responses, (offset, all) => {
        const clock = new ClusterClock();
        for (const one of all) clock.observe(response(offset, one));
        const found = clock.offset!;
        assert.ok(Math.abs(found.nanos - offset) <= found.uncertainty + 1000, `${found.nanos} ± ${found.uncertainty}`);
        const fastest = Math.min(...all.map(({ there, back }) => there + back));
        // Either side of 0 where 0 is possible, half of a second and a round trip elsewhere.
        assert.ok(found.uncertainty <= (found.nanos === 0 ? 1 : 0.5) * (SECOND + fastest) + 1000);
      }),
      { numRuns: 500 },
    );
  });

  test('is more exact by several responses than by one', () => {
    const clock = new ClusterClock();
    const quick = { there: 2e6, back: 2e6 };
    clock.observe(response(65 * SECOND, { sent: 0, ...quick }));
    const once = clock.offset!.uncertainty;
    for (let n = 1; n < 20; n++) clock.observe(response(65 * SECOND, { sent: n * 130_000_000, ...quick }));
    assert.ok(once > 0.4 * SECOND, `${once}`);
    assert.ok(clock.offset!.uncertainty < 0.1 * SECOND, `${clock.offset!.uncertainty}`);
  });

  test('is the same as this one as long as nothing speaks against it', () => {
    const clock = new ClusterClock();
    assert.equal(clock.at(epochNanos(START)), START);
    assert.equal(clock.offset, undefined);
    clock.observe(response(0.4 * SECOND, { sent: 0.2 * SECOND, there: 1e6, back: 1e6 }));
    assert.equal(clock.at(epochNanos(START)), START);
    assert.equal(clock.localOf(epochNanos(START)), START);
  });

  test('is followed when it is set, and when this machine was asleep', () => {
    const clock = new ClusterClock();
    clock.observe(response(0, { sent: 0, there: 1e6, back: 1e6 }));
    clock.observe(response(600 * SECOND, { sent: SECOND, there: 1e6, back: 1e6 }));
    assert.ok(Math.abs(clock.offset!.nanos - 600 * SECOND) <= clock.offset!.uncertainty);
  });

  test('is not read off a response without a Date, with an odd one, or out of a cache', () => {
    const clock = new ClusterClock();
    const sent = { sent: 0, there: 1e6, back: 1e6 };
    clock.observe(response(600 * SECOND, sent, { date: undefined }));
    clock.observe(response(600 * SECOND, sent, { date: 'yesterday' }));
    clock.observe(response(600 * SECOND, sent, { age: '300' }));
    assert.equal(clock.offset, undefined);
    clock.observe(response(600 * SECOND, sent, { age: '0' }));
    assert.ok(clock.offset !== undefined);
  });

  test('without a Date, the cluster’s clock is not behind the times that it has written', () => {
    const clock = new ClusterClock();
    clock.atLeast(epochNanos(START - 5n), epochNanos(START));
    assert.equal(clock.at(epochNanos(START)), START);
    clock.atLeast(epochNanos(START + 70_000_000_000n), epochNanos(START));
    assert.equal(clock.at(epochNanos(START)), START + 70_000_000_000n);
    assert.equal(clock.offset, undefined);
  });
});
