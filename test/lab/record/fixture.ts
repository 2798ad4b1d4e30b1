import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContextName } from '../cluster/cluster.ts';
import { minorOf } from '../cluster/versions.ts';

/** Facts that the recorder knows about a request because it sent it. Instants are nanoseconds since the Unix epoch. */
export interface Truth {
  /** Version of the API server, without the leading "v". */
  readonly version: string;
  readonly context: ContextName;
  readonly story: string;
  /** As the API server says who sent it; null for a caller it does not know. */
  readonly user: string | null;
  readonly groups: readonly string[];
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly userAgent: string;
  readonly requestBytes: number;
  readonly status: number;
  readonly responseBytes: number;
  /** From before the connection is opened to the last byte of the response. */
  readonly start: string;
  readonly end: string;
  /**
   * Durations of the client's work: connectNanos, tlsNanos, sendNanos, waitNanos, receiveNanos. There is no name to
   * resolve, and every request opens its own connection.
   */
  readonly phases: Readonly<Record<string, number>>;
  /** Headers of the response, lower-case: content type, Audit-ID, priority and fairness, warnings. */
  readonly headers: Readonly<Record<string, string>>;
  /** As sent. */
  readonly traceID: string;
  readonly spanID: string;
  readonly auditID: string;
  readonly webhookCalls: readonly WebhookCall[];
}

/** One call of an admission webhook, as its server saw it. */
export interface WebhookCall {
  readonly name: string;
  readonly type: 'mutating' | 'validating';
  readonly start: string;
  readonly end: string;
  readonly traceparent: string | null;
}

/** The trace backend's response; the body is its text, byte for byte except for white space around it. */
export interface Answer<Body = unknown> {
  /** Path and query, below the backend's address. */
  readonly url: string;
  readonly status: number;
  readonly body: Body;
}

export interface Recording {
  readonly truth: Truth;
  /** How the request's trace was found, and its ID there; null when no key of it is known except the trace ID that was sent. */
  readonly found: { readonly by: 'trace-id' | 'audit-id' | 'user-agent'; readonly traceID: string } | null;
  readonly answers: readonly Answer[];
}

const folder = fileURLToPath(new URL('../../fixtures/recorded/', import.meta.url));

/** `1.37/admin-list.json` */
export function fixtureName(truth: Pick<Truth, 'version' | 'context' | 'story'>): string {
  return `1.${minorOf(truth.version)}/${truth.context}-${truth.story}.json`;
}

/** Writes a recording, one response per line. Responses are stored as text, so that no number in them is rounded. */
export async function writeRecording(
  recording: Omit<Recording, 'answers'> & { readonly answers: readonly Answer<string>[] },
): Promise<void> {
  const { truth, found, answers } = recording;
  const lines = answers.map(({ url, status, body }) => {
    JSON.parse(body);
    return `{"url":${JSON.stringify(url)},"status":${status},"body":${body.trim()}}`;
  });
  const text = `{"truth":${JSON.stringify(truth)},\n"found":${JSON.stringify(found)},\n"answers":[\n${lines.join(',\n')}\n]}\n`;
  const path = join(folder, fixtureName(truth));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

export function readRecordings(): { readonly name: string; readonly recording: Recording }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, recording: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording }));
}
