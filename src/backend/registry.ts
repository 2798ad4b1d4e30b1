import { withDeadline } from '../deadline.ts';
import type { Clock } from '../runtime.ts';
import type { BackendKind, BackendSpec, TraceBackend } from './backend.ts';
import { withTimeout } from './find/deadline.ts';
import { GrafanaBackend } from './kinds/grafana/grafana.ts';
import type { HTTPOptions } from './http/client.ts';
import { JaegerBackend } from './kinds/jaeger/jaeger.ts';
import { tenantHeaders } from './kinds.ts';
import { LocalBackend } from './kinds/local.ts';
import { probe } from './detect/probe.ts';
import { ProbedBackend } from './detect/probed.ts';
import { TempoBackend } from './kinds/tempo/tempo.ts';
import { VictoriaTracesBackend } from './kinds/victoriatraces.ts';
import { ZipkinBackend } from './kinds/zipkin/zipkin.ts';

export interface BackendOptions extends HTTPOptions {
  readonly clock: Clock;
  /** The longest that one look-up may take; 10 s by default. */
  readonly timeoutMillis?: number;
  /** `--backend-tenant`, sent in the header that the kind has for it. */
  readonly tenant?: string;
}

const OPENERS = {
  jaeger: (url, options) => new JaegerBackend(url, options),
  local: (url, options) => new LocalBackend(url, options),
  tempo: (url, options) => new TempoBackend(url, options),
  zipkin: (url, options) => new ZipkinBackend(url, options),
  victoriatraces: (url, options) => new VictoriaTracesBackend(url, options),
  grafana: (url, options) => new GrafanaBackend(url, options),
} satisfies Record<BackendKind, (url: string, options: HTTPOptions) => TraceBackend>;

/** The backend that a spec names; nothing is sent yet. Without a kind it is detected by the first request. */
export function openBackend({ kind, url }: BackendSpec, options: BackendOptions): TraceBackend {
  const open = (known: BackendKind, at: string): TraceBackend => OPENERS[known](at, withTenant(known, options));
  const backend =
    kind === undefined ? new ProbedBackend(url, (known) => withTenant(known, options), open) : open(kind, url);
  return withTimeout(backend, options.timeoutMillis ?? 10_000, options.clock);
}

/** Maximum time for detecting the backend before the look-up begins without knowing its kind. */
const PROBE_MILLIS = 2000;

/** As `openBackend`, but the kind is detected at once if the address responds: the waiting time depends on it. */
export async function openKnownBackend(
  spec: BackendSpec,
  options: BackendOptions,
  signal: AbortSignal,
): Promise<TraceBackend> {
  if (spec.kind !== undefined) return openBackend(spec, options);
  const optionsOf = (kind: BackendKind): HTTPOptions => withTenant(kind, options);
  const found = await withDeadline(options.clock, PROBE_MILLIS, signal, (both) => probe(spec.url, { optionsOf }, both));
  return openBackend(found.status === 'recognised' ? found : spec, options);
}

function withTenant(kind: BackendKind, options: BackendOptions): BackendOptions {
  const { tenant } = options;
  if (tenant === undefined) return options;
  return { ...options, headers: { ...tenantHeaders(kind, tenant), ...options.headers } };
}
