import { clientSpansOf } from '../../../src/commands/show/look-again.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import { toJSON } from '../../../src/report/json.ts';
import type { Report } from '../../../src/report/report.ts';
import { measurable } from '../../../src/trace/time.ts';
import { readRecordedLogs } from '../../lab/apiserver-log/fixture.ts';
import { promise } from '../engine/target.ts';
import type { CommandRunner } from './commands.ts';
import { isSound } from './decoders.ts';

const RECORDED = readRecordedLogs();
const [LOG] = RECORDED.filter(({ kubernetes, format }) => kubernetes === '1.37.2' && format === 'text');
const CREATE = LOG?.requests.find(({ story }) => story === 'create');
const REQUEST = CREATE?.document.requests.at(-1);
const TRACE_ID = CREATE?.document.command.traceID;
if (CREATE === undefined || REQUEST?.auditID == null || TRACE_ID == null)
  throw new Error('the recording has no create');

/** The IDs of the one request of the stored command. Inputs are about it. */
export const IDS = { traceID: TRACE_ID, spanID: REQUEST.spanID, auditID: REQUEST.auditID } as const;

/** Recordings of the API server's log and its audit log. */
export const RECORDED_LOGS = RECORDED;

const DOCUMENT = JSON.stringify(CREATE.document);

/** A `create` that found no trace: sources other than a backend have the times of its request. */
export const storedCommand = (): Report => readDocument(JSON.parse(DOCUMENT));

/** The command's own spans. */
export const clientSpans = clientSpansOf;

/** The rows of other sources are what analysis relies on, and lie within the row above them. */
export function checkRows({ analysis }: Pick<Report, 'analysis'>): number {
  const rows = analysis?.trace.spans.filter(({ source }) => source !== 'client') ?? [];
  for (const { span } of rows) {
    promise(isSound(span), 'a row has no valid ID, time or name');
    promise(span.start <= span.end, 'a row ends before it begins');
    promise(measurable(span.start, span.end) !== undefined, 'a row is longer than any request');
  }
  return rows.length;
}

const OUTPUTS = [
  'tree',
  'wide',
  'summary',
  'json',
  'yaml',
  'name',
  'otlp',
  'perfetto',
  'speedscope',
  'folded',
  'markdown',
  'svg',
] as const;

/** Prints the report in an output that follows from the input. */
export async function show(report: Report, input: Buffer, commands: CommandRunner): Promise<string> {
  const sum = input.reduce((total, byte) => (total + byte) % 1000, 0);
  const output = OUTPUTS[sum % OUTPUTS.length] as string;
  const args = ['show', '-', '-o', output, ...(sum % 7 === 0 ? ['--redact'] : [])];
  return `${output}: ${await commands.run(args, Buffer.from(JSON.stringify(toJSON(report))))}`;
}
