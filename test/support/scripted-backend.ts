import type { Lookup, SearchQuery, TraceBackend } from '../../src/backend/backend.ts';
import type { TraceID } from '../../src/trace/ids.ts';

export interface Asked {
  readonly how: 'byID' | 'search';
  readonly id?: TraceID;
  readonly query?: SearchQuery;
}

export interface Script {
  readonly byID?: (id: TraceID, signal: AbortSignal) => Lookup | Promise<Lookup>;
  readonly search?: (query: SearchQuery, signal: AbortSignal) => Lookup | Promise<Lookup>;
}

const ABSENT: Lookup = { status: 'absent' };

/** A backend with the responses of a test, which records its queries. */
export function scriptedBackend(script: Script): TraceBackend & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    kind: 'jaeger',
    url: 'http://backend.test',
    async byID(id, signal) {
      asked.push({ how: 'byID', id });
      return script.byID?.(id, signal) ?? ABSENT;
    },
    async search(query, signal) {
      asked.push({ how: 'search', query });
      return script.search?.(query, signal) ?? ABSENT;
    },
    traceURL: (id) => `http://backend.test/trace/${id}`,
  };
}

export const foundSpans = (...spans: Extract<Lookup, { status: 'found' }>['spans']): Lookup => ({
  status: 'found',
  spans,
});
