import { podVerdict } from '../../../pod/lifecycle.ts';
import type { NodeObject } from '../../../pod/node.ts';
import type { PodObject } from '../../../pod/objects.ts';
import { failedPod, PodReplacements, type FailedPod } from '../../../pod/replaced.ts';
import type { State, Verdict } from '../../../pod/verdict.ts';
import { nothingAround } from '../gather.ts';
import { snapshotOf, type Measure } from '../reading.ts';

/** A pod that is looked at further, with its verdict so far. */
export interface TalliedPod {
  readonly pod: PodObject;
  readonly verdict: Verdict;
}

export type StateCounts = Record<State, number>;

export interface Tallied {
  readonly total: number;
  /** Those that are looked at further. */
  readonly pods: readonly TalliedPod[];
  /** All others, but for the replaced ones. */
  readonly others: Readonly<StateCounts>;
  readonly replaced: number;
}

/** Pods of each of the two groups, failed and not, that are looked at further. */
const MAX_PODS = 1000;

/** Counts pods page by page. Well pods are dropped at once, so that its size does not grow with their number. */
export class PodTally {
  readonly #keepsAll: boolean;
  readonly #replacements = new PodReplacements();
  readonly #others = noPods();
  #total = 0;
  #pods: TalliedPod[] = [];
  /** Failed ones beyond those that are looked at: whether they were replaced is known in the end. */
  #older: FailedPod[] = [];

  /** `keepsAll`: the pods were named, and each is shown. */
  constructor(keepsAll: boolean) {
    this.#keepsAll = keepsAll;
  }

  add(pod: PodObject, node: NodeObject | undefined, measure: Measure): void {
    const nodes = new Map(node === undefined ? [] : [[node.name, node]]);
    const verdict = podVerdict(snapshotOf(pod, [], { ...NOTHING, nodes }, measure));
    this.#total++;
    this.#replacements.add(pod);
    if (isWell(verdict) && !this.#keepsAll) this.#others[verdict.state]++;
    else this.#pods.push({ pod, verdict });
    if (this.#pods.length >= 4 * MAX_PODS) this.#cut();
  }

  /** Once, after the last pod. */
  end(): Tallied {
    const isReplaced = (failed: FailedPod): boolean => !this.#keepsAll && this.#replacements.isReplaced(failed);
    const pods = this.#pods.filter(
      ({ pod, verdict }) => !isFailed({ verdict }) || !isReplaced(failedPod(pod, verdict)),
    );
    const older = this.#older.filter((failed) => !isReplaced(failed));
    const replaced = this.#pods.length - pods.length + this.#older.length - older.length;
    this.#pods = pods;
    this.#older = older;
    if (!this.#keepsAll) this.#cut();
    return {
      total: this.#total,
      pods: this.#pods,
      others: { ...this.#others, failed: this.#older.length },
      replaced,
    };
  }

  /** The newest failed pods stay, which may not have been replaced, and of the others the worst and oldest. */
  #cut(): void {
    const failed = this.#pods.filter(isFailed);
    const others = this.#pods.filter((pod) => !isFailed(pod));
    failed.sort((one, other) => Number(other.pod.createdAt.at - one.pod.createdAt.at));
    others.sort(fromWorst);
    for (const { pod, verdict } of failed.slice(MAX_PODS)) this.#older.push(failedPod(pod, verdict));
    for (const { verdict } of others.slice(MAX_PODS)) this.#others[verdict.state]++;
    this.#pods = [...failed.slice(0, MAX_PODS), ...others.slice(0, MAX_PODS)];
  }
}

const NOTHING = nothingAround();

export const noPods = (): StateCounts => ({ succeeded: 0, ready: 0, progressing: 0, stuck: 0, failed: 0 });

export const isWell = ({ state }: Pick<Verdict, 'state'>): boolean => state === 'ready' || state === 'succeeded';

const isFailed = ({ verdict }: Pick<TalliedPod, 'verdict'>): boolean => verdict.state === 'failed';

/** A stuck pod comes before a failed one: it can be helped, while the other has ended, perhaps days ago. */
const ORDER: readonly State[] = ['stuck', 'failed', 'progressing', 'ready', 'succeeded'];

export const byUrgency = (one: State, other: State): number => ORDER.indexOf(one) - ORDER.indexOf(other);

const fromWorst = (one: TalliedPod, other: TalliedPod): number =>
  byUrgency(one.verdict.state, other.verdict.state) || Number(one.pod.createdAt.at - other.pod.createdAt.at);
