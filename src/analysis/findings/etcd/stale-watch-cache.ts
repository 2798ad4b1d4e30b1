import { shell } from '../../../format/shell-command.ts';
import { textAttribute } from '../../attributes.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/**
 * A consistent read gets the newest revision from etcd, then waits until the watch cache has seen that revision (KEP-2340;
 * k8s.io/apiserver pkg/storage/cacher/cacher.go). The read's own time until then is the wait; the call of etcd has spans.
 */
export const staleWatchCache = defineTimeFinding({
  id: 'stale-watch-cache',
  threshold: atLeast(50, 10),
  title: ({ type }) => `waiting for the watch cache${type === undefined ? '' : ` of ${type}`} to catch up with etcd`,
  detail:
    "The API server serves a consistent read from its watch cache once the cache has seen etcd's newest revision.",
  hint: "The cache learns of revisions through a watch of etcd: check etcd's load and the API server's CPU. With resourceVersion=0 a read returns what the cache has.",
  command: shell`kubectl get --raw /metrics | grep apiserver_watch_cache_read_wait_seconds_sum`,
  find,
});

function find(index: TraceIndex) {
  const reads = index.named('apiserver', 'cacher.GetList', 'cacher list', 'cacher.Get', 'cacher.Watch');
  const parts = reads.flatMap((span): Part[] => {
    const fresh = index.eventOffset(span, 'watchCache fresh enough');
    return fresh === undefined ? [] : [{ span, nanos: index.ownTimeWithin(span, span.offset, fresh) }];
  });
  const [longest] = parts.toSorted((a, b) => b.nanos - a.nanos);
  return [{ type: longest === undefined ? undefined : textAttribute(longest.span.span.attributes, 'type'), parts }];
}
