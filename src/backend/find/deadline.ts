import { withDeadline } from '../../deadline.ts';
import type { Clock } from '../../runtime.ts';
import type { Lookup, TraceBackend } from '../backend.ts';

/** A backend each of whose look-ups, headers and body together, ends after `millis`: then it is unavailable. */
export function withTimeout(backend: TraceBackend, millis: number, clock: Clock): TraceBackend {
  const limited = (signal: AbortSignal, query: (signal: AbortSignal) => Promise<Lookup>): Promise<Lookup> =>
    withDeadline(clock, millis, signal, async (both, late) => {
      const lookup = await query(both);
      return late.aborted && lookup.status === 'unavailable'
        ? { status: 'unavailable', message: `${backend.url} did not respond within ${millis / 1000}s` }
        : lookup;
    });
  return wrapped(backend, {
    byID: (id, signal) => limited(signal, (both) => backend.byID(id, both)),
    search: (query, signal) => limited(signal, (both) => backend.search(query, both)),
  });
}

/** The same backend with other request methods. Its kind may become known only by a request. */
export function wrapped(backend: TraceBackend, asking: Pick<TraceBackend, 'byID' | 'search'>): TraceBackend {
  return {
    ...asking,
    get kind() {
      return backend.kind;
    },
    get url() {
      return backend.url;
    },
    get searchesLinks() {
      return backend.searchesLinks ?? false;
    },
    traceURL: (id) => backend.traceURL(id),
  };
}
