import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { followPods, type Followed } from '../../../../src/commands/pod/follow.ts';
import { LookAround } from '../../../../src/commands/pod/gather.ts';
import { PodReader } from '../../../../src/commands/pod/reader.ts';
import { readSubject } from '../../../../src/commands/pod/subject.ts';
import { podReport, type ReportingCommand } from '../../../../src/commands/pod/pod-report.ts';
import type { Cluster } from '../../../../src/kube/http/exchange.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import type { PodReport } from '../../../../src/report/pod-report.ts';
import type { Runtime } from '../../../../src/runtime.ts';
import { nanosFromMillis } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { SimulatedAPI } from '../../../support/simulated-api.ts';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const SETS = '/apis/apps/v1/namespaces/default/replicasets';
const PODS = '/api/v1/namespaces/default/pods';
const EVENTS = '/api/v1/namespaces/default/events';
const TYPE: ResourceType = {
  group: 'apps',
  version: 'v1',
  resource: 'deployments',
  kind: 'Deployment',
  singular: 'deployment',
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
};

/** A Deployment of two pods on a server in memory; `script` is what happens meanwhile, by the fake clock. */
class Scene {
  readonly clock = new FakeClock();
  readonly api = new SimulatedAPI();
  readonly #createdAt = this.#time();

  constructor() {
    this.deployment({ replicas: 2, updatedReplicas: 2 });
    const owner = [{ kind: 'Deployment', name: 'web', uid: 'd1', controller: true }];
    this.api.put(SETS, {
      metadata: { name: 'web-1', uid: 's1', creationTimestamp: this.#createdAt, ownerReferences: owner },
      spec: { replicas: 2 },
    });
    this.api.put(EVENTS, { metadata: { name: 'e1', uid: 'e1' }, involvedObject: { uid: 'other' } });
    for (const name of ['a', 'b']) this.pod(name, false);
  }

  #time(): string {
    return new Date(Number(this.clock.now() / 1_000_000n)).toISOString().replace(/\.\d+Z/, 'Z');
  }

  deployment(status: object, { uid = 'd1', generation = 1, ...spec }: Record<string, unknown> = {}): void {
    this.api.put(DEPLOYMENTS, {
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default', uid: String(uid), generation, creationTimestamp: this.#createdAt },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, ...spec },
      status: { observedGeneration: generation, ...status },
    });
  }

  pod(name: string, isReady: boolean, reason = 'ContainerCreating'): void {
    const at = this.#time();
    const owner = [{ kind: 'ReplicaSet', name: 'web-1', uid: 's1', controller: true }];
    this.api.put(PODS, {
      metadata: {
        name: `web-${name}`,
        namespace: 'default',
        uid: name,
        creationTimestamp: this.#createdAt,
        labels: { 'pod-template-hash': '1' },
        ownerReferences: owner,
      },
      spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
      status: {
        startTime: this.#createdAt,
        phase: isReady ? 'Running' : 'Pending',
        conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: at }],
        containerStatuses: isReady
          ? [{ name: 'c', ready: true, started: true, state: { running: { startedAt: at } } }]
          : [{ name: 'c', state: { waiting: { reason } } }],
      },
    });
  }

  async follow(
    script: (wait: (millis: number) => Promise<void>) => Promise<void>,
    timeoutMillis = 300_000,
  ): Promise<Followed & { readonly report: PodReport }> {
    const { clock, api } = this;
    const runtime = { clock, interrupted: new AbortController().signal } as unknown as Runtime;
    const reader = new PodReader(api.send, null);
    const subject = await readSubject(TYPE, 'default', 'web', reader);
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

const done = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };

suite('following a workload', () => {
  test('ends when its status says that it is done, not when its pods are Ready', async () => {
    const scene = new Scene();
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.pod('a', true);
      scene.pod('b', true);
      await wait(9000);
      scene.deployment(done);
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
    assert.ok(scene.clock.millis >= 12_000 && scene.clock.millis < 15_000, `${scene.clock.millis}`);
  });

  test('continues when one of two pods is Ready and the other is not created', async () => {
    const scene = new Scene();
    scene.api.remove(PODS, 'b');
    const { judged, end, report } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.pod('a', true);
      scene.deployment({ replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 });
    }, 30_000);
    assert.equal(judged.verdict?.state, 'progressing');
    assert.equal(end, 'timeout');
    assert.match(report.error?.message ?? '', /is not done \(1 of 2 available\) after --timeout/);
  });

  test('ends with "deleted" when the workload is deleted or recreated with the same name', async () => {
    for (const change of ['deleted', 'made again'] as const) {
      const scene = new Scene();
      const { end } = await scene.follow(async (wait) => {
        await wait(3000);
        if (change === 'deleted') scene.api.remove(DEPLOYMENTS, 'd1');
        else scene.deployment(done, { uid: 'd2' });
      });
      assert.equal(end, 'deleted', change);
    }
  });

  test('is not done while a new spec is not observed', async () => {
    const scene = new Scene();
    scene.deployment(done);
    scene.api.put(DEPLOYMENTS, {
      kind: 'Deployment',
      metadata: {
        name: 'web',
        namespace: 'default',
        uid: 'd1',
        generation: 2,
        creationTimestamp: '2026-11-29T08:00:00Z',
        managedFields: [{ time: '2100-01-01T00:00:00Z' }],
      },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } } },
      status: { observedGeneration: 1, ...done },
    });
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(20_000);
      scene.deployment(done, { generation: 2 });
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
    assert.ok(scene.clock.millis >= 20_000, `${scene.clock.millis}`);
  });

  test('gets the workload by name if list is forbidden', async () => {
    const scene = new Scene();
    scene.api.refuse(/^(list|watch) \S+\/deployments( |$)/);
    const { judged } = await scene.follow(async (wait) => {
      await wait(5000);
      scene.deployment(done);
    });
    assert.equal(judged.verdict?.state, 'ready');
  });

  test('needs only the workload if pods, ReplicaSets and events are forbidden', async () => {
    const scene = new Scene();
    scene.api.refuse(/^(list|watch) \S+\/(pods|replicasets|events)( |$)/);
    const { judged, report } = await scene.follow(async (wait) => {
      await wait(5000);
      scene.deployment(done);
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.deepEqual(report.gaps.map(({ what }) => what).toSorted(), ['events', 'pods', 'replicasets']);
  });

  test('finds pods by name if ReplicaSets are forbidden', async () => {
    const scene = new Scene();
    scene.api.refuse(/^(list|watch) \S+\/replicasets( |$)/);
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.pod('a', false, 'InvalidImageName');
    }, 10_000);
    assert.equal(judged.verdict?.reason, 'InvalidImageName');
  });

  test('continues when a pod is stuck, and succeeds once that is fixed', async () => {
    const scene = new Scene();
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.pod('a', false, 'ImagePullBackOff');
      await wait(60_000);
      scene.pod('a', true);
      scene.pod('b', true);
      scene.deployment(done);
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
    assert.ok(scene.clock.millis >= 63_000 && scene.clock.millis < 66_000, `${scene.clock.millis}`);
  });

  test('is stuck if --timeout ends while a pod is stuck', async () => {
    const scene = new Scene();
    const { report } = await scene.follow(async () => scene.pod('a', false, 'InvalidImageName'), 20_000);
    assert.equal(report.verdict?.state, 'stuck');
    assert.equal(report.exitCode, 6);
    assert.ok(scene.clock.millis >= 20_000, `${scene.clock.millis}`);
  });

  test("ends when its progress deadline is exceeded, with the pod's reason", async () => {
    const scene = new Scene();
    const { report } = await scene.follow(async (wait) => {
      scene.pod('a', false, 'InvalidImageName');
      await wait(30_000);
      const late = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' };
      scene.deployment({ replicas: 2, updatedReplicas: 2, conditions: [late] });
    });
    assert.equal(report.verdict?.reason, 'InvalidImageName');
    assert.equal(report.exitCode, 6);
    assert.ok(scene.clock.millis >= 30_000 && scene.clock.millis < 33_000, `${scene.clock.millis}`);
  });

  test('succeeds even if the server stops responding after the rollout is done', async () => {
    const scene = new Scene();
    scene.deployment(done);
    const { report } = await scene.follow(async () => scene.api.hang(), 20_000);
    assert.equal(report.verdict?.state, 'ready');
    assert.equal(report.exitCode, 0);
  });
});
