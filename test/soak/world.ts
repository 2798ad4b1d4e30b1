import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../fuzz/engine/random.ts';
import type { RunningServe } from '../support/serve.ts';
import type { Ledger } from './ledger.ts';
import type { Measures } from './measures.ts';

/** The state that all parties of a soak share. */
export interface World {
  /** Undefined while none runs. */
  serve: RunningServe | undefined;
  readonly ledger: Ledger;
  readonly measures: Measures;
  /** Aborts at the end. */
  readonly over: AbortSignal;
}

/** A party: it goes on until the world is over. */
export type Party = (world: World, random: Random) => Promise<void>;

/** Waits, unless the world is over. */
export async function pause({ over }: World, millis: number): Promise<void> {
  await sleep(millis, undefined, { signal: over }).catch(() => undefined);
}

/** Does one thing after the other, with a pause in between; what fails is not repeated. */
export async function repeatedly(
  world: World,
  pauseMillis: number,
  work: (serve: RunningServe) => Promise<void>,
): Promise<void> {
  while (!world.over.aborted) {
    if (world.serve !== undefined) await work(world.serve).catch(() => undefined);
    await pause(world, pauseMillis);
  }
}
