import type { LookupTask, Wanted } from '../../src/tracing/lookup/task.ts';
import type { RequestReport } from '../../src/report/report.ts';
import { after } from '../../src/trace/time.ts';

/** One request whose trace is looked for, as its command has sent it. */
export function lookupTask(
  about: Pick<LookupTask, 'traceID' | 'startedAt' | 'flags' | 'predict'> & { readonly request: RequestReport },
): LookupTask {
  const { request, startedAt, flags, ...rest } = about;
  return {
    ...rest,
    requests: [request],
    spanID: null,
    parentSpanID: null,
    startedAt,
    command: 'kubectl trace get nodes',
    userAgent: null,
    choice: { spec: undefined, again: false, access: undefined, via: undefined },
    clusterOf: async () => undefined,
    flags,
    deadline: after(after(startedAt, request.durationNanos), flags.wait),
    past: false,
    isAwaited: () => true,
    server: null,
  };
}

/** The same request, with what its trace is found by. */
export function wantedOf({ traceID, startedAt }: LookupTask, sent: RequestReport): Wanted {
  return {
    sent,
    keys: { traceID, spanID: sent.spanID, auditID: sent.auditID, startedAt },
    answeredAt: after(startedAt, sent.durationNanos),
    awaited: true,
  };
}
