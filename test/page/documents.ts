import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSpans } from '../../scripts/bench/span-files.ts';
import { assembleSpans } from '../../src/analysis/assemble/assemble-spans.ts';
import { decodeJaeger } from '../../src/codec/jaeger/jaeger.ts';
import { toJSON } from '../../src/report/json.ts';
import { podJSON } from '../../src/report/pod-json.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import type { Span } from '../../src/trace/span.ts';
import { readRecording } from '../lab/streams/recording.ts';
import { recordedPods } from '../support/recorded-pods.ts';
import { recordedReport, recordedStory } from '../support/recorded-report.ts';
import { reportOf } from '../support/reports.ts';

/** A document that `-o json` has printed. */
export const fixture = async (name: string): Promise<JSONObject> =>
  JSON.parse(await readFile(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')) as JSONObject;

/** A recorded request as the document that `-o json` prints of it. */
export const recorded = (minor: number, name: string, command: string): JSONObject =>
  printed(toJSON(recordedReport(recordedStory(minor, name), { command, objectCount: 1, found: true })));

/** As it is after it was printed and read. */
export const printed = (document: JSONObject): JSONObject => JSON.parse(JSON.stringify(document)) as JSONObject;

export const WEBHOOK = 'screens/create-without-tracing.json';

/** Jaeger's own example, from a real Jaeger: nothing in it is Kubernetes'. */
export const hotrod = (): Promise<JSONObject> =>
  jaegerDocument(new URL('../fixtures/jaeger/hotrod-v1.json', import.meta.url));

/** `kubectl trace run -- helm install --wait`, as it was printed beside a real API server. */
export const helm = (round: 1 | 2 = 1): JSONObject =>
  readRecording(`helm-install-wait-admin-${round}`).document as unknown as JSONObject;

/** The trace that `npm run bench:page` measures. */
export async function manySpans(count: number): Promise<JSONObject> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-many-'));
  try {
    const file = join(folder, 'spans.json');
    await writeSpans(file, 'jaeger', 'mixed', count);
    return await jaegerDocument(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function jaegerDocument(file: URL | string): Promise<JSONObject> {
  const spans = decodeJaeger(JSON.parse(await readFile(file, 'utf8')) as unknown)?.spans ?? [];
  return spansDocument(spans);
}

/** Spans as the document of `show FILE -o json`. */
export const spansDocument = (spans: readonly Span[]): JSONObject =>
  printed(toJSON({ ...reportOf(assembleSpans(spans), { requests: [] }), verdict: null }));

/** A recorded pod as the document of `pod -o json`. */
export const pod = async (story: string, snapshot: string): Promise<JSONObject> =>
  printed(podJSON(await recordedPods(story, snapshot)));
