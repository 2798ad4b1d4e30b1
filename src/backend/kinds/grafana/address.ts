import type { TraceID } from '../../../trace/ids.ts';

/** A data source of Grafana that has traces. */
export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly kind: 'tempo' | 'jaeger' | 'zipkin';
  readonly isDefault: boolean;
}

/** Grafana forwards all requests below this path (its HTTP API, "Data source proxy calls by UID"). */
export const proxyAddress = (grafana: string, uid: string): string => `${grafana}/api/datasources/proxy/uid/${uid}`;

const PROXY = /^(.*)\/api\/datasources\/proxy\/uid\/([\w-]{1,64})$/;

/** Whether an address is that of one data source. */
export const isDataSource = (url: string): boolean => PROXY.test(url);

/** Grafana's own address, and the data source's UID where the address names one. */
export function splitAddress(url: string): { readonly grafana: string; readonly uid?: string } {
  const [, grafana, uid] = PROXY.exec(url) ?? [];
  return grafana === undefined || uid === undefined ? { grafana: url } : { grafana, uid };
}

/** The page "Explore" with the trace, as Grafana ≥ 10 has it in its address (schema version 1). */
export function exploreURL(grafana: string, { uid, kind }: DataSource, id: TraceID): string {
  const query = {
    refId: 'A',
    datasource: { type: kind, uid },
    query: id,
    ...(kind === 'tempo' && { queryType: 'traceql' }),
  };
  const panes = { trace: { datasource: uid, queries: [query], range: { from: 'now-1h', to: 'now' } } };
  return `${grafana}/explore?${new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes) })}`;
}
