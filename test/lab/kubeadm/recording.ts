import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RecordedFiles } from './rehearse.ts';

/** One command on the machine, and the state after it. */
export interface RecordedStep {
  readonly name: string;
  /** Exit code; null for a killed run. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** On a busy machine: no test looks at it. */
  readonly seconds: number;
  /** Whether both manifests have the bytes from before the first step. */
  readonly isOriginal: boolean;
  /** The same of kubeadm-config; null where there is none, or it could not be read. */
  readonly isOriginalConfiguration: boolean | null;
  /** Files and folders of the program on the node. */
  readonly left: readonly string[];
}

export interface Rehearsal {
  readonly kubernetes: string;
  readonly etcd: string;
  readonly steps: readonly RecordedStep[];
}

const folder = new URL('../../fixtures/kubeadm/', import.meta.url);

/** Replaces the recording of one version. */
export function writeRehearsal(rehearsal: Rehearsal, files: RecordedFiles): void {
  const own = new URL(`${rehearsal.kubernetes}/`, folder);
  mkdirSync(own, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(new URL(`${name}.yaml`, own), text);
  writeFileSync(new URL('rehearsal.json', own), `${JSON.stringify(rehearsal, null, 2)}\n`);
}

export const readRehearsal = (kubernetes: string): Rehearsal =>
  JSON.parse(readFileSync(new URL(`${kubernetes}/rehearsal.json`, folder), 'utf8')) as Rehearsal;
