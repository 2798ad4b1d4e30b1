import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterNow } from '../../../../src/commands/pod/cluster-time.ts';
import { ClusterClock } from '../../../../src/kube/api/cluster-clock.ts';
import { epochNanos } from '../../../../src/trace/time.ts';

test("the cluster's time is not before a pod's creation, and other objects are ignored", () => {
  const now = epochNanos(1_795_478_400_000_000_000n);
  const pod = { metadata: { creationTimestamp: '2026-11-24T00:01:00Z' } };
  const pods = [undefined, null, 5, {}, { metadata: 5 }, pod];
  assert.equal(clusterNow(new ClusterClock(), pods, { now: () => now }), now + 60_000_000_000n);
});
