import { clockOffset } from './client/clock-offset.ts';
import { largeResponse } from './client/large-response.ts';
import { nPlusOne } from './client/n-plus-one.ts';
import { repeatedRequests } from './client/repeated-requests.ts';
import { slowClient } from './client/slow-client.ts';
import { slowDiscovery } from './client/slow-discovery.ts';
import { slowGateway } from './client/slow-gateway.ts';
import { slowNetwork } from './client/slow-network.ts';
import { unpagedList } from './client/unpaged-list.ts';
import { updateConflicts } from './client/update-conflicts.ts';
import type { FindingDefinition } from './define-finding.ts';
import { etcdNotAnswering } from './etcd/etcd-not-answering.ts';
import { etcdSlowCommit } from './etcd/etcd-slow-commit.ts';
import { listFromEtcd } from './etcd/list-from-etcd.ts';
import { slowEtcd } from './etcd/slow-etcd.ts';
import { slowKMS } from './etcd/slow-kms.ts';
import { staleWatchCache } from './etcd/stale-watch-cache.ts';
import { failure } from './failure.ts';
import type { Finding } from './finding.ts';
import type { FindingContext } from './finding-context.ts';
import { slowConversionWebhook } from './server/conversion-webhook.ts';
import { priorityQueueing } from './server/priority-queueing.ts';
import { slowAdmission } from './server/slow-admission.ts';
import { slowAuthentication } from './server/slow-authentication.ts';
import { slowAuthorization } from './server/slow-authorization.ts';
import { slowWebhook } from './server/slow-webhook.ts';
import { throttled } from './server/throttled.ts';
import { ALWAYS, MIN_TRACE_DURATION } from './thresholds.ts';
import { TraceIndex, type AnalysedTrace } from './trace-index.ts';

/** Every finding, in the order of docs/findings.md. A new finding is one file, with its words at the head, and one line here. */
export const FINDINGS: readonly FindingDefinition[] = [
  failure,
  throttled,
  clockOffset,
  slowWebhook,
  slowConversionWebhook,
  priorityQueueing,
  slowAuthentication,
  slowAuthorization,
  slowAdmission,
  etcdNotAnswering,
  etcdSlowCommit,
  slowEtcd,
  staleWatchCache,
  updateConflicts,
  slowKMS,
  unpagedList,
  listFromEtcd,
  largeResponse,
  repeatedRequests,
  nPlusOne,
  slowClient,
  slowDiscovery,
  slowNetwork,
  slowGateway,
];

const isFromKubernetes = ({ trace: { services } }: AnalysedTrace): boolean =>
  ['apiserver', 'etcd', 'kubectl-trace'].some((service) => services.has(service));

/** Maximum number of findings on a screen. */
const MAX_DISPLAYED = 3;

/** The findings shown to people; data outputs have all of them. A note reports clock offsets instead. */
export const displayedFindings = (all: readonly Finding[]): readonly Finding[] =>
  withoutNotes(all).slice(0, MAX_DISPLAYED);

/** Findings that only data outputs have. */
export const hiddenCount = (all: readonly Finding[]): number => Math.max(0, withoutNotes(all).length - MAX_DISPLAYED);

const withoutNotes = (all: readonly Finding[]): readonly Finding[] => all.filter(({ id }) => id !== 'clock-offset');

/** The findings of a trace above their thresholds: failures first, then by the time they could save. */
export function findings(analysed: AnalysedTrace, context: FindingContext): readonly Finding[] {
  const index = new TraceIndex(analysed, context);
  const includesTime = analysed.trace.duration - analysed.openNanos >= MIN_TRACE_DURATION && isFromKubernetes(analysed);
  return FINDINGS.filter(({ threshold }) => includesTime || threshold === ALWAYS)
    .flatMap(({ find }) => find(index))
    .sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error') || b.nanos - a.nanos);
}
