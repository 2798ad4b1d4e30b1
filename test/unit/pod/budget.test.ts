import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { stageTimes, type StageTime } from '../../../src/pod/budget.ts';
import type { PodSync, RuntimeCall } from '../../../src/pod/kubelet-spans.ts';
import type { Moment } from '../../../src/pod/moment.ts';
import type { Progress } from '../../../src/pod/progress.ts';
import { STAGES, type Stage } from '../../../src/pod/stage.ts';
import { epochNanos, nanos } from '../../../src/trace/time.ts';
import { span } from '../../support/spans.ts';

const START = 1_795_478_400_000_000_000n;
const at = (millis: number): ReturnType<typeof epochNanos> => epochNanos(START + BigInt(Math.round(millis * 1e6)));
const moment = (millis: number): Moment => ({ at: { at: at(millis), uncertainty: nanos(1e9) }, source: 'condition' });

function call(method: string, from: number, to: number): RuntimeCall {
  const own = span({ id: 'c1', name: method, service: 'kubelet', kind: 'client', start: at(from), end: at(to) });
  return { method, span: own, failed: false, below: [] };
}

function sync(calls: readonly RuntimeCall[]): PodSync {
  const root = span({ id: 'a1', name: 'syncPod', service: 'kubelet', kind: 'internal', start: at(0), end: at(1) });
  return { root, failed: false, calls, spans: [] };
}

const NOTHING: Progress = {
  created: { at: { at: at(0), uncertainty: nanos(1e9) }, source: 'object' },
  scheduled: undefined,
  sandbox: undefined,
  initialized: undefined,
  started: undefined,
  startedUp: undefined,
  unready: undefined,
  ready: undefined,
  ended: undefined,
  deletion: undefined,
};

const told = (times: readonly StageTime[]): string[] =>
  times.map(({ stage, from, to, open }) => `${stage} ${from / 1e6}–${to / 1e6}${open ? ' open' : ''}`);

const READY = { state: 'ready', stage: 'Running', since: null } as const;

suite('time of a pod by stage', () => {
  test('is divided by steps and by the spans within them', () => {
    // steps  |Scheduling 100|....Volumes, Sandbox 400....|..ContainerCreate 1000..|Readiness 2000|
    // spans                    150 |RunPodSandbox| 400   500 |Pull| 800   900 |Start| 950
    const progress = {
      ...NOTHING,
      scheduled: moment(100),
      sandbox: moment(400),
      initialized: moment(400),
      started: moment(1000),
      startedUp: moment(1000),
      ready: moment(2000),
    };
    const syncs = [
      sync([call('RunPodSandbox', 150, 400), call('PullImage', 500, 800), call('StartContainer', 900, 950)]),
    ];
    assert.deepEqual(told(stageTimes(progress, syncs, READY, at(2000))), [
      'Scheduling 0–100',
      'Volumes 100–150',
      'Sandbox 150–400',
      'ContainerCreate 400–500',
      'ImagePull 500–800',
      'ContainerCreate 800–900',
      'ContainerStart 900–950',
      'ContainerCreate 950–1000',
      'Readiness 1000–2000',
    ]);
  });

  test('goes to the stage of the verdict once the pod is stuck', () => {
    const progress = { ...NOTHING, scheduled: moment(100), sandbox: moment(400) };
    const verdict = { state: 'stuck', stage: 'ImagePull', since: moment(400).at } as const;
    const syncs = [sync([call('PullImage', 500, 800), call('PullImage', 10_000, 10_100)])];
    assert.deepEqual(told(stageTimes(progress, syncs, verdict, at(60_000))), [
      'Scheduling 0–100',
      'Sandbox 100–400',
      'ImagePull 400–60000 open',
    ]);
  });

  test('begins with the request, followed by the controller', () => {
    const created: Moment = { at: { at: at(80), uncertainty: nanos(0) }, source: 'span' };
    const progress = { ...NOTHING, created, scheduled: moment(100), sandbox: moment(400) };
    const request = { start: at(0), end: at(30) };
    assert.deepEqual(told(stageTimes(progress, [], { ...READY, since: null }, at(400), request)), [
      'Request 0–30',
      'Controller 30–80',
      'Scheduling 80–100',
      'Sandbox 100–400',
    ]);
  });

  test('adds up to the total with any clock skew', () => {
    const time = fc.integer({ min: -5000, max: 100_000 });
    const maybe = fc
      .option(time, { nil: undefined })
      .map((millis) => (millis === undefined ? undefined : moment(millis)));
    const calls = fc.array(
      fc
        .tuple(fc.constantFrom('RunPodSandbox', 'PullImage', 'CreateContainer', 'StartContainer', 'Other'), time, time)
        .map(([method, from, to]) => call(method, from, to)),
      { maxLength: 30 },
    );
    const progress = fc
      .record({
        scheduled: maybe,
        sandbox: maybe,
        initialized: maybe,
        started: maybe,
        startedUp: maybe,
        ready: maybe,
        ended: maybe,
        deletion: maybe,
      })
      .map((steps): Progress => ({ ...NOTHING, ...steps }));
    const verdict = fc.record({
      state: fc.constantFrom('ready', 'succeeded', 'progressing', 'stuck', 'failed'),
      stage: fc.constantFrom<Stage>(...STAGES),
      since: fc.option(
        time.map((millis) => moment(millis).at),
        { nil: null },
      ),
    });
    fc.assert(
      fc.property(progress, calls, verdict, time, (steps, made, judged, end) => {
        const times = stageTimes(steps, [sync(made)], judged, at(end));
        let last = 0;
        for (const { from, to } of times) {
          assert.equal(from, last);
          assert.ok(to >= from);
          last = to;
        }
        assert.equal(last, Math.max(0, end) * 1e6);
        assert.ok(times.filter(({ open }) => open).length <= 1);
      }),
      { numRuns: 2000 },
    );
  });
});
