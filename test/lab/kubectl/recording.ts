import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { defaultKubernetes } from '../cluster/versions.ts';
import type { Comparison } from './compare.ts';

/** How the commands ended on a real cluster with a node. */
export interface Recording {
  /** The version of kubectl and of the cluster. */
  readonly kubernetes: string;
  readonly commands: readonly Omit<Comparison, 'outputs'>[];
}

const file = new URL('../../fixtures/kubectl/commands.json', import.meta.url);

export const readRecording = (): Recording => JSON.parse(readFileSync(file, 'utf8')) as Recording;

/** Outputs that differ hold ports and names of temporary files, and are not stored. */
export function record(results: readonly Comparison[]): void {
  const recording: Recording = { kubernetes: defaultKubernetes, commands: results };
  mkdirSync(new URL('.', file), { recursive: true });
  const text = JSON.stringify(recording, (key, value: unknown) => (key === 'outputs' ? undefined : value), 2);
  writeFileSync(file, `${text}\n`);
}
