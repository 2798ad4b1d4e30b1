import type { TraceID } from '../../../trace/ids.ts';
import { rfc3339 } from '../../../trace/time.ts';
import type { SearchQuery } from '../../backend.ts';

/*
 * Paths and parameters of Jaeger's query service. "Raw" requests spans as they were reported: otherwise Jaeger may move
 * them in time and adds warnings. Parameters of api_v3 are snake_case until 2.18 and camelCase as well since, so both
 * are sent.
 */

export const v3TracePath = (id: TraceID): string => `/api/v3/traces/${id}?raw_traces=true&rawTraces=true`;
export const v1TracePath = (id: TraceID): string => `/api/traces/${id}?raw=true`;

/** `tags` is a JSON object whose values are texts, whatever the type of the span's attribute. */
export function v1SearchPath(query: SearchQuery): string {
  const parameters = new URLSearchParams({
    service: query.service,
    start: String(query.from / 1000n),
    end: String(query.to / 1000n),
    limit: String(query.limit),
    raw: 'true',
  });
  if (query.operation !== undefined) parameters.set('operation', query.operation);
  if (query.attributes !== undefined) parameters.set('tags', JSON.stringify(query.attributes));
  return `/api/traces?${parameters}`;
}

export function v3SearchPath(query: SearchQuery): string {
  const parameters = new URLSearchParams();
  const both = (snake: string, camel: string, value: string): void => {
    parameters.set(`query.${snake}`, value);
    parameters.set(`query.${camel}`, value);
  };
  both('service_name', 'serviceName', query.service);
  if (query.operation !== undefined) both('operation_name', 'operationName', query.operation);
  both('start_time_min', 'startTimeMin', rfc3339(query.from));
  both('start_time_max', 'startTimeMax', rfc3339(query.to));
  // The limit's name has changed too; 0, which leaving it out means, is an error for the memory store.
  parameters.set('query.num_traces', String(query.limit));
  both('search_depth', 'searchDepth', String(query.limit));
  both('raw_traces', 'rawTraces', 'true');
  if (query.attributes !== undefined) parameters.set('query.attributes', JSON.stringify(query.attributes));
  return `/api/v3/traces?${parameters}`;
}
