import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Observed } from '../../../src/doctor/observed.ts';

/** Everything that was observed in one story. */
export interface RecordedStory {
  readonly story: string;
  readonly observed: Observed;
}

const folder = fileURLToPath(new URL('../../fixtures/doctor/', import.meta.url));
/** Logs, flags and the like of pods are looked up by names. */
const MAP = '$map';

/** Replaces these stories in a version's recording. `temporary` is the cluster's folder, which no longer exists when it is read. */
export function writeRecorded(version: string, recorded: readonly RecordedStory[], temporary: string): void {
  mkdirSync(folder, { recursive: true });
  const isReplaced = (name: string): boolean => recorded.some(({ story }) => story === name);
  const others = recordedVersions().includes(version)
    ? recordedOf(version).filter(({ story }) => !isReplaced(story))
    : [];
  const text = JSON.stringify(
    [...others, ...recorded].toSorted((one, other) => (one.story < other.story ? -1 : 1)),
    (_, value: unknown) => (value instanceof Map ? { [MAP]: [...value] } : value),
    1,
  );
  writeFileSync(`${folder}${version}.json`, `${text.replaceAll(temporary, '/cluster')}\n`);
}

/** The versions that were rehearsed. */
export const recordedVersions = (): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.json$/, '')) : [];

export const recordedOf = (version: string): readonly RecordedStory[] =>
  JSON.parse(readFileSync(`${folder}${version}.json`, 'utf8'), (_, value: unknown) =>
    typeof value === 'object' && value !== null && MAP in value ? new Map(value[MAP] as [string, unknown][]) : value,
  ) as RecordedStory[];
