import { LaterSpans } from './later-spans.ts';
import type { Recording, StreamDocument } from './recording.ts';

/** Everything that the document says and that is not true, one line for each. */
export const falsehoods = ({ document, answers }: Recording): string[] => [
  ...falseVerdicts(document, new LaterSpans(answers)),
  ...openTime(document),
];

const allIsIn = (verdict: string | null | undefined): boolean => verdict === 'complete' || verdict === 'settled';

/** Each request has a verdict, and the command has the worst of those of the requests that its user made. */
function falseVerdicts({ verdict, trace, requests }: StreamDocument, later: LaterSpans): string[] {
  const had = new Set(trace?.spans.filter(({ source }) => source === 'span').map(({ spanID }) => spanID));
  const problems: string[] = [];
  for (const request of requests) {
    const { method, path, purpose, lookup } = request;
    const found = later.of(request);
    const arrived = found.filter(({ spanID }) => !had.has(spanID)).map(({ name }) => name);
    const missing = lookup?.missing.map(({ name }) => name) ?? [];
    const said = `${method} ${path} is ${lookup?.verdict}`;
    if (allIsIn(lookup?.verdict)) {
      if (found.length === 0) problems.push(`${said}, and the backend has nothing of it`);
      if (arrived.length + missing.length > 0) problems.push(`${said}, without ${[...arrived, ...missing].join(', ')}`);
    } else if (purpose === 'request') {
      if (allIsIn(verdict)) problems.push(`${said}, and the command ${verdict}`);
      if (arrived.length === 0) problems.push(`${said}, and nothing more came within a minute`);
    }
  }
  return problems;
}

/** Time in which a stream was only open belongs to no component, has no share and is in no finding. */
function openTime({ command, requests, summary, trace }: StreamDocument): string[] {
  if (summary === null || trace === null) return ['there is no summary'];
  const problems: string[] = [];
  const streams = requests.filter(({ openNanos }) => (openNanos ?? 0) > 0);
  if (streams.length === 0) problems.push('no request is a stream');
  const parts = summary.components.reduce((sum, { nanos }) => sum + nanos, 0) + summary.openNanos;
  if (parts !== command.durationNanos) problems.push(`components and open time are ${parts} ns, not the duration`);
  const drawn = trace.spans.filter(({ component }) => component === 'open');
  if (drawn.length !== streams.length) problems.push(`${drawn.length} of ${streams.length} streams are drawn as open`);
  const initial = command.durationNanos - summary.openNanos;
  for (const { title, nanos } of summary.findings) if (nanos > initial) problems.push(`open time is in "${title}"`);
  return problems;
}
