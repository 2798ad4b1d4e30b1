import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { withLock } from '../../../../../src/commands/setup/kubeadm/lock.ts';
import type { NodeFiles } from '../../../../../src/commands/setup/kubeadm/node-files.ts';
import { processes, type Processes } from '../../../../../src/commands/setup/kubeadm/processes.ts';
import { UsageError } from '../../../../../src/errors.ts';

const LOCK = '/etc/kubernetes/kubectl-trace/lock';
const at = '2026-11-30T11:20:00.000Z';

/** A folder with links, each of whose steps waits until `step` lets it go on. */
class Links {
  readonly links: Map<string, string>;
  readonly #step: (what: string) => Promise<void>;

  constructor(step: (what: string) => Promise<void>, links = new Map<string, string>()) {
    this.#step = step;
    this.links = links;
  }

  readonly files: NodeFiles = {
    makeFolder: () => this.#step('makeFolder'),
    makeLink: async (text, path) => {
      await this.#step('makeLink');
      if (this.links.has(path)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
      this.links.set(path, text);
    },
    readLink: async (path) => {
      await this.#step('readLink');
      return this.links.get(path);
    },
    rename: async (from, to) => {
      await this.#step('rename');
      this.links.set(to, this.links.get(from)!);
      this.links.delete(from);
    },
    remove: async (path) => {
      await this.#step('remove');
      this.links.delete(path);
    },
    read: () => Promise.reject(new Error('it reads no file')),
    write: () => Promise.reject(new Error('it writes no file')),
  };
}

/** Processes that run until they are in `ended`. */
const simulated = (ended: ReadonlySet<number>): Processes => ({
  identityOf: (pid) => ({ pid, started: 's', boot: 'b', namespace: 'n' }),
  stateOf: ({ pid }) => (ended.has(pid) ? 'ended' : 'runs'),
});

test('never two at once, in any order of their steps, also after a killed one and while some are killed', async () => {
  const scenes = fc.record({
    kills: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 2 }),
    hasDead: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), scenes, async (scheduler, { kills, hasDead }) => {
      const ended = new Set([99]);
      const world = simulated(ended);
      let [inside, most, done] = [0, 0, 0];
      const links = new Map<string, string>();
      if (hasDead) links.set(LOCK, JSON.stringify({ ...world.identityOf(99), at }));
      const run = async (pid: number): Promise<void> => {
        let left = kills[pid] ?? Infinity;
        const scene = new Links(async (what) => {
          if ((left -= 1) < 0) {
            ended.add(pid);
            await new Promise<never>(() => {});
          }
          await scheduler.schedule(Promise.resolve(), `${pid} ${what}`);
        }, links);
        await withLock(scene.files, { processes: world, pid, at }, async () => {
          most = Math.max(most, (inside += 1));
          await scheduler.schedule(Promise.resolve(), `${pid} works`);
          done += 1;
          inside -= 1;
        }).catch((error: unknown) => assert.ok(error instanceof UsageError, String(error)));
      };
      const all = [0, 1, 2, 3].map(run);
      await scheduler.waitIdle();
      void all;
      assert.ok(most <= 1);
      assert.ok(done >= 1 || kills.length > 0);
    }),
    { numRuns: 300 },
  );
});

const open = (): { scene: Links; take: (world: Processes) => Promise<string> } => {
  const scene = new Links(() => Promise.resolve());
  const take = (world: Processes): Promise<string> =>
    withLock(scene.files, { processes: world, pid: 1, at }, () => Promise.resolve('done')).catch(
      ({ message, hint }: UsageError) => `${message}; ${hint}`,
    );
  return { scene, take };
};

test('a process that cannot be seen from here is taken for a running one', async () => {
  const { scene, take } = open();
  scene.links.set(LOCK, JSON.stringify({ pid: 7, started: '', boot: 'b', namespace: 'other', at }));
  const world: Processes = { ...simulated(new Set()), stateOf: () => 'unknown' };
  assert.equal(
    await take(world),
    `another setup kubeadm may still change this node: process 7, since ${at}; nothing was changed; if it no longer runs, remove ${LOCK}`,
  );
});

test('a lock of another program is left alone', async () => {
  for (const text of ['', 'nonsense', '{"pid":"7"}']) {
    const { scene, take } = open();
    scene.links.set(LOCK, text);
    assert.match(await take(simulated(new Set())), /is not a lock of this version; nothing was changed/);
    assert.equal(scene.links.get(LOCK), text);
  }
});

test('real processes: one runs, one has ended, and another with its number is not taken for it', async (t) => {
  if (process.platform !== 'linux') return t.skip('Linux shows them');
  const child = spawn('sleep', ['60']);
  const identity = processes.identityOf(child.pid!);
  assert.equal(processes.stateOf(identity), 'runs');
  assert.equal(processes.stateOf({ ...identity, started: '1' }), 'ended');
  assert.equal(processes.stateOf({ ...identity, boot: 'an earlier one' }), 'ended');
  assert.equal(processes.stateOf({ ...identity, namespace: 'pid:[1]' }), 'unknown');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(processes.stateOf(identity), 'ended');
});
