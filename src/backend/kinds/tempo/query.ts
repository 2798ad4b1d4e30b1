import type { TraceID } from '../../../trace/ids.ts';
import type { SearchQuery } from '../../backend.ts';

/*
 * Paths of Tempo's query API. A trace is requested without a time range: a range would leave out blocks, and a fresh
 * trace with them.
 */

export const v2TracePath = (id: TraceID): string => `/api/v2/traces/${id}`;
export const v1TracePath = (id: TraceID): string => `/api/traces/${id}`;

/** Times are full seconds here: the range is widened to them. */
export function searchPath(query: SearchQuery): string {
  const parameters = new URLSearchParams({
    q: traceQL(query),
    limit: String(query.limit),
    start: String(query.from / 1_000_000_000n),
    end: String(query.to / 1_000_000_000n + 1n),
  });
  return `/api/search?${parameters}`;
}

/** `{ resource.service.name = "apiserver" && .audit-id = "…" }`; a name with a dot in front is of span or resource. */
function traceQL({ service, operation, attributes = {}, linkedTo }: SearchQuery): string {
  const conditions = [
    `resource.service.name = ${quoted(service)}`,
    ...(operation === undefined ? [] : [`name = ${quoted(operation)}`]),
    ...Object.entries(attributes).map(([name, value]) => `.${name} = ${quoted(value)}`),
    ...(linkedTo === undefined ? [] : [`link:traceID = ${quoted(linkedTo)}`]),
  ];
  return `{ ${conditions.join(' && ')} }`;
}

/** TraceQL's texts are Go's, of which those of JSON are a part. */
const quoted = (text: string): string => JSON.stringify(text);
