import { goNanos } from '../go-duration.ts';
import type { Nanos } from '../../trace/time.ts';

/** The line that the API server logs of every request from verbosity 3 on (k8s.io/apiserver pkg/server/httplog). */
export interface LoggedRequest {
  /**
   * When it was over, in milliseconds. Since the epoch where the log is JSON. A line of text has the time of the server's
   * time zone and no year: it is right up to a multiple of 15 minutes.
   */
  readonly endMillis: number;
  readonly isLocal: boolean;
  readonly latency: Nanos;
  readonly priorityLevel: string | null;
  readonly flowSchema: string | null;
}

type Values = Readonly<Record<string, unknown>>;

/** A longer line is no line about a request. */
const MAX_LINE = 64 * 1024;
/** The last day that a JavaScript date can be. */
const LAST_MILLIS = 8.64e15;
/** Has every day that a line may be of. */
const LEAP_YEAR = 2024;

const KLOG = /[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{6}) +\d{1,10} [\w.-]{1,80}:\d{1,6}\] "HTTP" (.*)$/;
const PAIR = /([A-Za-z_][\w-]{0,80})=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g;

/** A line of text, which does not say the year. */
export function httpLineOf(line: string): (LoggedRequest & { readonly auditID: string }) | undefined {
  const [, month, day, time, rest = ''] = line.length > MAX_LINE ? [] : (KLOG.exec(line) ?? []);
  if (time === undefined) return undefined;
  const values = Object.fromEntries([...rest.matchAll(PAIR)].map(([, key, quoted, bare]) => [key, quoted ?? bare]));
  const wholeMillis = Date.parse(`${LEAP_YEAR}-${month}-${day}T${time.slice(0, 12)}Z`);
  return requestOf(values, wholeMillis + Number(time.slice(12)) / 1000, true);
}

/** An entry of a log in JSON. */
export const httpEntryOf = (entry: Values): (LoggedRequest & { readonly auditID: string }) | undefined =>
  entry['msg'] === 'HTTP' && typeof entry['ts'] === 'number' ? requestOf(entry, entry['ts'], false) : undefined;

function requestOf(
  values: Values,
  endMillis: number,
  isLocal: boolean,
): (LoggedRequest & { readonly auditID: string }) | undefined {
  const { latency, 'audit-ID': auditID, apf_pl: level, apf_fs: schema } = values;
  const length = typeof latency === 'string' ? goNanos(latency) : undefined;
  if (length === undefined || typeof auditID !== 'string') return undefined;
  if (!(endMillis >= length / 1e6 && endMillis <= LAST_MILLIS)) return undefined;
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return { auditID, endMillis, isLocal, latency: length, priorityLevel: text(level), flowSchema: text(schema) };
}
