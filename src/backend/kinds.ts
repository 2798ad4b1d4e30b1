import { tableOf } from '../format/table-of.ts';
import type { BackendKind } from './backend.ts';

/** Facts about a kind of backend, besides its API. */
export interface KindFacts {
  readonly name: string;
  /** Port of its query API, as in its documents and charts. */
  readonly port: number;
  /** Paths below which it is often served: tried when there is no response at the address itself. */
  readonly prefixes: readonly string[];
  /** The header that `--backend-tenant` is sent in; undefined where there are no tenants. */
  readonly tenantHeader?: string;
  /** How long it may take to show by ID what it has taken in, by its own defaults. In milliseconds. */
  readonly lagMillis: number;
  /**
   * How far its search may be behind what it has taken in: a trace that is not found within that time may be there. An
   * upper bound for the usual installations, not a typical value. In milliseconds.
   */
  readonly searchLagMillis: number;
  /** The default of --wait, where 30 s would be too short. In milliseconds. */
  readonly waitMillis?: number;
}

/** In memory a trace is found at once; Elasticsearch and OpenSearch refresh their indices every second. */
const INDEXED_MILLIS = 2000;

export const KINDS: Readonly<Record<BackendKind, KindFacts>> = {
  jaeger: {
    name: 'Jaeger',
    port: 16686,
    prefixes: ['/jaeger', '/jaeger/ui'],
    tenantHeader: 'x-tenant',
    lagMillis: 0,
    searchLagMillis: INDEXED_MILLIS,
  },
  // By ID, at once. A search sees a trace when it has been cut (trace_idle_period and flush_check_period, up to 20 s);
  // with a queue before it, and blocks that are completed and compacted, that has taken up to two minutes.
  tempo: {
    name: 'Grafana Tempo',
    port: 3200,
    prefixes: ['/tempo'],
    tenantHeader: 'x-scope-orgid',
    lagMillis: 0,
    searchLagMillis: 180_000,
    waitMillis: 45_000,
  },
  zipkin: { name: 'Zipkin', port: 9411, prefixes: ['/zipkin'], lagMillis: 0, searchLagMillis: INDEXED_MILLIS },
  // -insert.indexFlushInterval is 20 s, and a search leaves out the last 30 s (-search.latencyOffset).
  victoriatraces: {
    name: 'VictoriaTraces',
    port: 10428,
    prefixes: [],
    tenantHeader: 'accountid',
    lagMillis: 20_000,
    searchLagMillis: 60_000,
    waitMillis: 90_000,
  },
  // Mostly Tempo is behind it.
  grafana: {
    name: 'Grafana',
    port: 3000,
    prefixes: ['/grafana'],
    lagMillis: 0,
    searchLagMillis: 180_000,
    waitMillis: 45_000,
  },
  local: { name: 'kubectl trace serve', port: 16686, prefixes: [], lagMillis: 0, searchLagMillis: 0 },
};

/** How far the search of a backend may be behind, in milliseconds; of one that is not known, the most of all. */
export function searchLagMillis(kind: BackendKind | 'unknown'): number {
  if (kind !== 'unknown') return KINDS[kind].searchLagMillis;
  return Math.max(...Object.values(KINDS).map((facts) => facts.searchLagMillis));
}

export const BACKEND_KINDS = Object.keys(KINDS) as readonly BackendKind[];

/** As people also write them. */
const ALIASES: Readonly<Record<string, BackendKind>> = tableOf({
  victoria: 'victoriatraces',
  'victoria-traces': 'victoriatraces',
  serve: 'local',
});

export function backendKind(name: string): BackendKind | undefined {
  const typed = name.toLowerCase();
  return BACKEND_KINDS.find((known) => known === typed) ?? ALIASES[typed];
}

/** A tenant as the kind's headers say it: VictoriaTraces has an account and, after a colon, a project. */
export function tenantHeaders(kind: BackendKind, tenant: string): Readonly<Record<string, string>> {
  const { tenantHeader } = KINDS[kind];
  if (tenantHeader === undefined) return {};
  if (kind !== 'victoriatraces') return { [tenantHeader]: tenant };
  const [account = '', project] = tenant.split(':');
  return { accountid: account, ...(project !== undefined && { projectid: project }) };
}
