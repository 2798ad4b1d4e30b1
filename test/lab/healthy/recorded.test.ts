import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { changesOf, readRecording, recordedText, recordedWorkloads, ticksOf, type Recording } from './recording.ts';
import type { APIObject } from './objects.ts';
import { readObserved } from './observed.ts';
import type { Tick } from './recorder.ts';
import { judgeTick, lineOf, tellingTicks, type Judged } from './replay.ts';
import { targetOf } from './workload.ts';
import { workloads } from './workloads.ts';

/** How far this machine's clock may be ahead of the cluster's. */
const clocks = { 'as late as the cluster': 0, '65 s ahead': 65, '6 h ahead': 6 * 3600 };

const well = new Set(['succeeded', 'ready', 'progressing']);

/** One line for each verdict on the subject that is wrong: an alarm, a state that is not the true one, or none. */
async function wrongVerdicts(t: TestContext, { header, ticks }: Recording, aheadSeconds: number): Promise<string[]> {
  const { workload, target, ends, settled, lastSettled } = header;
  const wrong: string[] = [];
  for (const index of tellingTicks(ticks)) {
    const judged = await judgeTick(t, ticks[index]!, workload, target, aheadSeconds);
    const expected = (): boolean => {
      const state = judged.verdict?.state;
      if (!exists(ticks[index]!, workload, target)) return isNotFound(judged);
      if (state === undefined || !well.has(state) || judged.exitCode !== 0) return false;
      return index < settled || index > lastSettled || (ends as readonly string[]).includes(state);
    };
    if (!expected()) wrong.push(lineOf(ticks, index, target, judged));
  }
  return wrong;
}

const isNotFound = ({ exitCode, verdict, stderr }: Judged): boolean =>
  exitCode === 1 && verdict === null && stderr.includes('not found');

function exists({ objects }: Tick, namespace: string, target: string): boolean {
  const [kind, name] = target.includes('/') ? target.split('/') : ['pod', target];
  return objects.some(
    (object) =>
      object.kind.toLowerCase() === kind && object.metadata.name === name && object.metadata.namespace === namespace,
  );
}

/** The same of each pod by its name. One that is over with an error, and was replaced, may be called failed. */
async function wrongPods(t: TestContext, { header: { workload }, ticks }: Recording): Promise<string[]> {
  const wrong: string[] = [];
  const { quiet } = workloads.find(({ name }) => name === workload) ?? {};
  const patience = quiet === true ? ['--until-stuck', '5m'] : [];
  for (const index of tellingTicks(ticks)) {
    const pods = ticks[index]!.objects.filter(({ kind }) => kind === 'Pod');
    for (const pod of pods) {
      const judged = await judgeTick(t, ticks[index]!, workload, pod.metadata.name, 65, patience);
      const state = judged.verdict?.state ?? '';
      if (!well.has(state) && !(hasFailed(pod) && state === 'failed')) {
        wrong.push(lineOf(ticks, index, pod.metadata.name, judged));
      }
    }
  }
  return wrong;
}

interface Terminated {
  readonly state?: { readonly terminated?: { readonly exitCode: number } };
}

/** Its phase, or a container that is not started again. */
function hasFailed({ spec, status }: APIObject): boolean {
  const containers = (status?.['containerStatuses'] ?? []) as readonly Terminated[];
  const hasEnded = containers.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  return status?.['phase'] === 'Failed' || (spec?.['restartPolicy'] === 'Never' && hasEnded);
}

suite('healthy workloads on a real node', { concurrency: 2 }, () => {
  for (const name of recordedWorkloads()) {
    const recording = readRecording(name);
    for (const [clock, seconds] of Object.entries(clocks)) {
      test(`${name}: no false alarm, with this machine's clock ${clock}`, async (t) => {
        assert.deepEqual(await wrongVerdicts(t, recording, seconds), []);
      });
    }
    test(`${name}: no false alarm about any of its pods`, async (t) => {
      assert.deepEqual(await wrongPods(t, recording), []);
    });
  }
});

test('the recordings match the current workloads', () => {
  assert.deepEqual(recordedWorkloads(), workloads.map(({ name }) => name).toSorted());
  for (const workload of workloads) {
    const { header } = readRecording(workload.name);
    const { says, ends } = workload;
    assert.deepEqual([header.says, header.ends, header.target], [says, ends, targetOf(workload)]);
  }
});

suite('the built program beside a healthy workload', () => {
  const all = new Map(readObserved().map((observed) => [observed.workload, observed]));
  for (const { name, ends } of workloads) {
    test(`${name}: no false alarm, and the right state`, () => {
      const { alarms, settled, gone, states } = all.get(name)!;
      assert.deepEqual(alarms, []);
      assert.ok((ends as readonly (string | undefined)[]).includes(settled), `settled: ${settled}`);
      assert.equal(gone, 'not found');
      const others = Object.keys(states).filter((state) => state !== 'not found' && !well.has(state));
      assert.deepEqual(others, []);
    });
  }
});

test('the recordings are small, and contain no data of the machine', () => {
  for (const name of recordedWorkloads()) {
    const text = recordedText(name);
    assert.doesNotMatch(text, /\/tmp\/|\/root\/|\/home\/|kubectl-trace-cluster/, name);
    assert.ok(text.length < 2_000_000, `${name} has ${text.length} bytes`);
  }
});

test('a recording stores each version of an object once, and restores every tick', () => {
  const object = (uid: string, resourceVersion: string): APIObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: uid, uid, resourceVersion },
  });
  const ticks = [
    [object('a', '1')],
    [object('a', '1'), object('b', '2')],
    [object('a', '3'), object('b', '2')],
    [object('b', '2')],
  ].map((objects, index) => ({ at: index, date: '', objects }));
  const changes = changesOf(ticks);
  assert.deepEqual(
    changes.map(({ put, gone }) => [put.map(({ metadata }) => metadata.resourceVersion), gone]),
    [
      [['1'], []],
      [['2'], []],
      [['3'], []],
      [[], ['a']],
    ],
  );
  assert.deepEqual(ticksOf(changes), ticks);
});
