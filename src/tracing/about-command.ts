import type { RequestInvocation } from '../commands/invocation.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import type { Report } from '../report/report.ts';
import { between } from '../trace/time.ts';
import type { CommandSpan } from './client-spans.ts';

/** What a report says of the command itself, and of the cluster that it was for. */
export function aboutCommand(
  { kind, args }: Pick<RequestInvocation, 'kind' | 'args'>,
  { contextName, server }: Cluster,
  span: CommandSpan,
  serverVersion: string | null,
): Pick<Report, 'cluster' | 'command'> {
  const { traceID, spanID, parentSpanID, startedAt, endedAt } = span;
  return {
    cluster: { context: contextName, server, version: serverVersion },
    command: {
      verb: kind,
      args,
      traceID,
      spanID,
      parentSpanID,
      startTime: startedAt,
      durationNanos: between(startedAt, endedAt),
    },
  };
}
