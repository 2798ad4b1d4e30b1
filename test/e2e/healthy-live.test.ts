import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { play } from '../lab/healthy/play.ts';
import { workloads } from '../lab/healthy/workloads.ts';

const { node, skip } = await sharedNode();

/** A change of each kind that has its own status, and a pod that is disturbed; none takes more than a minute. */
const played = [
  'deployment-without-surge',
  'deployment-crashed-once',
  'stateful-set-partition',
  'daemon-set-rolled-out',
  'job-retried',
];

test('five healthy workloads are never reported as stuck or failed', { skip, timeout: 400_000 }, async (t) => {
  const failures: string[] = [];
  const observed = await play(
    node().cluster,
    played.map((name) => workloads.find((workload) => workload.name === name)!),
    {
      withProgram: true,
      signal: t.signal,
      onRecorded: () => undefined,
      onFailure: (workload, why) => failures.push(`${workload}: ${why}`),
    },
  );
  assert.deepEqual(failures, []);
  for (const { workload, alarms, settled, gone } of observed) {
    const { ends } = workloads.find(({ name }) => name === workload)!;
    assert.deepEqual(alarms, [], workload);
    assert.deepEqual([settled, gone], [ends[0], 'not found'], workload);
  }
});
