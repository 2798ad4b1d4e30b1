import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { textAttribute } from '../../attributes.ts';
import { requestURI, withParameter } from '../client/response.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { shellPath } from '../shell.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { LIST_FROM_ETCD } from './slow-etcd.ts';
import { programPart } from '../../../format/program-name.ts';

/** A list that bypassed the watch cache: the API server read every object from etcd and decoded it for this request. */
export const listFromEtcd = defineTimeFinding({
  id: 'list-from-etcd',
  threshold: atLeast(50, 25),
  title: ({ key }) => `a list${key === undefined ? '' : ` of ${key}`} read from etcd, bypassing the watch cache`,
  detail: ({ reads }) => `It took ${counted(reads, 'etcd read')}; the API server decoded every object again.`,
  hint: ({ hasCache }) =>
    hasCache
      ? 'With resourceVersion=0 the list comes from the watch cache. Since Kubernetes 1.31 the newest state does too, where etcd is 3.4.31, 3.5.13 or later.'
      : 'Events are not in the watch cache. List fewer of them: use a namespace or a field selector such as involvedObject.name.',
  command: ({ cachedPath }) => (cachedPath === undefined ? null : shell`${programPart()} get --raw ${cachedPath}`),
  find,
});

function find(index: TraceIndex) {
  const lists = index.named('apiserver', LIST_FROM_ETCD);
  const [first] = lists;
  if (first === undefined) return [];
  const key = textAttribute(first.span.attributes, 'key');
  // k8s.io/kubernetes pkg/kubeapiserver/default_storage_factory_builder.go: the watch cache of events has size 0.
  const hasCache = key === undefined || !/^\/events(\/|$)/.test(key);
  return [
    {
      key,
      hasCache,
      cachedPath: hasCache ? shellPath(withParameter(requestURI(index, first), 'resourceVersion', '0')) : undefined,
      reads: lists.flatMap(({ children }) => children.filter(({ span }) => span.kind === 'client')).length,
      parts: lists.map((span) => ({ span, nanos: index.criticalTime(span) })),
    },
  ];
}
