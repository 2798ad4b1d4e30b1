import { analyse } from '../analysis/analyse.ts';
import { assembleSpans } from '../analysis/assemble/assemble-spans.ts';
import { ExitCode } from '../errors.ts';
import type { TraceID } from '../trace/ids.ts';
import type { Span } from '../trace/span.ts';
import type { ErrorReport, Report, ReportVerdict, ShownTrace } from './report.ts';

/** A trace that is shown without a command. */
export interface Shown {
  readonly traceID: TraceID;
  readonly spans: readonly Span[];
  readonly args: readonly string[];
  readonly version: string;
  /** Null where no backend was queried for more. */
  readonly verdict: ReportVerdict | null;
  readonly backend: Report['backend'];
  readonly shown: ShownTrace;
  readonly error: ErrorReport | null;
}

/** A report without a request: all that is known is in the spans. */
export function spansReport({ traceID, spans, args, version, shown, ...rest }: Shown): Report {
  const trace = assembleSpans(spans);
  return {
    toolVersion: version,
    exitCode: rest.error?.code ?? ExitCode.ok,
    cluster: { context: null, server: null, version: null },
    command: {
      verb: 'show',
      args,
      traceID,
      spanID: null,
      startTime: trace?.startedAt ?? null,
      durationNanos: trace?.duration ?? null,
    },
    requests: [],
    analysis: trace === undefined ? null : analyse(trace),
    shown,
    ...rest,
  };
}

/** A stored trace as `serve` shows it, as text and in a browser. */
export const servedTrace = (trace: Pick<Shown, 'traceID' | 'spans' | 'version' | 'verdict'>): Shown => ({
  ...trace,
  args: ['show', trace.traceID],
  backend: null,
  shown: { from: 'kubectl trace serve', waitedNanos: null },
  error: null,
});
