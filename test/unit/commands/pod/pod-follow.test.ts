import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { followPods, type Followed } from '../../../../src/commands/pod/follow.ts';
import { LookAround } from '../../../../src/commands/pod/gather.ts';
import { PodReader } from '../../../../src/commands/pod/reader.ts';
import { podSubject } from '../../../../src/commands/pod/subject.ts';
import type { Exchange } from '../../../../src/kube/http/exchange.ts';
import type { SendStream } from '../../../../src/kube/api/watch.ts';
import type { Runtime } from '../../../../src/runtime.ts';
import { between, nanosFromMillis } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { SimulatedAPI } from '../../../support/simulated-api.ts';

const PODS = '/api/v1/namespaces/default/pods';
const EVENTS = '/api/v1/namespaces/default/events';
const UID = '0a1b2c3d-0000-4000-8000-000000000001';

/** A follow on a server in memory; `script` is what happens meanwhile, by the fake clock. */
class Scene {
  readonly clock = new FakeClock();
  readonly api = new SimulatedAPI();
  readonly pictures: string[] = [];
  readonly #interrupt = new AbortController();
  readonly #createdAt: string;
  readonly #traced: boolean;
  readonly #aheadMillis: number;

  /** `aheadMillis`: this machine's clock is ahead of the server's, whose responses have a Date. */
  constructor({ traced = false, aheadMillis = 0 } = {}) {
    this.#traced = traced;
    this.#aheadMillis = aheadMillis;
    this.#createdAt = this.time(0);
    this.api.put(EVENTS, this.event('e0', 'Pulling', 1));
    this.pod({ phase: 'Pending' });
  }

  time(millis: number): string {
    return this.#serverTime(millis)
      .toISOString()
      .replace(/\.\d+Z/, 'Z');
  }

  #serverTime(millis: number): Date {
    return new Date(Number(this.clock.at(millis - this.#aheadMillis) / 1_000_000n));
  }

  /** The server's responses with its time. */
  readonly send: SendStream = async (request, reading) => {
    const startedAt = this.clock.now();
    const date = this.#serverTime(this.clock.millis).toUTCString();
    const exchange = await this.api.send(request, reading);
    const durationNanos = between(startedAt, this.clock.now());
    const phases = { dnsNanos: null, connectNanos: null, tlsNanos: null, sendNanos: 0, waitNanos: 0, receiveNanos: 0 };
    return { ...exchange, startedAt, durationNanos, phases, headers: { date } } as unknown as Exchange;
  };

  pod(status: object, metadata: object = {}): void {
    this.api.put(PODS, {
      metadata: { name: 'web', namespace: 'default', uid: UID, creationTimestamp: this.#createdAt, ...metadata },
      spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
      status: { startTime: this.#createdAt, ...status },
    });
  }

  waiting(reason: string): void {
    this.pod({ containerStatuses: [{ name: 'c', state: { waiting: { reason } } }] });
  }

  ready(): void {
    const at = this.time(this.clock.millis);
    this.pod({
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }],
      containerStatuses: [{ name: 'c', ready: true, started: true, state: { running: { startedAt: at } } }],
    });
  }

  event(
    uid: string,
    reason: string,
    count: number,
  ): { metadata: { name: string; uid: string } } & Record<string, unknown> {
    const about = { kind: 'Pod', name: 'web', uid: UID, fieldPath: 'spec.containers{c}' };
    return {
      metadata: { name: uid, uid },
      involvedObject: about,
      reason,
      count,
      firstTimestamp: this.time(0),
      source: { component: 'kubelet' },
    };
  }

  interrupt(): void {
    this.#interrupt.abort();
  }

  async follow(
    script: (wait: (millis: number) => Promise<void>) => Promise<void>,
    timeoutMillis = 300_000,
  ): Promise<Followed> {
    const { clock } = this;
    const runtime = { clock, interrupted: this.#interrupt.signal } as unknown as Runtime;
    const reader = new PodReader(this.send, null);
    const scripted = script((millis) => clock.sleep(millis));
    const followed = await followPods(
      {
        subject: podSubject('default', 'web'),
        reader,
        around: new LookAround(reader, undefined, runtime),
        untilStuck: nanosFromMillis(60_000),
        timeout: nanosFromMillis(timeoutMillis),
        traced: this.#traced,
        request: () => undefined,
        beforeLast: async () => {},
        onPicture: async ({ verdict }, _now, trouble) =>
          void this.pictures.push(`${verdict?.state}${trouble === undefined ? '' : ' lost'}`),
      },
      runtime,
    );
    await scripted;
    return followed;
  }
}

suite('following a pod', () => {
  test('ends when the pod is Ready', async () => {
    const scene = new Scene();
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(7000);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
    assert.ok(scene.clock.millis < 9000, `${scene.clock.millis}`);
  });

  test('reports why it ended, whatever changes while waiting for spans', async () => {
    const scene = new Scene({ traced: true });
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.ready();
      await wait(2000);
      scene.waiting('InvalidImageName');
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
  });

  test('ends immediately when Kubernetes reports why the pod is stuck', async () => {
    const scene = new Scene();
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.waiting('InvalidImageName');
    });
    assert.equal(judged.verdict?.reason, 'InvalidImageName');
    assert.ok(scene.clock.millis < 5000, `${scene.clock.millis}`);
  });

  test('stays stuck when the container restarts during the final report', async () => {
    const scene = new Scene();
    const { send } = scene.api;
    let isStuck = false;
    Object.assign(scene.api, {
      send: (...args: Parameters<typeof send>) => {
        // The node is read for the last pictures, after the verdict.
        if (isStuck && args[0].path.includes('/nodes/')) scene.ready();
        return send(...args);
      },
    });
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.waiting('InvalidImageName');
      isStuck = true;
    });
    assert.equal(judged.verdict?.state, 'stuck');
  });

  test('ends after --until-stuck without any change', async () => {
    const scene = new Scene();
    const { judged } = await scene.follow(async () => {});
    assert.equal(judged.verdict?.state, 'stuck');
    assert.ok(scene.clock.millis >= 60_000 && scene.clock.millis < 63_000, `${scene.clock.millis}`);
  });

  test('ends even if expected spans never arrive while events continue', async () => {
    const scene = new Scene({ traced: true });
    scene.api.refuse(/^watch /);
    const { end } = await scene.follow(async () => {}, 20_000);
    assert.equal(end, 'timeout');
    assert.ok(scene.clock.millis < 30_000, `${scene.clock.millis}`);
  });

  test('ends at --timeout', async () => {
    const scene = new Scene();
    const { judged, end } = await scene.follow(async () => {}, 20_000);
    assert.equal(judged.verdict?.state, 'progressing');
    assert.equal(end, 'timeout');
    assert.ok(scene.clock.millis >= 20_000 && scene.clock.millis < 22_000, `${scene.clock.millis}`);
  });

  test('ends with the final state when the pod is deleted', async () => {
    const scene = new Scene();
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.remove(PODS, UID);
    });
    assert.equal(end, 'deleted');
    assert.equal(judged.lifecycles[0]?.name, 'web');
  });

  test('ends when interrupted', async () => {
    const scene = new Scene();
    const { end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.interrupt();
    });
    assert.equal(end, 'interrupted');
  });

  for (const how of ['event', 'status'] as const) {
    test(`continues after 410 Gone from ${how}, without duplicate lines`, async () => {
      const scene = new Scene();
      const { judged } = await scene.follow(async (wait) => {
        await wait(3000);
        scene.api.compact(how);
        await wait(3000);
        scene.api.put(EVENTS, scene.event('e0', 'Pulling', 2));
        await wait(3000);
        scene.ready();
      });
      assert.equal(judged.verdict?.state, 'ready');
      assert.deepEqual(namesOf(judged), ['Pulling ×2']);
      assert.equal(scene.api.asked.filter((asked) => asked === `list ${PODS}`).length, 2);
    });
  }

  test('resumes when a connection breaks in the middle of a line', async () => {
    const scene = new Scene();
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.breakWatches();
      scene.api.put(EVENTS, scene.event('e0', 'Pulling', 2));
      await wait(5000);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.deepEqual(namesOf(judged), ['Pulling ×2']);
    assert.equal(scene.api.asked.filter((asked) => asked === `list ${PODS}`).length, 1);
  });

  test('has the events of a cut connection, even if they cannot be watched again before the pod is Ready', async () => {
    const scene = new Scene();
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.refuse(/^watch \S+\/events/);
      scene.api.breakWatches();
      scene.api.put(EVENTS, scene.event('e0', 'Pulling', 2));
      await wait(500);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.deepEqual(namesOf(judged), ['Pulling ×2']);
    assert.ok(scene.clock.millis < 5000, `${scene.clock.millis}`);
  });

  test('waits at most 2 s for the events of a cut connection', async () => {
    const scene = new Scene();
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.refuse(/^(watch|list) \S+\/events/);
      scene.api.breakWatches();
      await wait(500);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.ok(scene.clock.millis < 6500, `${scene.clock.millis}`);
  });

  test('backs off while the server is unreachable, and continues when it is back', async () => {
    const scene = new Scene();
    const { judged } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.stop();
      await wait(40_000);
      scene.api.start();
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.ok(scene.pictures.includes('progressing lost'), scene.pictures.join());
    const asked = scene.api.asked.filter((one) => one.includes(PODS));
    assert.ok(asked.length < 16, `${asked.length} requests: ${asked.join('\n')}`);
  });

  test('ends at --timeout even if the server holds connections open without responding', async () => {
    const scene = new Scene();
    scene.api.hang();
    const { end } = await scene.follow(async () => {}, 30_000);
    assert.equal(end, 'timeout');
    assert.ok(scene.clock.millis < 60_000, `${scene.clock.millis}`);
  });

  test('continues drawing while the server does not respond', async () => {
    const scene = new Scene();
    const { end } = await scene.follow(async (wait) => {
      await wait(5000);
      scene.api.hang();
    }, 30_000);
    assert.equal(end, 'timeout');
    assert.ok(scene.pictures.length > 12, `${scene.pictures.length}`);
  });

  test('gets the pod by name if list is forbidden, and has no events if they are forbidden', async () => {
    const scene = new Scene();
    scene.api.refuse(/^(list|watch) \S+\/(pods|events)( |$)/);
    const { judged } = await scene.follow(async (wait) => {
      await wait(5000);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.deepEqual(namesOf(judged), []);
  });

  test('continues after a starting API server has rejected everything briefly', async () => {
    const scene = new Scene();
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.refuse(/./);
      scene.api.compact('status');
      await wait(5000);
      scene.api.refuse(/^nothing$/);
      await wait(2000);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
    assert.ok(scene.pictures.includes('progressing lost'), scene.pictures.join(', '));
  });

  test('does not treat 403 as deletion of a pod that may only be read by name', async () => {
    const scene = new Scene();
    scene.api.refuse(/^(list|watch) \S+\/(pods|events)( |$)/);
    const { judged, end } = await scene.follow(async (wait) => {
      await wait(3000);
      scene.api.refuse(/./);
      await wait(5000);
      scene.api.refuse(/^(list|watch) \S+\/(pods|events)( |$)/);
      await wait(2000);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    assert.equal(end, undefined);
  });

  test('polls with list if watch is forbidden', async () => {
    const scene = new Scene();
    scene.api.refuse(/^watch /);
    const { judged } = await scene.follow(async (wait) => {
      await wait(9000);
      scene.ready();
    });
    assert.equal(judged.verdict?.state, 'ready');
    const lists = scene.api.asked.filter((asked) => asked === `list ${PODS}`).length;
    assert.ok(lists >= 4 && lists <= 8, `${lists}`);
  });
});

/** The rows of events. */
const namesOf = ({ lifecycles: [worst] }: Followed['judged']): string[] =>
  worst?.trace.spans.flatMap(
    ({ span }) => /^kubelet {2}(\w+(?: ×\d+)?), container c \(event\)$/.exec(span.name)?.[1] ?? [],
  ) ?? [];

const HOUR = 3_600_000;

/** Everything but --timeout is by the server's clock. */
for (const aheadMillis of [65_000, 6 * HOUR, -65_000, -6 * HOUR]) {
  suite(`following a pod with this machine's clock ${aheadMillis / 1000} s ahead`, () => {
    test('ends when the pod is Ready, without being stuck on the way', async () => {
      const scene = new Scene({ aheadMillis });
      const { judged } = await scene.follow(async (wait) => {
        await wait(20_000);
        scene.ready();
      });
      assert.equal(judged.verdict?.state, 'ready');
      assert.ok(!scene.pictures.includes('stuck'), scene.pictures.join());
      assert.ok(scene.clock.millis < 23_000, `${scene.clock.millis}`);
    });

    test('ends after --until-stuck without any change', async () => {
      const scene = new Scene({ aheadMillis });
      const { judged } = await scene.follow(async () => {});
      assert.equal(judged.verdict?.state, 'stuck');
      // A Date is the beginning of its second.
      assert.ok(scene.clock.millis >= 59_000 && scene.clock.millis < 63_000, `${scene.clock.millis}`);
    });

    test('ends at --timeout by local elapsed time', async () => {
      const scene = new Scene({ aheadMillis });
      const { end } = await scene.follow(async () => {}, 20_000);
      assert.equal(end, 'timeout');
      assert.ok(scene.clock.millis >= 20_000 && scene.clock.millis < 22_000, `${scene.clock.millis}`);
    });
  });
}
