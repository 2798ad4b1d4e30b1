import type { Clock } from '../runtime.ts';
import type { BackendKind, BackendSpec, TraceBackend } from './backend.ts';
import { withTimeout } from './deadline.ts';
import type { HTTPOptions } from './http.ts';
import { JaegerBackend } from './jaeger.ts';
import { LocalBackend } from './local.ts';

export interface BackendOptions extends HTTPOptions {
  readonly clock: Clock;
  /** The longest that one look-up may take; 10 s by default. */
  readonly timeoutMillis?: number;
}

const OPENERS = {
  jaeger: (url, options) => new JaegerBackend(url, options),
  local: (url, options) => new LocalBackend(url, options),
} satisfies Record<BackendKind, (url: string, options: HTTPOptions) => TraceBackend>;

/** The backend that a spec names; nothing is sent yet. Without a kind it is taken for Jaeger. */
export function openBackend(spec: BackendSpec, options: BackendOptions): TraceBackend {
  const backend = OPENERS[spec.kind ?? 'jaeger'](spec.url, options);
  return withTimeout(backend, options.timeoutMillis ?? 10_000, options.clock);
}
