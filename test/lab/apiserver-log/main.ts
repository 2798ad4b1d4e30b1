import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loggedTimesIn } from '../../../src/codec/apiserver-log/log.ts';
import type { RequestReport } from '../../../src/report/report.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { logRows } from '../../../src/tracing/source/apiserver-log/rows.ts';
import { auditEvent, periodOf } from '../../support/audit-log.ts';
import { parseDocument } from '../../support/schema.ts';
import { measuredVersions } from '../cluster/versions.ts';
import { Scene } from '../metrics/scene.ts';
import { stories, type Story } from '../metrics/stories.ts';
import { FORMATS, writeRecordedLog, type Format, type LoggedStory } from './fixture.ts';

/**
 * `npm run record:apiserver-log -- VERSION…`: runs a few stories on real API servers that log at verbosity 3, as text and
 * as JSON, and stores what their logs have of them, for the tests of `show --apiserver-log`.
 */
const STORIES = ['get', 'not-found', 'create', 'conflict', 'delete', 'conversion'];
const MAX_TRIES = 20;
/** In nanoseconds. */
const MAX_DIFFERENCE = 500_000;
/** Lines of other requests that stay, so that a reader has something to leave out. */
const OTHER_LINES = 6;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

const versions = process.argv.slice(2);
for (const version of versions.length === 0 ? measuredVersions.slice(0, 1) : versions)
  for (const format of FORMATS) await record(version, format);

async function record(kubernetes: string, format: Format): Promise<void> {
  process.stderr.write(`recording the log of ${kubernetes} as ${format}\n`);
  const apiserverArgs = ['--v=3', `--logging-format=${format}`];
  const scene = await Scene.start(kubernetes, interrupted.signal, { apiserverArgs });
  try {
    const requests: LoggedStory[] = [];
    const readLog = (): Promise<string> => readFile(join(scene.cluster.logs, 'kube-apiserver.log'), 'utf8');
    for (const story of stories.filter(({ name }) => STORIES.includes(name))) {
      let played = await play(scene, story);
      for (let tries = 2; tries <= MAX_TRIES && isLate(played, await readLog()); tries++)
        played = await play(scene, story);
      requests.push(played);
    }
    const log = await readLog();
    const auditIDs = requests.map(({ audit }) => audit.auditID);
    writeRecordedLog({ kubernetes, format, requests, log: trimmed(log, auditIDs) });
  } finally {
    await scene.stop();
  }
}

async function play(scene: Scene, story: Story): Promise<LoggedStory> {
  await story.prepare?.(scene.call);
  const { stdout } = await scene.run(...story.args(scene.manifests), '--metrics=off', '-o', 'json');
  const document = parseDocument(stdout);
  const audit = await auditEvent(scene.cluster.folder, document.requests.at(-1)?.auditID ?? '');
  return { story: story.name, document, audit };
}

/** The server had to wait for a CPU between its two logs, or has written only one of them. */
function isLate({ audit, document }: LoggedStory, log: string): boolean {
  const times = loggedTimesIn(Buffer.from(log), [audit.auditID]).get(audit.auditID);
  const { start, end } = periodOf(audit);
  const traceID = parseTraceID(document.command.traceID);
  if (times?.http === undefined || traceID === undefined) return true;
  const request = document.requests.at(-1) as unknown as RequestReport;
  const root = logRows(times, { request, traceID, sentAt: epochNanos(start) })[0]?.span;
  const differences = root === undefined ? [] : [root.start - start, root.end - end];
  return differences.length === 0 || differences.some((nanos) => Math.abs(Number(nanos)) > MAX_DIFFERENCE);
}

/** The lines about some requests, with the lines of their traces, and the last few others. */
function trimmed(log: string, auditIDs: readonly string[]): string {
  const lines = log.split('\n').filter((line) => line !== '');
  const isOwn = (line: string): boolean => auditIDs.some((id) => line.includes(id));
  const traces = new Set(lines.filter(isOwn).flatMap((line) => /Trace\[\d+\]/.exec(line)?.[0] ?? []));
  const isTheirs = (line: string): boolean => isOwn(line) || [...traces].some((trace) => line.includes(trace));
  const others = new Set(lines.filter((line) => !isTheirs(line)).slice(-OTHER_LINES));
  return `${lines.filter((line) => isTheirs(line) || others.has(line)).join('\n')}\n`;
}
