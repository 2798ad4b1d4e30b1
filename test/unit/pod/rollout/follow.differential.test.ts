import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { run } from '../../../../src/run.ts';
import { sharedCluster } from '../../../lab/cluster/shared.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { cleanHome } from '../../../support/kubectl-trace.ts';

/** A real API server without controllers, with kubectl rollout status and this program following the same object. */
const cluster = sharedCluster();

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const SETS = '/apis/apps/v1/namespaces/default/replicasets';
const PODS = '/api/v1/namespaces/default/pods';
const MERGE = { 'content-type': 'application/merge-patch+json' };

interface APIObject {
  readonly metadata: { readonly uid: string; readonly name: string };
}

async function call(method: string, path: string, body: object): Promise<APIObject> {
  const answer = await cluster().call(method, path, { body, ...(method === 'PATCH' && { headers: MERGE }) });
  assert.ok(answer.status === 200 || answer.status === 201, answer.body);
  return JSON.parse(answer.body) as APIObject;
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
const template = (name: string, image: string): object => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: 'app', image: `registry.test/${image}` }] },
});

/** A Deployment whose controllers are the test. */
class Rollout {
  readonly name: string;
  #uid = '';

  constructor(name: string) {
    this.name = name;
  }

  async create(image: string, replicas = 1, spec: object = {}): Promise<void> {
    const created = await call('POST', DEPLOYMENTS, {
      metadata: { name: this.name },
      spec: { replicas, selector: { matchLabels: { app: this.name } }, template: template(this.name, image), ...spec },
    });
    this.#uid = created.metadata.uid;
  }

  change(spec: object): Promise<unknown> {
    return call('PATCH', `${DEPLOYMENTS}/${this.name}`, { spec });
  }

  setImage(image: string): Promise<unknown> {
    return this.change({ template: template(this.name, image) });
  }

  status(status: object): Promise<unknown> {
    return call('PATCH', `${DEPLOYMENTS}/${this.name}/status`, { status });
  }

  async replicaSet(suffix: string, image: string): Promise<APIObject> {
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: this.name, uid: this.#uid, controller: true };
    return call('POST', SETS, {
      metadata: { name: `${this.name}-${suffix}`, labels: { app: this.name }, ownerReferences: [owner] },
      spec: { replicas: 1, selector: { matchLabels: { app: this.name } }, template: template(this.name, image) },
    });
  }

  /** A pod of a ReplicaSet, with what a kubelet would report. */
  async pod({ metadata: { name, uid } }: APIObject, status: object): Promise<void> {
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true };
    const created = await call('POST', PODS, {
      metadata: { generateName: `${name}-`, labels: { app: this.name }, ownerReferences: [owner] },
      spec: { nodeName: 'demo-node', containers: [{ name: 'app', image: 'registry.test/web:1' }] },
    });
    await call('PATCH', `${PODS}/${created.metadata.name}/status`, { status: { startTime: now(), ...status } });
  }

  event(about: APIObject, message: string): Promise<unknown> {
    return call('POST', '/api/v1/namespaces/default/events', {
      metadata: { generateName: 'refused-' },
      involvedObject: { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'default', ...about.metadata },
      reason: 'FailedCreate',
      message,
      type: 'Warning',
      firstTimestamp: now(),
      lastTimestamp: now(),
      count: 1,
    });
  }
}

const cannotPull = {
  phase: 'Pending',
  containerStatuses: [
    {
      name: 'app',
      image: '',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ImagePullBackOff', message: 'registry.test/absent:1: not found' } },
    },
  ],
};
const starts = { phase: 'Pending' };
const counts = (generation: number, replicas: number, updated: number, available: number): object => ({
  observedGeneration: generation,
  replicas,
  updatedReplicas: updated,
  readyReplicas: available,
  availableReplicas: available,
});
const condition = (reason: string): object => ({
  conditions: [
    { type: 'Progressing', status: 'False', reason, message: reason, lastTransitionTime: now(), lastUpdateTime: now() },
  ],
});

/** kubectl rollout status, line by line. */
class Kubectl {
  #text = '';
  readonly #child;
  readonly #exit: Promise<unknown[]>;

  constructor(name: string) {
    const args = ['rollout', 'status', `deployment/${name}`, '--timeout=60s', '--kubeconfig', cluster().kubeconfig];
    this.#child = spawn(cluster().binaries.kubectl, args, { env: { HOME: cleanHome().path } });
    this.#exit = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => void (this.#text += text));
    }
  }

  /** Resolves when it has printed a line that it had not printed when the last one was waited for. */
  async says(words: RegExp): Promise<void> {
    while (!words.test(this.#text))
      await Promise.race([once(this.#child.stdout, 'data'), this.#exit.then(() => this.#fail(words))]);
    this.#text = '';
  }

  async exitCode(): Promise<number> {
    const [code] = await this.#exit;
    return Number(code);
  }

  #fail(words: RegExp): never {
    throw new Error(`kubectl ended before it said ${words}: ${this.#text}`);
  }
}

interface Ours {
  readonly exitCode: number;
  readonly verdict: { readonly state: string; readonly reason: string | null };
}

class Follow {
  ended = false;
  readonly outcome: Promise<Ours>;
  readonly #warning = Promise.withResolvers<string>();
  /** The first one on standard error. */
  readonly warning = this.#warning.promise;

  constructor(name: string) {
    this.outcome = this.#run(name);
  }

  async #run(name: string): Promise<Ours> {
    const home = cleanHome();
    let stdout = '';
    const out = { write: (text: string): void => void (stdout += text) };
    const err = { write: (text: string): void => void (text.startsWith('Warning: ') && this.#warning.resolve(text)) };
    const runtime = testRuntime({ out, err, env: { KUBECONFIG: cluster().kubeconfig }, home: home.path });
    const args = ['pod', `deployment/${name}`, '--follow', '--timeout', '60s', '-o', 'json'];
    const exitCode = await run(args, runtime, '0.1.0');
    this.ended = true;
    home.remove();
    return { ...(JSON.parse(stdout) as Omit<Ours, 'exitCode'>), exitCode };
  }
}

interface Story {
  readonly name: string;
  /** What has happened before anybody follows. */
  readonly before: (rollout: Rollout) => Promise<unknown>;
  /** Step by step, each with what kubectl then prints; nothing has ended before the last one. */
  readonly steps: readonly (readonly [step: (rollout: Rollout) => Promise<unknown>, says: RegExp])[];
  readonly last: (rollout: Rollout) => Promise<unknown>;
  readonly exitCode: 0 | 1;
  readonly verdict: Ours['verdict'];
}

const ready = { state: 'ready', reason: null };

const STORIES: readonly Story[] = [
  {
    name: 'good',
    before: (rollout) => rollout.create('web:1', 2),
    steps: [
      [(rollout) => rollout.status(counts(1, 1, 1, 0)), /1 out of 2 new/],
      [(rollout) => rollout.status(counts(1, 2, 2, 0)), /0 of 2 updated/],
      [(rollout) => rollout.status(counts(1, 2, 2, 1)), /1 of 2 updated/],
    ],
    last: (rollout) => rollout.status(counts(1, 2, 2, 2)),
    exitCode: 0,
    verdict: ready,
  },
  {
    name: 'fixed-while-stuck',
    before: async (rollout) => {
      await rollout.create('absent:1');
      await rollout.pod(await rollout.replicaSet('a', 'absent:1'), cannotPull);
      await rollout.status(counts(1, 1, 1, 0));
      await rollout.setImage('web:2');
    },
    steps: [
      [(rollout) => rollout.status(counts(2, 1, 0, 0)), /0 out of 1 new/],
      [
        async (rollout) => {
          await rollout.pod(await rollout.replicaSet('b', 'web:2'), starts);
          await rollout.status(counts(2, 2, 1, 0));
        },
        /1 old replicas are pending/,
      ],
      [(rollout) => rollout.status(counts(2, 1, 1, 0)), /0 of 1 updated/],
    ],
    last: (rollout) => rollout.status(counts(2, 1, 1, 1)),
    exitCode: 0,
    verdict: ready,
  },
  {
    name: 'rolled-back',
    before: async (rollout) => {
      await rollout.create('web:1');
      await rollout.replicaSet('a', 'web:1');
      await rollout.setImage('absent:1');
      await rollout.pod(await rollout.replicaSet('b', 'absent:1'), cannotPull);
      await rollout.setImage('web:1');
      await rollout.status(counts(2, 2, 1, 1));
    },
    steps: [[(rollout) => rollout.status(counts(3, 2, 1, 1)), /1 old replicas are pending/]],
    last: (rollout) => rollout.status(counts(3, 1, 1, 1)),
    exitCode: 0,
    verdict: ready,
  },
  {
    name: 'paused-and-resumed',
    before: async (rollout) => {
      await rollout.create('web:1', 1, { paused: true });
      await rollout.status(counts(1, 0, 0, 0));
    },
    steps: [[(rollout) => rollout.change({ paused: false }), /spec update to be observed/]],
    last: (rollout) => rollout.status(counts(2, 1, 1, 1)),
    exitCode: 0,
    verdict: ready,
  },
  {
    name: 'scaled-to-0',
    before: async (rollout) => {
      await rollout.create('web:1', 2);
      await rollout.status(counts(1, 2, 2, 1));
    },
    steps: [[(rollout) => rollout.change({ replicas: 0 }), /spec update to be observed/]],
    last: (rollout) => rollout.status(counts(2, 0, 0, 0)),
    exitCode: 0,
    verdict: { state: 'succeeded', reason: null },
  },
  {
    name: 'past-its-deadline',
    before: (rollout) => rollout.create('web:1'),
    steps: [[(rollout) => rollout.status(counts(1, 1, 1, 0)), /0 of 1 updated/]],
    last: (rollout) => rollout.status({ ...counts(1, 1, 1, 0), ...condition('ProgressDeadlineExceeded') }),
    exitCode: 1,
    verdict: { state: 'stuck', reason: 'ProgressDeadlineExceeded' },
  },
];

suite('following a rollout ends like kubectl rollout status, and not earlier', () => {
  for (const { name, before, steps, last, exitCode, verdict } of STORIES) {
    test(name, async () => {
      const rollout = new Rollout(name);
      await before(rollout);
      const follow = new Follow(name);
      const kubectl = new Kubectl(name);
      await kubectl.says(/Waiting for/);
      for (const [step, says] of steps) {
        await step(rollout);
        await kubectl.says(says);
      }
      assert.equal(follow.ended, false);
      await last(rollout);
      assert.equal(await kubectl.exitCode(), exitCode);
      const outcome = await follow.outcome;
      assert.deepEqual({ state: outcome.verdict.state, reason: outcome.verdict.reason }, verdict);
      assert.equal(outcome.exitCode, exitCode === 0 ? 0 : 6);
    });
  }

  test('a quota that refuses a replica is named immediately, and following goes on', async () => {
    const rollout = new Rollout('refused');
    await rollout.create('web:1', 2);
    const set = await rollout.replicaSet('a', 'web:1');
    await rollout.status(counts(1, 1, 1, 1));
    const follow = new Follow('refused');
    const kubectl = new Kubectl('refused');
    await kubectl.says(/1 out of 2 new/);
    await rollout.event(
      set,
      'Error creating: pods "refused-a-x" is forbidden: exceeded quota: small, used: pods=1, limited: pods=1',
    );
    assert.match(await follow.warning, /^Warning: deployment\/refused has been stuck .*QuotaExceeded/);
    assert.equal(follow.ended, false);
    await rollout.status(counts(1, 2, 2, 2));
    assert.equal(await kubectl.exitCode(), 0);
    const { exitCode, verdict } = await follow.outcome;
    assert.deepEqual({ exitCode, state: verdict.state }, { exitCode: 0, state: 'ready' });
  });
});
