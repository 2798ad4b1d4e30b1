import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

/** A command on the machine, with standard output and standard error. */
export interface RecordedStep {
  readonly name: string;
  readonly code: number | null;
  readonly output: string;
}

export interface Rehearsal {
  readonly kubernetes: string;
  readonly steps: readonly RecordedStep[];
}

const folder = new URL('../../fixtures/serve-pod/', import.meta.url);
const file = new URL('rehearsal.json', folder);

export function writeRehearsal(rehearsal: Rehearsal): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(rehearsal, null, 2)}\n`);
}

export const readRehearsal = (): Rehearsal => JSON.parse(readFileSync(file, 'utf8')) as Rehearsal;
