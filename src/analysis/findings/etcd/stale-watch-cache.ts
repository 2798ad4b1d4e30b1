import { shell } from '../../../format/shell-command.ts';
import { textAttribute } from '../../attributes.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/**
 * A consistent read asks etcd for its revision, then waits until the watch cache has seen that one (KEP-2340; k8s.io/apiserver
 * pkg/storage/cacher/cacher.go). Its own time until then is the waiting; asking etcd has spans of its own.
 */
export const staleWatchCache: Finder = (evidence) => {
  const reads = evidence.named('apiserver', 'cacher.GetList', 'cacher list', 'cacher.Get', 'cacher.Watch');
  const parts = reads.flatMap((span): Part[] => {
    const fresh = evidence.eventOffset(span, 'watchCache fresh enough');
    return fresh === undefined ? [] : [{ span, nanos: evidence.ownTimeWithin(span, span.offset, fresh) }];
  });
  const [longest] = parts.toSorted((a, b) => b.nanos - a.nanos);
  const type = longest === undefined ? undefined : textAttribute(longest.span.span.attributes, 'type');
  return conclude(evidence, {
    id: 'stale-watch-cache',
    parts,
    was: `waiting for the watch cache${type === undefined ? '' : ` of ${type}`} to catch up with etcd`,
    detail: [
      "A consistent read is answered from the API server's watch cache, as soon as that has seen etcd's newest revision.",
    ],
    hint: "The cache learns of revisions by a watch of etcd: look at etcd's load and the API server's CPU. With resourceVersion=0 a read takes what the cache has.",
    command: shell`kubectl get --raw /metrics | grep apiserver_watch_cache_read_wait_seconds_sum`,
  });
};
