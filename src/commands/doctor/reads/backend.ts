import type { TraceBackend } from '../../../backend/backend.ts';
import { KINDS, searchLagMillis } from '../../../backend/kinds.ts';
import type { LookupFlags } from '../../../cli/options/lookup.ts';
import type { Backend, KnownService } from '../../../doctor/observed.ts';
import type { Reading } from '../../../doctor/reading.ts';
import { untilDeadline } from '../../../deadline.ts';
import type { OpenBackend } from '../../../tracing/backend/choice.ts';
import { NOT_READY } from '../../../tracing/backend/in-cluster/reach.ts';
import { chooseBackend, openChosen } from '../../../tracing/backend/choose.ts';
import { between, epochNanos, nanos } from '../../../trace/time.ts';
import { NO_TIME_LEFT, type ReadContext } from './reader.ts';

/** The backend that look-ups go to, or why there is none. */
export type OpenedBackend =
  | { readonly status: 'open'; readonly opened: OpenBackend }
  | {
      readonly status: 'none';
      readonly reading: Exclude<Reading<Backend>, { readonly status: 'read' }>;
      /** The next step, where it is known. */
      readonly hint?: string | undefined;
    };

/** A search of the whole cluster takes longer than one request. */
const OPEN_MILLIS = 10_000;
/** A canary has some 20 spans. What is larger takes seconds to read, and no signal ends that. */
const LARGEST_BODY = 16 * 1024 * 1024;
const SERVICES = ['apiserver', 'etcd', 'kubelet'];
const HOUR_NANOS = 3_600_000_000_000n;

/** Opens the backend of the flags, or that of the cluster. Never rejects with anything but a UsageError. */
export async function openBackend(lookup: LookupFlags, context: ReadContext): Promise<OpenedBackend> {
  const { cluster, runtime, signal } = context;
  const choice = await chooseBackend(lookup, runtime);
  const wanted = { purpose: 'arriving', clusterOf: async () => cluster, largestBody: LARGEST_BODY } as const;
  const opening = openChosen(choice, wanted, runtime);
  const opened = await untilDeadline(runtime.clock, OPEN_MILLIS, opening, signal);
  if (opened === undefined) {
    const close = (late: Awaited<typeof opening>): unknown => (late.status === 'open' ? late.close() : undefined);
    void opening.then(close, () => undefined);
    const what = choice.spec === undefined ? 'no trace backend was found' : 'the trace backend does not respond';
    return none({ status: 'failed', problem: `${what} within ${OPEN_MILLIS / 1000} s` });
  }
  if (opened.status === 'open') return { status: 'open', opened };
  const { error } = opened;
  if (choice.spec !== undefined || error?.reason === NOT_READY) {
    const reading = { status: 'failed', problem: error?.message ?? 'the trace backend is not reached' } as const;
    return { status: 'none', reading, hint: error?.hint ?? undefined };
  }
  return none({
    status: 'none',
    why: [error?.message ?? 'no trace backend is configured', ...(error?.details ?? [])].join('; '),
  });
}

const none = (reading: Exclude<Reading<Backend>, { readonly status: 'read' }>): OpenedBackend => ({
  status: 'none',
  reading,
});

/** Whether the backend responds, and the age of the newest span of each service that Kubernetes has. */
export async function readBackend(backend: TraceBackend, context: ReadContext): Promise<Reading<Backend>> {
  const services = await Promise.all(SERVICES.map((name) => readService(name, backend, context)));
  const failed = services.find(({ newest }) => newest.status === 'failed')?.newest;
  if (failed?.status === 'failed' && services.every(({ newest }) => newest.status === 'failed')) return failed;
  const { kind, url } = backend;
  return {
    status: 'read',
    value: {
      kind: kind === 'unknown' ? kind : KINDS[kind].name,
      url,
      searchLagMillis: searchLagMillis(kind),
      services,
    },
  };
}

async function readService(
  name: string,
  backend: TraceBackend,
  { runtime, signal }: ReadContext,
): Promise<KnownService> {
  const now = runtime.clock.now();
  const query = { service: name, from: epochNanos(now - HOUR_NANOS), to: now, limit: 1 };
  const result = await backend.search(query, signal);
  // A search that is ended here says nothing of the backend.
  if (signal.aborted && result.status !== 'found') return { name, newest: { status: 'none', why: NO_TIME_LEFT } };
  if (result.status === 'absent') return { name, newest: { status: 'read', value: null } };
  if (result.status !== 'found') return { name, newest: { status: 'failed', problem: result.message } };
  const ends = result.spans.filter(({ resource }) => resource.service === name).map(({ end }) => end);
  const last = ends.reduce((latest, end) => (end > latest ? end : latest), 0n);
  const age = last === 0n ? null : nanos(Math.max(0, between(epochNanos(last), now)));
  return { name, newest: { status: 'read', value: age } };
}
