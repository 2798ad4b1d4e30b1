import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Observed } from './program.ts';

const file = new URL('../../fixtures/healthy/program.json', import.meta.url);

export const readObserved = (): Observed[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Observed[]) : [];

/** Replaces what the program said of these workloads, and keeps the rest. */
export function writeObserved(observed: readonly Observed[]): void {
  const all = new Map([...readObserved(), ...observed].map((each) => [each.workload, each]));
  const sorted = [...all.values()].toSorted((one, other) => one.workload.localeCompare(other.workload));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
}
