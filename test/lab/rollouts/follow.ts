import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { Actor } from '../healthy/actor.ts';
import { openNamespace } from '../healthy/namespace.ts';
import type { APIObject } from '../healthy/objects.ts';
import { rolloutStatus } from '../healthy/rollout-status.ts';
import { View } from '../healthy/view.ts';
import type { Step } from '../healthy/workload.ts';
import { kubectlTrace } from '../../support/kubectl-trace.ts';
import type { Comparison, Ended } from './comparison.ts';
import type { Rollout } from './rollout.ts';

const pauseMillis = 250;
/** How long a step may take to come true on a busy machine. */
const patienceMillis = 180_000;

/** Plays a rollout, and follows it with `kubectl rollout status` and with the built program. */
export async function followRollout(cluster: TestCluster, rollout: Rollout, home: string): Promise<Comparison> {
  const { name, ends, timeoutSeconds } = rollout;
  await openNamespace(cluster, name);
  const scene = new Scene(cluster, rollout);
  try {
    for (const each of [...(rollout.before ?? []), rollout.subject]) await scene.actor.create(each);
    await scene.play(rollout.earlier ?? []);
    const startedAt = Date.now();
    const since = (at: number): number => Math.round((at - startedAt) / 100) / 10;
    const over = new AbortController();
    const following = Promise.all([
      byKubectl(cluster, rollout, home, since),
      byProgram(cluster, rollout, home, since),
    ]).finally(() => over.abort());
    const [[kubectl, program]] = await Promise.all([following, scene.play(rollout.meanwhile ?? [], over.signal)]);
    const waitingUntil = scene.waitingAt === undefined || scene.waitingAt < startedAt ? null : since(scene.waitingAt);
    return { rollout: name, ends, timeoutSeconds, kubectl, program, waitingUntil };
  } finally {
    await cluster.call('DELETE', `/api/v1/namespaces/${name}`);
  }
}

/** Looks at a rollout again and again, and does what is to be done with it. */
class Scene {
  readonly actor: Actor;
  /** When the object was last requested whose status had the rollout under way. */
  waitingAt: number | undefined;
  readonly #cluster: TestCluster;
  readonly #rollout: Rollout;
  readonly #kind: string;
  readonly #name: string;

  constructor(cluster: TestCluster, rollout: Rollout) {
    this.#cluster = cluster;
    this.#rollout = rollout;
    const { kind, metadata } = rollout.subject.object as APIObject;
    this.#kind = kind;
    this.#name = metadata.name;
    this.actor = new Actor(cluster, rollout.name, `${rollout.subject.path}/${metadata.name}`);
  }

  /** Resolves when all steps are done; with a signal, when that is aborted. */
  async play(steps: readonly Step[], over?: AbortSignal): Promise<void> {
    const left = [...steps];
    let trueSince: number | undefined;
    let changedAt = Date.now();
    while (over === undefined ? left.length > 0 : !over.aborted) {
      const at = Date.now();
      const view = await this.#look(at);
      const step = left[0];
      trueSince = step?.when(view) === true ? (trueSince ?? at) : undefined;
      if (step !== undefined && trueSince !== undefined && at - trueSince >= (step.lasting ?? 0) * 1000) {
        await step.act(this.actor, view);
        left.shift();
        trueSince = undefined;
        changedAt = at;
      } else await sleep(pauseMillis);
      if (over === undefined && at - changedAt > patienceMillis)
        throw new Error(`${this.#rollout.name} does not get on`);
    }
  }

  async #look(at: number): Promise<View> {
    const pods = await this.#get<{ items: APIObject[] }>(this.actor.pods);
    const subject = await this.#get<APIObject>(this.actor.subject);
    if (rolloutStatus(subject) === 'waiting') this.waitingAt = at;
    const objects = [subject, ...pods.items.map((pod) => ({ ...pod, kind: 'Pod' }))];
    return new View({ at, date: '', objects }, this.#kind, this.#name);
  }

  async #get<Body>(path: string): Promise<Body> {
    const { status, body } = await this.#cluster.call('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`);
    return JSON.parse(body) as Body;
  }
}

function targetOf({ subject }: Rollout): string {
  const { kind, metadata } = subject.object as APIObject;
  return `${kind.toLowerCase()}/${metadata.name}`;
}

function byKubectl(
  cluster: TestCluster,
  rollout: Rollout,
  home: string,
  since: (at: number) => number,
): Promise<Ended> {
  const args = ['rollout', 'status', targetOf(rollout), '-n', rollout.name, `--timeout=${rollout.timeoutSeconds}s`];
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: cluster.kubeconfig };
  return new Promise((resolve) => {
    const child = execFile(cluster.binaries.kubectl, args, { env }, (_, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trim().split('\n').at(-1) ?? '';
      resolve({ exitCode: child.exitCode, seconds: since(Date.now()), said });
    });
  });
}

/** Without a trace backend: nothing is waited for at the end but the rollout. */
async function byProgram(
  cluster: TestCluster,
  rollout: Rollout,
  home: string,
  since: (at: number) => number,
): Promise<Ended> {
  const timeout = `${rollout.timeoutSeconds}s`;
  const args = ['pod', targetOf(rollout), '-n', rollout.name, '--follow', '--timeout', timeout, '-o', 'json'];
  const { code, stdout, stderr } = await kubectlTrace(home, args, { env: { KUBECONFIG: cluster.kubeconfig } });
  const seconds = since(Date.now());
  const said = stdout === '' ? (stderr.trim().split('\n')[0] ?? '') : verdictIn(stdout);
  return { exitCode: code, seconds, said };
}

function verdictIn(stdout: string): string {
  const { verdict } = JSON.parse(stdout) as { verdict: { state: string; reason: string | null } | null };
  if (verdict === null) return 'no verdict';
  return verdict.reason === null ? verdict.state : `${verdict.state}, ${verdict.reason}`;
}
