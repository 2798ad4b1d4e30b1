import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeReading, type Reading } from '../../../src/commands/pod/reading.ts';
import { nothingAround, LookAround } from '../../../src/commands/pod/gather.ts';
import { PodReader } from '../../../src/commands/pod/reader.ts';
import { podSubject } from '../../../src/commands/pod/subject.ts';
import type { Exchange } from '../../../src/kube/http/exchange.ts';
import { drawPodScreen } from '../../../src/render/pod/screen.ts';
import type { PodReport } from '../../../src/report/pod-report.ts';
import { UNICODE } from '../../../src/render/look.ts';
import { plainWidth } from '../../../src/render/terminal/width.ts';
import type { Runtime } from '../../../src/runtime.ts';
import { nanosFromMillis } from '../../../src/trace/time.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const OWNER = {
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: 'd1', creationTimestamp: '2026-11-23T08:00:00Z' },
  spec: { replicas: 500 },
};

const pod = (index: number): object => ({
  metadata: {
    name: `web-${index}`,
    namespace: 'default',
    uid: `u${index}`,
    creationTimestamp: '2026-11-23T08:00:00Z',
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', uid: 'd1' }],
  },
  spec: { containers: [{ name: 'c', image: 'i' }] },
  status: {
    phase: 'Pending',
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/9 nodes are available: 9 Insufficient cpu.',
      },
    ],
  },
});

test('500 pods are summarized by stage with the slowest few, and extra reads happen for only three', async () => {
  const clock = new FakeClock();
  const subject = { ...podSubject('default', 'web'), kind: 'deployment', object: OWNER, pod: undefined };
  const reading: Reading = {
    subject,
    pods: Array.from({ length: 500 }, (_, index) => pod(index)),
    events: [],
    makers: [],
    ...nothingAround(),
  };
  const measure = { now: clock.now(), untilStuck: nanosFromMillis(60_000) };
  const asked: string[] = [];
  const reader = new PodReader(async (request) => {
    asked.push(request.path);
    return { request, status: 404, body: Buffer.alloc(0), headers: {}, error: null } as unknown as Exchange;
  }, null);
  const runtime = { clock, interrupted: new AbortController().signal } as unknown as Runtime;
  const judged = judgeReading(
    await new LookAround(reader, undefined, runtime).around(reading, judgeReading(reading, measure).lifecycles),
    measure,
  );
  assert.equal(judged.lifecycles.length, 500);
  assert.ok(asked.length <= 6, asked.join());
  const report = {
    subject,
    lifecycles: judged.lifecycles,
    verdict: judged.verdict,
    workload: judged.workload,
    requests: [],
    gaps: [],
    podsLeftOut: 0,
    now: measure.now,
  } as unknown as PodReport;
  const screen = drawPodScreen(report, { columns: 100, colour: false, glyphs: UNICODE }, plainWidth);
  assert.match(screen, /^Scheduling {2}stuck {2}Unschedulable +500$/m);
  assert.ok(screen.split('\n').length < 40, screen);
});
