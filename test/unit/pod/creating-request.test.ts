import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { placeRequest, type CreatingRequest } from '../../../src/pod/creating-request.ts';
import type { OwnerReference } from '../../../src/pod/objects.ts';
import { epochNanos, nanos } from '../../../src/trace/time.ts';
import { span } from '../../support/spans.ts';

const SECOND = 1_000_000_000n;
const CREATED = epochNanos(1_795_478_400n * SECOND);

/** A request of 20 ms that began `at` nanoseconds after the second in which the pod was created, by the cluster's clock. */
function request(at: bigint, aheadSeconds: bigint): CreatingRequest {
  const start = epochNanos(CREATED + at + aheadSeconds * SECOND);
  const root = { ...span({}), start, end: epochNanos(start + 20_000_000n) };
  return {
    root,
    inputs: [{ span: root, source: 'client', inferred: false }],
    offset: nanos(Number(-aheadSeconds * SECOND)),
  };
}

const pod = (owners: readonly OwnerReference[] = []) => ({
  createdAt: { at: CREATED, uncertainty: nanos(1e9) },
  owners,
});

suite('the request that created a pod is drawn', () => {
  for (const ahead of [0n, 65n, -65n, 21_600n, -21_600n]) {
    test(`at the time of the cluster's clock when this machine's clock is ${ahead} s ahead`, () => {
      const placed = placeRequest(request(300_000_000n, ahead), pod());
      assert.equal(placed?.start, CREATED + 300_000_000n);
      assert.equal(placed?.end, CREATED + 320_000_000n);
    });

    test(`nowhere for a pod that is an hour older when this machine's clock is ${ahead} s ahead`, () => {
      assert.equal(placeRequest(request(3600n * SECOND, ahead), pod()), undefined);
    });
  }

  const known = (at: bigint): CreatingRequest => ({ ...request(at, 65n), uncertainty: nanos(0.5e9) });
  const owned = pod([{ kind: 'ReplicaSet', name: 'web', uid: 'r' }]);

  for (const [what, owners] of [
    ['a pod', pod()],
    ['a pod of a workload', owned],
  ] as const) {
    test(`nowhere for ${what} that existed 72 s earlier if the cluster's clock is known`, () => {
      assert.equal(placeRequest(known(72n * SECOND), owners), undefined);
      assert.equal(placeRequest(known(4n * SECOND), owners), undefined);
    });

    test(`before ${what} that seems older by less than the clock uncertainty`, () => {
      assert.equal(placeRequest(known(3n * SECOND), owners)?.start, CREATED + SECOND);
    });
  }

  test("before an older pod if the cluster's time is unknown", () => {
    assert.equal(placeRequest(request(72n * SECOND, 0n), pod())?.start, CREATED + SECOND);
  });

  test('nowhere for a pod without an owner that was recreated a minute later', () => {
    assert.equal(placeRequest(known(-60n * SECOND), pod()), undefined);
    assert.equal(placeRequest(known(-60n * SECOND), owned)?.start, CREATED - 60n * SECOND);
  });

  test('before its pod even if both clocks are known only to the second', () => {
    const placed = placeRequest(request(1_700_000_000n, 65n), pod());
    assert.equal(placed?.start, CREATED + SECOND);
  });
});
