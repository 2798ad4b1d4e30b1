import type { StoreQuery } from '../../store/query.ts';
import { BadQuery, tracesLimit, v1Query } from './parameters.ts';

/** The traces that the start page lists: the latest, or those that a search finds. */
export interface ListQuery {
  readonly limit: number;
  /** Undefined for the latest traces. */
  readonly search: StoreQuery | undefined;
}

/** Traces of a list: a screen or two; and as many as a list may have when `limit` says so. */
export const LISTED_TRACES = 50;
export const MAX_LISTED_TRACES = 1000;

/**
 * The search of the start page's form: Jaeger's parameters, and the times `from` and `until` as a browser's form has them,
 * in UTC. A form also sends what was not filled in. Throws BadQuery in the words of the form.
 */
export function listQuery(given: URLSearchParams, now: bigint): ListQuery {
  const parameters = filledIn(given);
  const limit = Math.min(tracesLimit(parameters.get('limit'), LISTED_TRACES), MAX_LISTED_TRACES);
  parameters.delete('limit');
  if (parameters.size === 0) return { limit, search: undefined };
  if (!parameters.has('service'))
    throw new BadQuery('choose a service: only the traces of one service can be searched');
  rename(parameters, 'from', 'start');
  rename(parameters, 'until', 'end');
  const search = v1Query(parameters, now);
  const { from, to, minDuration = 0n, maxDuration = minDuration } = search;
  if (from > to) throw new BadQuery('the search begins after its end: change "From" or "Until"');
  if (minDuration > maxDuration) throw new BadQuery('"At least" is longer than "At most": no trace can match');
  return { limit, search: { ...search, limit } };
}

/** Without empty values. */
export const filledIn = (given: URLSearchParams): URLSearchParams =>
  new URLSearchParams([...given].filter(([, value]) => value.trim() !== ''));

/** A time of the form becomes microseconds, as Jaeger's parameter has it. */
function rename(parameters: URLSearchParams, name: string, jaegers: string): void {
  const text = parameters.get(name);
  if (text === null) return;
  const [, date = '', time = ''] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)Z?)?$/.exec(text) ?? [];
  const millis = Date.parse(`${date}T${time === '' ? '00:00' : time}Z`);
  if (!(millis >= 0)) throw new BadQuery(`"${text}" is not a time such as 2026-11-23T08:00, in UTC`);
  parameters.set(jaegers, String(BigInt(millis) * 1000n));
}
