import { authenticationOf, authenticationWindow } from '../../analysis/kubernetes/authentication.ts';
import { textAttribute } from '../../analysis/attributes.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import type { FinishedLookup } from '../../backend/find/lookup.ts';
import type { RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { Span } from '../../trace/span.ts';
import { after, epochNanos, nanos } from '../../trace/time.ts';
import type { TraceJudgement, Wanted } from './task.ts';

/** More authentications than this in a request's few milliseconds cannot be distinguished. */
const LIMIT = 5;

/** In a command with hundreds of requests this many are joined: those in which it can have taken long. */
const MAX_JOINED = 40;

const longest = <One extends { readonly request: Wanted }>(lookups: readonly One[]): readonly One[] =>
  lookups.toSorted((a, b) => b.request.sent.durationNanos - a.request.sent.durationNanos).slice(0, MAX_JOINED);

/** The `authentication` spans that belong to requests whose server trace was found, queried once. */
export async function joinAuthentications(
  lookups: readonly FinishedLookup<TraceJudgement, Wanted>[],
  backend: TraceBackend,
  runtime: Runtime,
): Promise<ReadonlyMap<RequestReport, Span>> {
  const joined = new Map<RequestReport, Span>();
  await Promise.all(
    longest(lookups).map(async ({ request: { sent, keys, answeredAt, awaited }, judgement }) => {
      const root = judgement?.analysis.server?.root;
      if (!awaited || root === undefined || root.kind !== 'server' || runtime.interrupted.aborted) return;
      const { dnsNanos, connectNanos, tlsNanos } = sent.phases;
      const connected = nanos((dnsNanos ?? 0) + (connectNanos ?? 0) + (tlsNanos ?? 0));
      const window = authenticationWindow(root, after(keys.startedAt, connected), answeredAt);
      const instance = textAttribute(root.resource.attributes, 'service.instance.id');
      const lookup = await backend.search(
        {
          service: root.resource.service,
          operation: 'authentication',
          // Backends store microseconds: the query covers a little more than can fit.
          from: epochNanos(window.from - 1_000_000n),
          to: epochNanos(root.start + 1_000_000n),
          limit: LIMIT,
          ...(instance !== undefined && { attributes: { 'service.instance.id': instance } }),
        },
        runtime.interrupted,
      );
      const found = lookup.status === 'found' ? authenticationOf(lookup.spans, window) : undefined;
      if (found !== undefined) joined.set(sent, found);
    }),
  );
  return joined;
}
