import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { followPods, type Followed } from '../../../../src/commands/pod/follow.ts';
import { LookAround } from '../../../../src/commands/pod/gather.ts';
import { podReport, type ReportingCommand } from '../../../../src/commands/pod/pod-report.ts';
import { PodReader } from '../../../../src/commands/pod/reader.ts';
import { readSubject } from '../../../../src/commands/pod/subject.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import type { Cluster } from '../../../../src/kube/http/exchange.ts';
import type { PodReport } from '../../../../src/report/pod-report.ts';
import type { Runtime } from '../../../../src/runtime.ts';
import { nanosFromMillis } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { SimulatedAPI } from '../../../support/simulated-api.ts';

const typeOf = (resource: string, kind: string): ResourceType => ({
  group: 'batch',
  version: 'v1',
  resource,
  kind,
  singular: kind.toLowerCase(),
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
});

const path = (group: string, resource: string): string => `/${group}/v1/namespaces/default/${resource}`;

/** A Job with one pod that runs, or a CronJob, on a server in memory. */
class Scene {
  readonly clock = new FakeClock();
  readonly api = new SimulatedAPI();

  at(): string {
    return new Date(Number(this.clock.now() / 1_000_000n)).toISOString().replace(/\.\d+Z/, 'Z');
  }

  job(status: object): void {
    this.api.put(path('apis/batch', 'jobs'), {
      kind: 'Job',
      metadata: { name: 'migrate', namespace: 'default', uid: 'j1', creationTimestamp: '2026-11-24T00:00:00Z' },
      spec: { backoffLimit: 0, completions: 1, parallelism: 1, selector: { matchLabels: { job: 'migrate' } } },
      status,
    });
  }

  runningPod(): void {
    const at = this.at();
    this.api.put(path('api', 'pods'), {
      metadata: {
        name: 'migrate-x',
        namespace: 'default',
        uid: 'p1',
        creationTimestamp: at,
        ownerReferences: [{ kind: 'Job', name: 'migrate', uid: 'j1', controller: true }],
      },
      spec: { nodeName: 'n1', restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
      status: {
        phase: 'Running',
        startTime: at,
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }],
        containerStatuses: [{ name: 'c', ready: true, started: true, state: { running: { startedAt: at } } }],
      },
    });
  }

  async follow(
    type: ResourceType,
    name: string,
    script: (wait: (millis: number) => Promise<void>) => Promise<void>,
    timeoutMillis = 60_000,
  ): Promise<Followed & { readonly report: PodReport }> {
    const { clock, api } = this;
    api.put(path('api', 'events'), { metadata: { name: 'e', uid: 'e' }, involvedObject: { uid: 'other' } });
    const runtime = { clock, interrupted: new AbortController().signal } as unknown as Runtime;
    const reader = new PodReader(api.send, null);
    const subject = await readSubject(type, 'default', name, reader);
    const scripted = script((millis) => clock.sleep(millis));
    const followed = await followPods(
      {
        subject,
        reader,
        around: new LookAround(reader, undefined, runtime),
        untilStuck: nanosFromMillis(60_000),
        timeout: nanosFromMillis(timeoutMillis),
        traced: false,
        request: () => undefined,
        beforeLast: async () => {},
        onPicture: async () => {},
      },
      runtime,
    );
    await scripted;
    const cluster = { contextName: null, server: '' } as unknown as Cluster;
    const command: ReportingCommand = {
      verb: 'pod',
      args: [],
      version: '',
      cluster,
      subject,
      backend: undefined,
      reader,
      startedAt: followed.now,
    };
    return { ...followed, report: podReport(command, followed.judged, followed.now, { end: followed.end }) };
  }
}

suite('following a Job', () => {
  const ends: readonly (readonly [type: string, state: string])[] = [
    ['Complete', 'succeeded'],
    ['Failed', 'failed'],
  ];
  for (const [type, state] of ends) {
    test(`continues while its pods run normally, until the Job is ${type}`, async () => {
      const scene = new Scene();
      scene.job({ active: 1, ready: 1, startTime: scene.at() });
      scene.runningPod();
      const { judged, end } = await scene.follow(typeOf('jobs', 'Job'), 'migrate', async (wait) => {
        await wait(8000);
        const condition = { type, status: 'True', lastTransitionTime: scene.at(), reason: 'BackoffLimitExceeded' };
        scene.job({ failed: 1, startTime: scene.at(), conditions: [condition] });
      });
      assert.deepEqual([judged.verdict?.state, end], [state, undefined]);
      assert.ok(scene.clock.millis >= 8000, String(scene.clock.millis));
    });
  }

  test('ends at --timeout while the Job runs, with exit code 6', async () => {
    const scene = new Scene();
    scene.job({ active: 1, ready: 1, startTime: scene.at() });
    scene.runningPod();
    const { judged, end, report } = await scene.follow(typeOf('jobs', 'Job'), 'migrate', async () => {}, 10_000);
    assert.deepEqual([judged.verdict?.state, end], ['ready', 'timeout']);
    assert.equal(report.exitCode, 6);
    assert.equal(report.error?.message, 'job/migrate is not done (0 succeeded, 1 active) after --timeout');
  });

  test('ends without an error if the Job becomes Complete at --timeout', async () => {
    const scene = new Scene();
    scene.job({ active: 1, ready: 1, startTime: scene.at() });
    scene.runningPod();
    const { report } = await scene.follow(
      typeOf('jobs', 'Job'),
      'migrate',
      async (wait) => {
        await wait(9_000);
        const condition = { type: 'Complete', status: 'True', lastTransitionTime: scene.at() };
        scene.job({ succeeded: 1, startTime: scene.at(), conditions: [condition] });
      },
      9_500,
    );
    assert.deepEqual([report.verdict?.state, report.exitCode], ['succeeded', 0]);
  });
});

test('following a suspended CronJob ends immediately, because it creates no Job', async () => {
  const scene = new Scene();
  scene.api.put(path('apis/batch', 'cronjobs'), {
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: 'default', uid: 'c1', creationTimestamp: '2026-11-20T00:00:00Z' },
    spec: { suspend: true, schedule: '0 3 * * *' },
    status: {},
  });
  for (const resource of ['jobs'])
    scene.api.put(path('apis/batch', resource), { metadata: { name: 'other', uid: 'o' } });
  scene.api.put(path('api', 'pods'), { metadata: { name: 'other', uid: 'x' } });
  const { judged, end } = await scene.follow(typeOf('cronjobs', 'CronJob'), 'nightly', async () => {});
  assert.deepEqual([judged.verdict?.reason, end], ['CronJobSuspended', undefined]);
  assert.ok(scene.clock.millis < 5000, String(scene.clock.millis));
});
