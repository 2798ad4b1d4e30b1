import type { TraceID } from '../../../trace/ids.ts';
import type { SearchQuery } from '../../backend.ts';

/** Zipkin takes an ID in lower case only, with or without its leading zeros. */
export const tracePath = (id: TraceID): string => `/api/v2/trace/${id}`;

/** `endTs` and `lookback` are milliseconds; a query for tags is `key=value and key=value`. */
export function searchPath({ service, operation, attributes = {}, from, to, limit }: SearchQuery): string {
  const end = Number(to / 1_000_000n) + 1;
  const parameters = new URLSearchParams({
    serviceName: service.toLowerCase(),
    endTs: String(end),
    lookback: String(Math.max(1, end - Number(from / 1_000_000n))),
    limit: String(limit),
  });
  if (operation !== undefined) parameters.set('spanName', operation.toLowerCase());
  const tags = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  if (tags.length > 0) parameters.set('annotationQuery', tags.join(' and '));
  return `/api/v2/traces?${parameters}`;
}
