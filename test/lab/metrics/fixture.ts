import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { AuditEvent } from '../../support/audit-log.ts';
import type { Document } from '../../support/schema.ts';
import type { Played } from './play.ts';
import { trimmed } from './trim.ts';

const folder = new URL('../../fixtures/kubernetes/metrics/', import.meta.url);

/** One story on one version: what the client sent and received, and what the server has of it. */
export interface Recorded {
  readonly kubernetes: string;
  readonly story: string;
  readonly exitCode: number | null;
  readonly traceID: string;
  /** The command's requests as in the JSON document, with the response to the last one. */
  readonly requests: Document['requests'];
  /** The server's own event of the last request. */
  readonly audit: AuditEvent;
  /** The response to `GET /metrics`, trimmed. */
  readonly metrics: Buffer;
}

export function recordedOf(
  kubernetes: string,
  story: string,
  { document, exitCode, audit, metrics }: Played,
): Recorded {
  const { traceID } = document.command;
  const last = document.requests.at(-1);
  const requests = document.requests.map((request) => (request === last ? request : { ...request, body: null }));
  return { kubernetes, story, exitCode, traceID, requests, audit, metrics: trimmed(metrics, traceID) };
}

/** Replaces the recordings of a version. */
export function writeRecorded(kubernetes: string, recordings: readonly Recorded[]): void {
  const target = new URL(`${kubernetes}/`, folder);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const { metrics, ...rest } of recordings) {
    writeFileSync(new URL(`${rest.story}.json`, target), `${JSON.stringify(rest, null, 1)}\n`);
    writeFileSync(new URL(`${rest.story}.pb.gz`, target), gzipSync(metrics, { level: 9 }));
  }
}

export function readRecorded(): readonly Recorded[] {
  const versions = readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  return versions.flatMap((version) => {
    const from = new URL(`${version}/`, folder);
    const files = readdirSync(from).filter((name) => name.endsWith('.json'));
    return files.map((file): Recorded => {
      const rest = JSON.parse(readFileSync(new URL(file, from), 'utf8')) as Omit<Recorded, 'metrics'>;
      const metrics = gunzipSync(readFileSync(new URL(file.replace('.json', '.pb.gz'), from)));
      return { ...rest, metrics };
    });
  });
}
