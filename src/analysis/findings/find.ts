import { clockOffset } from './client/clock-offset.ts';
import { slowConversionWebhook } from './server/conversion-webhook.ts';
import { etcdNotAnswering } from './etcd/etcd-not-answering.ts';
import { etcdSlowCommit } from './etcd/etcd-slow-commit.ts';
import { Evidence, type Subject } from './trace-index.ts';
import type { FindingFacts } from './context.ts';
import { failure } from './failure.ts';
import type { Finder, Finding } from './finding.ts';
import { largeResponse } from './client/large-response.ts';
import { listFromEtcd } from './etcd/list-from-etcd.ts';
import { priorityQueueing } from './server/priority-queueing.ts';
import { nPlusOne, repeatedRequests } from './client/repeated-requests.ts';
import { slowAdmission } from './server/slow-admission.ts';
import { slowAuthentication } from './server/slow-authentication.ts';
import { slowAuthorization } from './server/slow-authorization.ts';
import { slowClient } from './client/slow-client.ts';
import { slowDiscovery } from './client/slow-discovery.ts';
import { slowEtcd } from './etcd/slow-etcd.ts';
import { slowKMS } from './etcd/slow-kms.ts';
import { slowNetwork } from './client/slow-network.ts';
import { slowWebhooks } from './server/slow-webhook.ts';
import { staleWatchCache } from './etcd/stale-watch-cache.ts';
import { throttled } from './server/throttled.ts';
import { SHORTEST_TRACE } from './thresholds.ts';
import { unpagedList } from './client/unpaged-list.ts';
import { updateConflicts } from './client/update-conflicts.ts';

/** Made of every trace, however short. */
const OF_EVERY_TRACE: readonly Finder[] = [failure, throttled, clockOffset];

/** Made of what an API server, etcd and our own client report. */
const OF_KUBERNETES: readonly Finder[] = [
  slowWebhooks,
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
];

const isOfKubernetes = ({ trace: { services } }: Subject): boolean =>
  ['apiserver', 'etcd', 'kubectl-trace'].some((service) => services.has(service));

/** So many findings a screen has room for. */
const MOST_TOLD = 3;

/** The findings that people are told; data outputs have all of them. Of clocks a note tells already. */
export const toldFindings = (all: readonly Finding[]): readonly Finding[] =>
  all.filter(({ id }) => id !== 'clock-offset').slice(0, MOST_TOLD);

/** What a trace means: failures first, then what would save most. Nothing below the thresholds. */
export function findings(subject: Subject, facts: FindingFacts): readonly Finding[] {
  const evidence = new Evidence(subject, facts);
  const isWorthIt = subject.trace.duration >= SHORTEST_TRACE && isOfKubernetes(subject);
  const finders = isWorthIt ? [...OF_EVERY_TRACE, ...OF_KUBERNETES] : OF_EVERY_TRACE;
  return finders
    .flatMap((finder) => finder(evidence))
    .sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error') || b.nanos - a.nanos);
}
