import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { textAttribute } from '../../attributes.ts';
import { requestURI, withParameter } from '../client/response.ts';
import { conclude } from '../conclude.ts';
import type { Finder } from '../finding.ts';
import { shellPath } from '../shell.ts';
import { LIST_FROM_ETCD } from './slow-etcd.ts';

/** A list that the watch cache did not answer: every object was read from etcd and decoded for this one request. */
export const listFromEtcd: Finder = (evidence) => {
  const lists = evidence.named('apiserver', LIST_FROM_ETCD);
  const [first] = lists;
  if (first === undefined) return [];
  const key = textAttribute(first.span.attributes, 'key');
  const reads = lists.reduce(
    (sum, { children }) => sum + children.filter(({ span }) => span.kind === 'client').length,
    0,
  );
  // k8s.io/kubernetes pkg/kubeapiserver/default_storage_factory_builder.go: their watch cache has size 0.
  const hasCache = key === undefined || !/^\/events(\/|$)/.test(key);
  const cached = hasCache ? shellPath(withParameter(requestURI(evidence, first), 'resourceVersion', '0')) : undefined;
  return conclude(evidence, {
    id: 'list-from-etcd',
    parts: lists.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: `a list${key === undefined ? '' : ` of ${key}`} read from etcd, past the watch cache`,
    detail: [`It took ${counted(reads, 'read')} of etcd; the API server decoded every object anew.`],
    hint: hasCache
      ? 'With resourceVersion=0 a list comes from the watch cache. Since Kubernetes 1.31 the newest state does too, where etcd is 3.4.31, 3.5.13 or later.'
      : 'Events are not in the watch cache: ask for less of them, by a namespace or a field selector such as involvedObject.name.',
    command: cached === undefined ? null : shell`kubectl trace get --raw ${cached}`,
  });
};
