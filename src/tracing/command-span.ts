import type { SpanID, TraceID } from '../trace/ids.ts';
import type { EpochNanos } from '../trace/time.ts';

/** When a command was at work, and under which IDs. */
export interface CommandSpan {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  readonly parentSpanID: SpanID | null;
  readonly startedAt: EpochNanos;
  readonly endedAt: EpochNanos;
}

/** The span name of a command, as it was typed: `kubectl trace get nodes`. Credentials are out of `args` already. */
export const commandName = ({ args }: { readonly args: readonly string[] }): string =>
  ['kubectl trace', ...args].join(' ');
