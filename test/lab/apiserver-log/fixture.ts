import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AuditEvent } from '../../support/audit-log.ts';
import type { Document } from '../../support/schema.ts';

const folder = new URL('../../fixtures/kubernetes/apiserver-logs/', import.meta.url);

/** How the API server writes its log: `--logging-format`. */
export const FORMATS = ['text', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Requests of one version, as the API server's log and its audit log have them. */
export interface RecordedLog {
  readonly kubernetes: string;
  readonly format: Format;
  readonly requests: readonly LoggedStory[];
  /** Lines of the log, as they are. */
  readonly log: string;
}

export interface LoggedStory {
  readonly story: string;
  readonly document: Document;
  readonly audit: AuditEvent;
}

export function writeRecordedLog({ log, ...rest }: RecordedLog): void {
  mkdirSync(folder, { recursive: true });
  const name = `${rest.kubernetes}-${rest.format}`;
  writeFileSync(new URL(`${name}.txt`, folder), log);
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(rest)}\n`);
}

export const readRecordedLogs = (): readonly RecordedLog[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name): RecordedLog => {
      const rest = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Omit<RecordedLog, 'log'>;
      return { ...rest, log: readFileSync(new URL(name.replace('.json', '.txt'), folder), 'utf8') };
    });
