import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import { between, epochNanos, type EpochNanos } from '../../trace/time.ts';
import type { Lookup, SearchQuery, TraceBackend } from '../backend.ts';
import {
  API_SERVER,
  auditIDOnSpans,
  hasAuditID,
  hasFingerprint,
  isServerBelow,
  linksTo,
  USER_AGENT_ATTRIBUTES,
  type Fingerprint,
  type RequestKeys,
} from './request-keys.ts';

export type FoundBy = 'trace-id' | 'link' | 'audit-id' | 'fingerprint';

/** Which trace holds a request, and how that is known. */
export interface TraceLocation {
  readonly traceID: TraceID;
  readonly foundBy: FoundBy;
}

/** One look-up of one request. `certain` is false for a trace that only some other server than the API server is in. */
export type Located =
  | (TraceLocation & {
      readonly status: 'found';
      readonly certain: boolean;
      readonly spans: readonly Span[];
      readonly dropped?: number;
      readonly cut?: string;
    })
  | Exclude<Lookup, { readonly status: 'found' }>;

export interface LocateOptions {
  readonly now: EpochNanos;
  /** From an earlier look-up: then that trace is fetched and nothing searched. */
  readonly known?: TraceLocation;
  /** Also try what costs more: clocks that disagree by minutes, and the fingerprint where there is an audit ID. */
  readonly thorough?: boolean;
}

/**
 * Looks for one request: by our trace ID, which is sound only where the trace has this very request, since discovery
 * and request of a command share it; then by its audit ID; then by its fingerprint. What a search finds is fetched
 * again by ID, because a search may return part of a trace, and with less precision.
 */
export async function locate(
  keys: RequestKeys,
  backend: TraceBackend,
  options: LocateOptions,
  signal: AbortSignal,
): Promise<Located> {
  if (options.known !== undefined) return fetchKnown(options.known, backend, signal);
  const ours = await backend.byID(keys.traceID, signal);
  if (ours.status === 'unavailable' || ours.status === 'failed') return ours;
  const byTraceID = ours.status === 'found' ? whereAmongOurs(ours.spans, keys) : undefined;
  if (ours.status === 'found' && byTraceID === 'certain') return found(ours, keys.traceID, 'trace-id', true);

  const searched = await search(keys, backend, options, signal);
  // It came in between the two questions: our own ID is what finds it from now on.
  if (searched.status === 'found' && searched.traceID === keys.traceID) return { ...searched, foundBy: 'trace-id' };
  if (searched.status !== 'absent' && searched.status !== 'unavailable') return searched;
  if (ours.status === 'found' && byTraceID === 'uncertain') return found(ours, keys.traceID, 'trace-id', false);
  return searched;
}

/** Looks for a trace by nothing but its ID. */
export function locateTrace(traceID: TraceID, backend: TraceBackend, signal: AbortSignal): Promise<Located> {
  return fetchKnown({ traceID, foundBy: 'trace-id' }, backend, signal);
}

type Found = Extract<Lookup, { readonly status: 'found' }>;

const found = ({ spans, dropped, cut }: Found, traceID: TraceID, foundBy: FoundBy, certain: boolean): Located => ({
  status: 'found',
  traceID,
  foundBy,
  certain,
  spans,
  ...(dropped === undefined ? {} : { dropped }),
  ...(cut === undefined ? {} : { cut }),
});

async function fetchKnown(known: TraceLocation, backend: TraceBackend, signal: AbortSignal): Promise<Located> {
  const lookup = await backend.byID(known.traceID, signal);
  return lookup.status === 'found' ? found(lookup, known.traceID, known.foundBy, true) : lookup;
}

/** Is the request among the spans under our own trace ID? Undefined when it is not. */
export function whereAmongOurs(spans: readonly Span[], keys: RequestKeys): 'certain' | 'uncertain' | undefined {
  let uncertain = false;
  for (const span of spans) {
    if (hasAuditID(span, keys)) return 'certain';
    if (!isServerBelow(span, keys)) continue;
    if (span.resource.service === API_SERVER) return 'certain';
    uncertain = true;
  }
  return uncertain ? 'uncertain' : undefined;
}

/** The API server's clock may differ from ours, and its root span starts before its handler does. */
const MARGIN_NANOS = 2_000_000_000n;
const WIDE_MARGIN_NANOS = 600_000_000_000n;

async function search(
  keys: RequestKeys,
  backend: TraceBackend,
  { now, thorough = false }: LocateOptions,
  signal: AbortSignal,
): Promise<Located> {
  const { auditID, fingerprint } = keys;
  let last: Located = { status: 'absent' };
  if (auditID !== null && auditID !== '') {
    const attributes = { 'audit-id': auditIDOnSpans(auditID) };
    // An audit ID is one request's alone, so that nothing wrong is found in a wider window.
    const query = { service: API_SERVER, attributes, ...windowOf(keys, now, thorough), limit: 5 };
    last = await searchAndFetch(query, backend, signal, (spans) => byAuditID(spans, keys));
    if (last.status === 'found') return last;
  }
  if (backend.searchesLinks === true && (thorough || auditID === null)) {
    const query = { service: API_SERVER, linkedTo: keys.traceID, ...windowOf(keys, now, thorough), limit: 20 };
    const result = await searchAndFetch(query, backend, signal, (spans) => byLink(spans, keys));
    if (result.status === 'found') return result;
    if (result.status === 'unavailable') last = result;
  }
  if (fingerprint === undefined || (!thorough && auditID !== null)) return last;
  for (const name of USER_AGENT_ATTRIBUTES) {
    const attributes = { [name]: fingerprint.userAgent };
    const query = { service: API_SERVER, attributes, ...windowOf(keys, now, false), limit: 20 };
    const result = await searchAndFetch(query, backend, signal, (spans) => byFingerprint(spans, keys, fingerprint));
    if (result.status === 'found') return result;
    if (result.status === 'unavailable') last = result;
  }
  return last;
}

function windowOf(keys: RequestKeys, now: EpochNanos, wide: boolean): Pick<SearchQuery, 'from' | 'to'> {
  const before = wide ? WIDE_MARGIN_NANOS : MARGIN_NANOS;
  return { from: epochNanos(keys.startedAt - before), to: epochNanos(now + (wide ? WIDE_MARGIN_NANOS : 0n)) };
}

async function searchAndFetch(
  query: SearchQuery,
  backend: TraceBackend,
  signal: AbortSignal,
  choose: (spans: readonly Span[]) => TraceLocation | undefined,
): Promise<Located> {
  const response = await backend.search(query, signal);
  // Fetching by ID has worked a moment ago: a backend that allows no searches may yet get our trace under our own ID.
  if (response.status === 'failed') return { status: 'unavailable', message: response.message };
  if (response.status !== 'found') return response;
  const where = choose(response.spans);
  if (where === undefined) return { status: 'absent' };
  const complete = await fetchKnown(where, backend, signal);
  if (complete.status === 'found') return complete;
  const spans = response.spans.filter((span) => span.traceID === where.traceID);
  return found({ status: 'found', spans }, where.traceID, where.foundBy, true);
}

/**
 * A search for an audit ID may find two traces: an aggregated API server gets the request with the same audit ID and
 * may begin its own trace. The one that names our client span is ours; otherwise the one that began first.
 */
function byAuditID(spans: readonly Span[], keys: RequestKeys): TraceLocation | undefined {
  const traces = new Set(spans.filter((span) => hasAuditID(span, keys)).map((span) => span.traceID));
  const candidates = spans.filter((span) => traces.has(span.traceID));
  const chosen = candidates.find((span) => linksTo(span, keys)) ?? earliest(candidates);
  return chosen === undefined ? undefined : { traceID: chosen.traceID, foundBy: 'audit-id' };
}

/** Every request of the command has our trace ID: the one that names this request's span is this one's. */
function byLink(spans: readonly Span[], keys: RequestKeys): TraceLocation | undefined {
  const linked = spans.find((span) => linksTo(span, keys));
  return linked === undefined ? undefined : { traceID: linked.traceID, foundBy: 'link' };
}

/** Several requests of a command may be alike: without a link the one that started closest to ours is taken. */
function byFingerprint(spans: readonly Span[], keys: RequestKeys, fingerprint: Fingerprint): TraceLocation | undefined {
  // It came in between the two searches: the audit ID is what finds it from now on.
  const audited = byAuditID(spans, keys);
  if (audited !== undefined) return audited;
  const alike = spans.filter((span) => hasFingerprint(span, fingerprint));
  const linked = alike.find((span) => linksTo(span, keys));
  if (linked !== undefined) return { traceID: linked.traceID, foundBy: 'link' };
  const distance = (span: Span): number => Math.abs(between(keys.startedAt, span.start));
  let closest: Span | undefined;
  for (const span of alike) if (closest === undefined || distance(span) < distance(closest)) closest = span;
  return closest === undefined ? undefined : { traceID: closest.traceID, foundBy: 'fingerprint' };
}

function earliest(spans: readonly Span[]): Span | undefined {
  let first: Span | undefined;
  for (const span of spans) if (first === undefined || span.start < first.start) first = span;
  return first;
}
