import type { AuditEvent } from '../../support/audit-log.ts';
import type { Document } from '../../support/schema.ts';
import { compare, isAbove, type Compared } from './oracle.ts';
import type { MeasuredRow } from './rows.ts';
import { filtersOf, type Story } from './stories.ts';

/** A story on one version, with the rows that the program has made of it. */
export interface MeasuredStory {
  readonly kubernetes: string;
  readonly story: Story;
  readonly exitCode: number | null;
  readonly sent: Document['requests'][number];
  readonly rows: readonly MeasuredRow[];
  readonly audit: AuditEvent;
}

export interface Judgement {
  readonly compared: readonly Compared[];
  /** One line for each way in which it is not as it has to be. */
  readonly faults: readonly string[];
}

/**
 * The server had to wait for a CPU between the value of the request and the time of it: the request seems to have arrived
 * with its first filter.
 */
export const NO_BOUND = 'authentication (at most) has no row';

/** Compares a story with what was known before, and with the server's own audit event. */
export function judge(measured: MeasuredStory): Judgement {
  const compared = compare(measured.kubernetes, measured.rows, measured.audit);
  const above = compared
    .filter(isAbove)
    .map(({ what, nanos }) => `${what} differs from the audit event by ${nanos / 1e6} ms`);
  return {
    compared,
    faults: [...requestFaults(measured), ...rowFaults(measured), ...webhookFaults(measured), ...above],
  };
}

function requestFaults({ story, exitCode, sent }: MeasuredStory): readonly string[] {
  const { verdict, foundBy, prediction, reasons = [] } = sent.lookup ?? {};
  const isReplaced = reasons.some(({ code }) => code === 'exemplars-replaced');
  const wanted: readonly (readonly [what: string, value: unknown, expected: unknown])[] = [
    ['exit status', exitCode, story.exitCode ?? 0],
    ['status', sent.status, story.status],
    ['query of another kind of request:', !sent.query.includes(story.query ?? ''), false],
    ['verdict', verdict, 'measured'],
    ['found by', foundBy, 'metrics'],
    ['prediction', prediction, 'untraced'],
    ['"replaced, or served by another API server":', isReplaced, story.isPassedOn === true],
  ];
  return wanted.flatMap(([what, value, expected]) =>
    value === expected ? [] : [`${what} ${String(value)} in place of ${String(expected)}`],
  );
}

function rowFaults({ kubernetes, story, rows }: MeasuredStory): readonly string[] {
  const [root, ...below] = rows;
  const precision = story.hasNoRoot || story.isRefused ? 'inferred' : 'exact';
  const wanted = [...filtersOf(kubernetes, story), ...story.rows];
  const missing = wanted.filter((row) => !below.some(({ name }) => name.startsWith(row)));
  const surplus = below.filter(({ name }) => story.never?.some((row) => name.startsWith(row)));
  return [
    ...missing.map((row) => `${row} has no row`),
    ...surplus.map(({ name }) => `${name} has a row`),
    ...(root?.precision === precision ? [] : [`the request is ${root?.precision} in place of ${precision}`]),
  ];
}

/** A webhook takes at least as long as it sleeps, within the plug-in that calls it. */
function webhookFaults({ story, rows }: MeasuredStory): readonly string[] {
  return Object.entries(story.webhooks ?? {}).flatMap(([webhook, millis]) => {
    const calls = rows.filter((row) => row.webhook === webhook);
    const [call] = calls;
    if (call === undefined || calls.length > 1) return [`${webhook} has ${calls.length} rows`];
    return [
      ...(/^(Mutating|Validating)AdmissionWebhook$/.test(call.parent ?? '')
        ? []
        : [`${webhook} is below ${call.parent}`]),
      ...(call.durationNanos >= millis * 1e6 ? [] : [`${webhook} took ${call.durationNanos / 1e6} ms of ${millis}`]),
    ];
  });
}
