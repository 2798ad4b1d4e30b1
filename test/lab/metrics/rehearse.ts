import { recordedOf, type Recorded } from './fixture.ts';
import { judge, NO_BOUND, type Judgement } from './judge.ts';
import { isAbove, type Compared } from './oracle.ts';
import { play, type Played } from './play.ts';
import { exactDifferences, rowsOfDocument, rowsOfMetrics } from './rows.ts';
import type { Scene } from './scene.ts';
import { stories, type Story } from './stories.ts';
import type { Outcome, Truth } from './truths.ts';

/** A server that has to wait for a CPU between two readings of its clock is given further tries. */
const MAX_TRIES = 5;

/** How a story went. */
export interface Rehearsed extends Judgement {
  readonly kubernetes: string;
  readonly story: string;
  readonly tries: number;
  readonly recorded: Recorded;
}

/** Plays every story on the cluster of one version. */
export async function rehearseStories(
  kubernetes: string,
  scene: Scene,
  say: (line: string) => void,
): Promise<readonly Rehearsed[]> {
  const rehearsed: Rehearsed[] = [];
  for (const story of stories) {
    const one = await rehearseStory(kubernetes, story, scene);
    say(`${kubernetes} ${story.name}: ${one.faults.length === 0 ? 'as expected' : one.faults.join('; ')}`);
    rehearsed.push(one);
  }
  return rehearsed;
}

async function rehearseStory(kubernetes: string, story: Story, scene: Scene): Promise<Rehearsed> {
  for (let tries = 1; ; tries++) {
    await story.prepare?.(scene.call);
    const played = await play(scene, story);
    const judged = judgePlayed(kubernetes, story, played);
    const recorded = recordedOf(kubernetes, story.name, played);
    if (tries === MAX_TRIES || !isLate(judged)) return { kubernetes, story: story.name, tries, ...judged, recorded };
  }
}

/** The result for a cause of slowness that was made on purpose. */
export interface Proven extends Outcome {
  readonly kubernetes: string;
  readonly truth: string;
  readonly tries: number;
}

export async function prove(truth: Truth, scene: Scene, say: (line: string) => void): Promise<Proven> {
  for (let tries = 1; ; tries++) {
    const outcome = await truth.run(scene);
    if (tries < MAX_TRIES && outcome.faults.length > 0 && (outcome.isBusy || isLate(outcome))) continue;
    const { kubernetes } = scene;
    say(`${kubernetes} ${truth.name}: ${outcome.faults.length === 0 ? 'as expected' : outcome.faults.join('; ')}`);
    return { kubernetes, truth: truth.name, tries, ...outcome };
  }
}

/** Only times are wrong. What is wrong otherwise is so at the first try. */
const isLate = ({ compared, faults }: Judgement): boolean => {
  const above = compared.filter(isAbove);
  const others = faults.length - above.length;
  if (!above.every(({ nanos }) => Number.isFinite(nanos))) return false;
  return faults.length > 0 && (others === 0 || (others === 1 && faults.includes(NO_BOUND)));
};

function judgePlayed(kubernetes: string, story: Story, { document, exitCode, audit, metrics }: Played): Judgement {
  const sent = document.requests.at(-1)!;
  const rows = rowsOfDocument(document, sent);
  const judged = judge({ kubernetes, story, exitCode, sent, rows, audit });
  // Another client, on another connection, finds the same in the metrics: that is what is recorded.
  const again = rowsOfMetrics(metrics, { traceID: document.command.traceID, requests: document.requests });
  const lost = [...exactDifferences(rows, again), ...exactDifferences(again, rows)];
  return { ...judged, faults: [...judged.faults, ...lost.map((row) => `not in both readings: ${row}`)] };
}

/** The largest difference of each kind, for the last line of the table. */
export function largest(compared: readonly Compared[]): readonly Compared[] {
  const found = new Map<string, Compared>();
  for (const one of compared) if (one.nanos >= (found.get(one.what)?.nanos ?? 0)) found.set(one.what, one);
  return [...found.values()];
}
