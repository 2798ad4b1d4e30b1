import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceBackend } from '../../../../src/backend/backend.ts';
import { kubeletTraces } from '../../../../src/commands/pod/kubelet-traces.ts';
import { epochNanos } from '../../../../src/trace/time.ts';

const created = 1_764_000_000_000_000_000n;
const empty = { search: async () => ({ status: 'absent' }) } as unknown as TraceBackend;

async function gapAt(seconds: number): Promise<string | undefined> {
  const window = { from: epochNanos(created), to: epochNanos(created + BigInt(seconds) * 1_000_000_000n) };
  return (await kubeletTraces(empty, 'uid', window, new AbortController().signal)).gap;
}

test('a pod too young for exported spans raises no doubt about kubelet tracing', async () => {
  for (const age of [0, 2, 15]) assert.equal(await gapAt(age), 'none with the UID of the pod yet', `${age} s`);
});

test('an older pod without spans raises doubt about kubelet tracing, even if searched in two time ranges', async () => {
  for (const age of [16, 600, 86_400]) assert.match((await gapAt(age)) ?? '', /does the kubelet export traces\?$/);
});
