import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { startNode } from '../cluster/node/node.ts';
import { cleanHome } from '../../support/kubectl-trace.ts';
import type { Comparison } from './comparison.ts';
import { followRollout } from './follow.ts';
import type { Rollout } from './rollout.ts';

const atOnce = 4;
const file = new URL('../../fixtures/rollouts/results.json', import.meta.url);

const say = (line: string): void => void process.stderr.write(`${line}\n`);

export interface Rehearsed {
  readonly comparisons: readonly Comparison[];
  readonly failures: readonly string[];
}

/** Follows rollouts on one node, some at a time. */
export async function rehearse(rollouts: readonly Rollout[], signal: AbortSignal): Promise<Rehearsed> {
  const node = await startNode({ signal });
  const home = cleanHome();
  const left = [...rollouts];
  const comparisons = new Map<string, Comparison>();
  const failures: string[] = [];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
      try {
        comparisons.set(next.name, await followRollout(node.cluster, next, home.path));
        say(`followed ${next.name}`);
      } catch (error) {
        failures.push(`${next.name}: ${error instanceof Error ? error.message : String(error)}`);
        say(`error: ${failures.at(-1)}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { comparisons: rollouts.flatMap(({ name }) => comparisons.get(name) ?? []), failures };
  } finally {
    home.remove();
    if (failures.length > 0) say(`the node's logs: ${await node.cluster.saveLogs()}`);
    await node.stop();
  }
}

export const readResults = (): Comparison[] => JSON.parse(readFileSync(file, 'utf8')) as Comparison[];

export function writeResults(comparisons: readonly Comparison[]): void {
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(comparisons, null, 2)}\n`);
}
