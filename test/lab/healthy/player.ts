import type { TestCluster } from '../cluster/cluster.ts';
import { defaultKubernetes } from '../cluster/versions.ts';
import { Actor } from './actor.ts';
import { ofNamespace, type Tick } from './recorder.ts';
import type { Recording } from './recording.ts';
import { View } from './view.ts';
import { subjectOf, targetOf, type Workload } from './workload.ts';

/** How long one step may take to come true on a busy machine. */
const patienceMillis = 240_000;
/** How long a settled workload is watched before it is deleted. */
const settledMillis = 9_000;
/** Ticks after the subject is gone, so that its absence is recorded too. */
const afterwards = 2;

/** Plays one workload: looks at each tick, does what the scenario wants next, and keeps the ticks. */
export class Player {
  readonly workload: Workload;
  readonly #actor: Actor;
  readonly #ticks: Tick[] = [];
  #step = 0;
  #trueSince: number | undefined;
  #changedAt = Date.now();
  #settled: number | undefined;
  #lastSettled: number | undefined;
  #afterwards = 0;

  constructor(cluster: TestCluster, workload: Workload) {
    this.workload = workload;
    const { metadata } = subjectOf(workload);
    this.#actor = new Actor(cluster, workload.name, `${workload.subject.path}/${metadata.name}`);
  }

  /** Creates the workload. Its namespace exists. */
  async begin(): Promise<void> {
    for (const each of this.workload.before ?? []) await this.#actor.create(each);
    await this.#actor.create(this.workload.subject);
    this.#changedAt = Date.now();
  }

  /** Everything is where it is to be, and the subject has not been deleted yet. */
  get isSettled(): boolean {
    return this.#settled !== undefined && this.#lastSettled === undefined;
  }

  /** The subject is gone. */
  get isGone(): boolean {
    return this.#afterwards > 0;
  }

  get isDone(): boolean {
    return this.#afterwards > afterwards;
  }

  get recording(): Recording {
    const { name, says, ends } = this.workload;
    if (this.#settled === undefined || this.#lastSettled === undefined) throw new Error(`${name} has not ended yet`);
    const header = {
      workload: name,
      says,
      kubernetes: defaultKubernetes,
      target: targetOf(this.workload),
      ends,
      settled: this.#settled,
      lastSettled: this.#lastSettled,
    };
    return { header, ticks: this.#ticks };
  }

  /** `mayEnd` is false as long as another observer wants to see the settled workload. */
  async look(whole: Tick, mayEnd: boolean): Promise<void> {
    const tick = ofNamespace(whole, this.workload.name);
    const { kind, metadata } = subjectOf(this.workload);
    const view = new View(tick, kind, metadata.name);
    this.#ticks.push(tick);
    if (this.#lastSettled !== undefined) this.#awaitEnd(view);
    else if (this.#settled !== undefined) await this.#whileSettled(view, tick, mayEnd);
    else await this.#proceed(view, tick);
    if (!this.isDone && tick.at - this.#changedAt > patienceMillis) {
      throw new Error(`${this.workload.name} does not get on after step ${this.#step}: ${summary(view)}`);
    }
  }

  async #proceed(view: View, { at }: Tick): Promise<void> {
    const step = this.workload.steps?.[this.#step];
    const isTrue = step === undefined ? this.workload.settled(view) : step.when(view);
    this.#trueSince = isTrue ? (this.#trueSince ?? at) : undefined;
    if (this.#trueSince === undefined || at - this.#trueSince < (step?.lasting ?? 0) * 1000) return;
    this.#changedAt = at;
    this.#trueSince = undefined;
    if (step === undefined) this.#settled = this.#ticks.length - 1;
    else {
      await step.act(this.#actor, view);
      this.#step += 1;
    }
  }

  async #whileSettled(view: View, { at }: Tick, mayEnd: boolean): Promise<void> {
    const { deletion = 'Background' } = this.workload;
    if (deletion === 'own') {
      if (view.subject !== undefined) return;
      this.#lastSettled = this.#ticks.length - 2;
      this.#awaitEnd(view);
      return;
    }
    if (at - this.#changedAt < settledMillis || !mayEnd) return;
    this.#lastSettled = this.#ticks.length - 1;
    this.#changedAt = at;
    await this.#actor.delete(this.#actor.subject, deletion);
  }

  #awaitEnd(view: View): void {
    // Pods that were there before stay.
    const others = (this.workload.before ?? []).map(
      ({ object }) => (object as { metadata: { name: string } }).metadata.name,
    );
    const left = view.pods.filter(({ metadata }) => !others.includes(metadata.name));
    if (view.subject === undefined && left.length === 0) this.#afterwards += 1;
  }
}

const summary = ({ subject, pods }: View): string =>
  JSON.stringify({
    subject: subject?.status,
    pods: pods.map(({ metadata, status }) => [metadata.name, status?.['phase']]),
  });
