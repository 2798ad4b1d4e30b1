import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { APIObject } from './objects.ts';
import type { Tick } from './recorder.ts';
import type { HealthyState } from './workload.ts';

/** The head of a recording: the truth, which no tool has judged. */
export interface Header {
  readonly workload: string;
  readonly says: string;
  /** Version of Kubernetes. */
  readonly kubernetes: string;
  /** The argument of `kubectl trace pod`. */
  readonly target: string;
  readonly ends: readonly HealthyState[];
  /** The index of the first tick at which everything had come to where it is to be. */
  readonly settled: number;
  /** The index of the last tick before the subject was deleted, or ended on its own. */
  readonly lastSettled: number;
}

export interface Recording {
  readonly header: Header;
  readonly ticks: readonly Tick[];
}

/** The difference of a tick to the one before. Objects are the same when their UID and resource version are. */
interface Change extends Omit<Tick, 'objects'> {
  readonly put: readonly APIObject[];
  /** UIDs. */
  readonly gone: readonly string[];
}

const folder = new URL('../../fixtures/healthy/', import.meta.url);
const suffix = '.jsonl.gz';

export const recordedWorkloads = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();

/** Replaces a workload's recording; returns its size in bytes. */
export function writeRecording({ header, ticks }: Recording): number {
  mkdirSync(folder, { recursive: true });
  const lines = [header, ...changesOf(ticks)].map((line) => `${JSON.stringify(line)}\n`).join('');
  const compressed = gzipSync(lines, { level: 9 });
  writeFileSync(fileOf(header.workload), compressed);
  return compressed.length;
}

export function readRecording(workload: string): Recording {
  const lines = recordedText(workload).trimEnd().split('\n');
  const [header, ...changes] = lines.map((line) => JSON.parse(line) as unknown);
  return { header: header as Header, ticks: ticksOf(changes as Change[]) };
}

/** The lines as they were recorded. */
export const recordedText = (workload: string): string => gunzipSync(readFileSync(fileOf(workload))).toString();

const fileOf = (workload: string): URL => new URL(workload + suffix, folder);

export function changesOf(ticks: readonly Tick[]): Change[] {
  let before = new Map<string, APIObject>();
  return ticks.map(({ at, date, objects }) => {
    const now = new Map(objects.map((object) => [object.metadata.uid, object]));
    const put = objects.filter(
      ({ metadata }) => before.get(metadata.uid)?.metadata.resourceVersion !== metadata.resourceVersion,
    );
    const gone = [...before.keys()].filter((uid) => !now.has(uid));
    before = now;
    return { at, date, put, gone };
  });
}

export function ticksOf(changes: readonly Change[]): Tick[] {
  const objects = new Map<string, APIObject>();
  return changes.map(({ at, date, put, gone }) => {
    for (const uid of gone) objects.delete(uid);
    for (const object of put) objects.set(object.metadata.uid, object);
    return { at, date, objects: [...objects.values()] };
  });
}
