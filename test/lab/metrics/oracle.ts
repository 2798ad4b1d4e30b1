import { latencyOf, periodOf, type AuditEvent } from '../../support/audit-log.ts';
import { minorOf } from '../cluster/versions.ts';
import type { MeasuredRow } from './rows.ts';

/** A time that both the metrics and the API server's own audit event have. */
export interface Compared {
  readonly what: What;
  /** By how much they differ. Infinite where one of them has it, and the other has not. */
  readonly nanos: number;
  readonly limitNanos: number;
}

export const WHAT = ['arrival', 'total', 'mutating', 'validating', 'queue', 'authorization', 'authentication'] as const;
type What = (typeof WHAT)[number];

const MILLISECOND = 1_000_000;
/** Both are the same reading of the clock, once in seconds and once in nanoseconds. */
const SAME_MICROSECOND = 500;
/** Annotations with times are written only above this. */
const ANNOTATED_NANOS = 500_000_000n;

/** The versions between 1.34.0 and 1.34.6 never write these annotations (kubernetes/kubernetes#135684). */
const isAnnotated = (version: string, { start, end }: { readonly start: bigint; readonly end: bigint }): boolean =>
  minorOf(version) !== 34 && end - start > ANNOTATED_NANOS;

/** The annotation of each time, and the first version that has it. */
const ANNOTATIONS: readonly (readonly [what: What, key: string, row: string, limitNanos: number, since: number])[] = [
  ['mutating', 'mutating-webhook', 'Call mutating webhook', MILLISECOND, 24],
  ['validating', 'validating-webhook', 'Call validating webhook', MILLISECOND, 24],
  ['queue', 'apf-queue-wait', 'queue of priority level ', SAME_MICROSECOND, 31],
  ['authorization', 'authorization', 'authorization', MILLISECOND, 35],
];

/** Compares the rows of a request, of which the first is the request itself, with its audit event. */
export function compare(version: string, rows: readonly MeasuredRow[], audit: AuditEvent): readonly Compared[] {
  const period = periodOf(audit);
  const [root] = rows;
  if (root === undefined) return [{ what: 'arrival', nanos: Infinity, limitNanos: MILLISECOND }];
  const difference = Math.abs(root.durationNanos - Number(period.end - period.start));
  const total: Compared = { what: 'total', nanos: difference, limitNanos: MILLISECOND };
  if (root.precision === 'length-only') return [total];
  const compared: Compared[] = [
    { what: 'arrival', nanos: Math.abs(Number(root.start - period.start)), limitNanos: MILLISECOND },
    total,
  ];
  if (!isAnnotated(version, period)) return compared;
  const latency = latencyOf(audit);
  for (const [what, key, name, limitNanos, since] of ANNOTATIONS) {
    if (minorOf(version) < since) continue;
    const row = rows.find((one) => one.name === name || (name.endsWith(' ') && one.name.startsWith(name)));
    const audited = latency[key];
    if (row === undefined && audited === undefined) continue;
    const isOne = row === undefined || audited === undefined;
    compared.push({ what, nanos: isOne ? Infinity : Math.abs(row.durationNanos - audited), limitNanos });
  }
  return [...compared, ...boundOf(rows, latency['authentication'])];
}

/** "At most" holds: the authentication that was audited is no longer than the bound. */
function boundOf(rows: readonly MeasuredRow[], audited: number | undefined): readonly Compared[] {
  const bound = rows.find(({ name }) => name === 'authentication (at most)');
  if (bound === undefined || audited === undefined) return [];
  return [{ what: 'authentication', nanos: Math.max(0, audited - bound.durationNanos), limitNanos: SAME_MICROSECOND }];
}

/** All exact rows lie within the time that the audit event has of the request: none is another request's. */
export function isWithin(rows: readonly MeasuredRow[], audit: AuditEvent): boolean {
  const { start, end } = periodOf(audit);
  const limit = BigInt(MILLISECOND);
  return rows
    .filter(({ precision }) => precision === 'exact')
    .every((row) => row.start >= start - limit && row.start + BigInt(row.durationNanos) <= end + limit);
}

export const isAbove = ({ nanos, limitNanos }: Compared): boolean => !(nanos <= limitNanos);
