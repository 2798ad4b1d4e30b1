import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Document } from '../../support/schema.ts';
import type { Answer } from '../record/fixture.ts';

/** A command with streams, as it was reported, and what the trace backend had of it a minute later. */
export interface Recording {
  readonly command: string;
  readonly context: string;
  readonly round: number;
  /** As the program printed it. */
  readonly document: StreamDocument;
  /** Its exit code; interrupted where it was ended by Ctrl-C. */
  readonly code: number | null;
  readonly answers: readonly Answer[];
}

type Request = Document['requests'][number] & {
  readonly durationNanos: number;
  readonly startOffsetNanos: number;
  readonly openNanos: number | null;
};

export type StreamDocument = Omit<Document, 'requests' | 'summary'> & {
  readonly requests: readonly Request[];
  readonly summary: (NonNullable<Document['summary']> & { readonly openNanos: number }) | null;
};

const folder = new URL('../../fixtures/streams/', import.meta.url);
const suffix = '.json.gz';

export const recordedNames = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();

export const nameOf = ({ command, context, round }: Pick<Recording, 'command' | 'context' | 'round'>): string =>
  `${command}-${context}-${round}`;

export const recordedText = (name: string): string =>
  gunzipSync(readFileSync(new URL(name + suffix, folder))).toString();
export const readRecording = (name: string): Recording => JSON.parse(recordedText(name)) as Recording;

/** Replaces all recordings. */
export function writeRecordings(recordings: readonly Recording[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of recordedNames()) rmSync(new URL(name + suffix, folder));
  for (const recording of recordings) {
    const bytes = gzipSync(JSON.stringify(recording), { level: 9 });
    writeFileSync(new URL(nameOf(recording) + suffix, folder), bytes);
  }
}
