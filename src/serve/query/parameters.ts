import { isObject, parseJSON } from '../../codec/json.ts';
import { parseTraceID, type TraceID } from '../../trace/ids.ts';
import type { StoreQuery } from '../../store/query.ts';

/** A query that is not valid; `message` is for the client. */
export class BadQuery extends Error {}

const HOUR = 3_600_000_000_000n;
/** Jaeger's default for how far back a search looks. */
const LOOKBACK = 48n * HOUR;
const MAX_TRACES = 1500;
const DEFAULT_TRACES = 100;

/** Parameters of Jaeger's `/api/traces`: times in microseconds, durations as Go writes them, tags as JSON. */
export function v1Query(parameters: URLSearchParams, now: bigint): StoreQuery {
  const service = parameters.get('service') ?? '';
  if (service === '') throw new BadQuery("parameter 'service' is required");
  const end = micros(parameters, 'end');
  return query(service, parameters.get('operation'), {
    from: micros(parameters, 'start') ?? (end ?? now) - (lookback(parameters.get('lookback')) ?? LOOKBACK),
    // Clocks of other machines may be ahead, and this process's own stands still while its machine sleeps.
    to: end ?? 2n ** 63n - 1n,
    minDuration: duration(parameters.get('minDuration')),
    maxDuration: duration(parameters.get('maxDuration')),
    limit: tracesLimit(parameters.get('limit')),
    attributes: { ...tagPairs(parameters.getAll('tag')), ...tagMap(parameters.get('tags'), 'tags') },
  });
}

/** Parameters of `/api/v3/traces`, in both spellings that they have had. */
export function v3Query(parameters: URLSearchParams): StoreQuery {
  const get = (...names: string[]): string | null =>
    names.map((name) => parameters.get(`query.${name}`)).find((value) => value !== null) ?? null;
  const service = get('serviceName', 'service_name') ?? '';
  const from = instant(get('startTimeMin', 'start_time_min'));
  const to = instant(get('startTimeMax', 'start_time_max'));
  if (service === '') throw new BadQuery('malformed parameter query.service_name: it is required');
  if (from === undefined || to === undefined) {
    throw new BadQuery('query.start_time_min and query.start_time_max are required, as RFC 3339');
  }
  return query(service, get('operationName', 'operation_name'), {
    from,
    to,
    minDuration: duration(get('durationMin', 'duration_min')),
    maxDuration: duration(get('durationMax', 'duration_max')),
    limit: tracesLimit(get('searchDepth', 'search_depth', 'num_traces', 'numTraces')),
    attributes: tagMap(get('attributes'), 'query.attributes'),
  });
}

/** The traces that `/api/traces?traceID=…` names, which may be several. */
export function namedTraces(parameters: URLSearchParams): readonly TraceID[] {
  return parameters.getAll('traceID').map(traceIDOf);
}

export function traceIDOf(text: string): TraceID {
  const id = parseTraceID(text);
  if (id === undefined) throw new BadQuery(`"${text}" is not a trace ID, which is up to 32 hexadecimal digits`);
  return id;
}

type Conditions = Required<Omit<StoreQuery, 'service' | 'operation' | 'minDuration' | 'maxDuration'>> & {
  readonly minDuration: bigint | undefined;
  readonly maxDuration: bigint | undefined;
};

function query(service: string, operation: string | null, conditions: Conditions): StoreQuery {
  const { minDuration, maxDuration, ...others } = conditions;
  return {
    service,
    ...others,
    ...(operation !== null && operation !== '' && { operation }),
    ...(minDuration !== undefined && { minDuration }),
    ...(maxDuration !== undefined && { maxDuration }),
  };
}

function micros(parameters: URLSearchParams, name: string): bigint | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,18}$/.test(text)) throw new BadQuery(`parameter '${name}' must be microseconds since the epoch`);
  return BigInt(text) * 1000n;
}

/** `2026-11-23T08:00:00.000000000Z`, with nanoseconds. */
function instant(text: string | null): bigint | undefined {
  if (text === null) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = /^([^.Z+]+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i.exec(text) ?? [];
  const millis = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(millis)) throw new BadQuery(`"${text}" is not a time as RFC 3339 writes it`);
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** `1.5s`, `1h30m`; days only where Jaeger's UI has them. */
function duration(text: string | null): bigint | undefined {
  if (text === null || text === '' || text === 'null') return undefined;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+$/.test(text))
    throw new BadQuery(`"${text}" is not a duration such as 1.5s`);
  let sum = 0;
  for (const [, value, unit] of text.matchAll(/(?<![\d.])(\d+(?:\.\d+)?)([a-zµ]+)/g))
    sum += Number(value) * UNITS[unit!]!;
  if (!Number.isFinite(sum)) throw new BadQuery(`"${text.slice(0, 20)}…" is too long a duration`);
  return BigInt(Math.round(sum));
}

/** Jaeger's UI says `custom` where the times say it all. */
const lookback = (text: string | null): bigint | undefined => (text === 'custom' ? undefined : duration(text));

export function tracesLimit(text: string | null, otherwise = DEFAULT_TRACES): number {
  if (text === null || text === '') return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value === 0) throw new BadQuery(`"${text}" is not a number of traces`);
  return Math.min(value, MAX_TRACES);
}

function tagPairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const colon = pair.indexOf(':');
      if (colon < 1) throw new BadQuery(`malformed 'tag' parameter, expecting key:value, received: ${pair}`);
      return [pair.slice(0, colon), pair.slice(colon + 1)];
    }),
  );
}

function tagMap(text: string | null, name: string): Record<string, string> {
  if (text === null || text === '') return {};
  const map = parseJSON(text);
  if (!isObject(map) || !Object.values(map).every((value) => typeof value === 'string')) {
    throw new BadQuery(`malformed '${name}' parameter: it must be a JSON object of texts`);
  }
  return map as Record<string, string>;
}
