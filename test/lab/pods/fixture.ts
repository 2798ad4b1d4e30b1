import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TrueVerdict } from './story.ts';
import type { Creation, Subject } from './tell.ts';

/** The API server's response to GET of a path. */
export interface ServerAnswer {
  readonly path: string;
  readonly status: number;
  /** JSON, or text for logs. */
  readonly body: unknown;
}

/** Jaeger's response; the address is path and query. */
export interface BackendAnswer {
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

export interface Snapshot {
  readonly pods: readonly { readonly name: string; readonly uid: string }[];
  readonly requests: readonly ServerAnswer[];
  readonly spans: readonly BackendAnswer[];
  /** Time after the last response. */
  readonly now: Date;
}

/** truth.json, as test/fixtures/pods/README.md describes it. */
export interface Truth {
  readonly story: string;
  readonly says: string;
  readonly kubernetes: string;
  readonly subject: Omit<Subject, 'path'>;
  readonly pods: Snapshot['pods'];
  readonly node: string | null;
  readonly request: Creation;
  readonly snapshots: Readonly<Record<string, { readonly now: string; readonly verdict: TrueVerdict }>>;
}

export const folder = fileURLToPath(new URL('../../fixtures/pods/', import.meta.url));

/** Replaces a story's folder. */
export async function writeStory(truth: Truth, snapshots: ReadonlyMap<string, Snapshot>): Promise<void> {
  const target = join(folder, truth.story);
  await rm(target, { recursive: true, force: true });
  await write(join(target, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
  for (const [name, { requests, spans }] of snapshots) {
    await write(join(target, name, 'requests.json'), lines(requests));
    await write(join(target, name, 'spans.json'), lines(spans));
  }
}

export interface RecordedStory {
  readonly truth: Truth;
  readonly snapshots: ReadonlyMap<string, Pick<Snapshot, 'requests' | 'spans'>>;
}

export function readStories(): RecordedStory[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'truth.json')));
  return names.sort().map((name) => {
    const read = <Value>(file: string): Value => JSON.parse(readFileSync(join(folder, name, file), 'utf8')) as Value;
    const truth = read<Truth>('truth.json');
    const snapshots = Object.keys(truth.snapshots).map((moment) => {
      const requests = read<ServerAnswer[]>(join(moment, 'requests.json'));
      return [moment, { requests, spans: read<BackendAnswer[]>(join(moment, 'spans.json')) }] as const;
    });
    return { truth, snapshots: new Map(snapshots) };
  });
}

/** An array with one entry a line. */
function lines(entries: readonly unknown[]): string {
  return `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
