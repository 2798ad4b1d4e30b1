import { ExitCode } from '../../errors.ts';
import { counted } from '../../format/counted.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { LookupReport, Report, RequestReport } from '../../report/report.ts';
import { VERDICTS } from '../../report/report.ts';

/** A command of another program, all of whose requests are shown. */
export const isRun = ({ command }: Report): boolean => command.verb === 'run' || command.ran != null;

const LOOKUP_CODES: ReadonlySet<number> = new Set([
  ExitCode.traceNotFound,
  ExitCode.incomplete,
  ExitCode.backendFailed,
]);

/**
 * The exit status of the other program. For a command of ours that kubectl ran, the exit code is ours: those about the
 * trace mean that kubectl succeeded.
 */
export const statusOf = ({ command, exitCode }: Report): number =>
  command.verb !== 'run' && LOOKUP_CODES.has(exitCode) ? 0 : exitCode;

/** `kubectl apply -f web.yaml`, `exit status 0`, `673 ms`, `7 requests, 9 for discovery`. */
export function runWords(report: Report): string[] {
  const { command, requests } = report;
  const { args, ran, durationNanos } = command;
  const main = requests.filter(({ purpose }) => purpose === 'request');
  const discovery = requests.length - main.length;
  const words = [(ran ?? args.slice(args.indexOf('--') + 1)).join(' '), `exit status ${statusOf(report)}`];
  if (durationNanos !== null) words.push(formatDuration(durationNanos));
  const counts = [
    ...(main.length > 0 ? [countOf(main.length)] : []),
    ...(discovery > 0 ? [`${main.length > 0 ? discovery : countOf(discovery)} for discovery`] : []),
  ];
  return counts.length === 0 ? words : [...words, counts.join(', ')];
}

const countOf = (requests: number): string => counted(requests, 'request');

/**
 * The look-ups of a command's requests as if they were one: the worst verdict, all spans, the longest wait. Null where
 * nothing was looked for.
 */
export function runLookup({ requests, verdict }: Report): LookupReport | null {
  const lookups = judged(requests).flatMap(({ lookup }) => lookup ?? []);
  const [first] = lookups;
  if (first === undefined || verdict === null) return null;
  const worst = lookups.find((lookup) => lookup.verdict === verdict) ?? first;
  const found = lookups.filter(({ foundBy }) => foundBy !== null);
  const expected = lookups.map((lookup) => lookup.expected);
  return {
    ...worst,
    verdict,
    foundBy: found[0]?.foundBy ?? null,
    expected: expected.includes(null) ? null : expected.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    received: lookups.reduce((sum, { received }) => sum + received, 0),
    waitedNanos: lookups.reduce(
      (longest, lookup) => (lookup.waitedNanos > longest ? lookup.waitedNanos : longest),
      first.waitedNanos,
    ),
  };
}

/** The requests that the verdict is about: discovery only where nothing else was sent. */
function judged(requests: readonly RequestReport[]): readonly RequestReport[] {
  const asked = requests.filter(({ purpose }) => purpose === 'request');
  return asked.length > 0 ? asked : requests;
}

/** Sentences about the traces of several requests, below the drawing. */
export function runSentences({ requests }: Report, remarks: boolean): string[] {
  const lookups = judged(requests).flatMap(({ lookup }) => lookup ?? []);
  const found = lookups.filter(({ foundBy }) => foundBy !== null);
  const own = new Set(found.flatMap(({ contextKept, traceID }) => (contextKept === false ? (traceID ?? []) : [])));
  const [first] = own;
  const absent = requests.filter(
    ({ purpose, status, lookup }) => purpose === 'request' && status !== null && lookup !== null && isAbsent(lookup),
  ).length;
  const reasons = new Set(lookups.flatMap((lookup) => lookup.reasons.map(({ message }) => message)));
  return [
    ...(first === undefined || !remarks ? [] : [ownTraces(first, own.size)]),
    ...(absent > 0 && found.length > 0
      ? [
          `${counted(absent, 'trace')} of ${counted(requests.length, 'request')} ${absent === 1 ? 'was' : 'were'} not found.`,
        ]
      : []),
    ...reasons,
  ];
}

const isAbsent = ({ verdict, foundBy }: LookupReport): boolean =>
  foundBy === null && VERDICTS.includes(verdict as never);

const ownTraces = (first: string, count: number): string =>
  count === 1
    ? `The API server started its own trace, ${first}, because it does not accept trace context from this user.`
    : `The API server started ${counted(count, 'new trace')} (the first is ${first}), because it does not accept trace context from this user.`;
