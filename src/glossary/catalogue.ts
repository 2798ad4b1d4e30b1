import { AUDIT_LOG } from './apiserver/audit-log.ts';
import { CALLS } from './apiserver/calls.ts';
import { HANDLERS_AND_RESPONSE } from './apiserver/handlers.ts';
import { ADMISSION_PLUGINS } from './apiserver/plugins.ts';
import { REQUEST } from './apiserver/request.ts';
import { STAGES } from './apiserver/stages.ts';
import { STORAGE } from './apiserver/storage.ts';
import { CLIENT } from './client.ts';
import type { Group } from './entry.ts';
import { ETCD } from './etcd.ts';
import { CONTAINERD } from './node/containerd.ts';
import { KUBELET_SPANS } from './node/kubelet.ts';
import { RUNTIME_CALLS } from './node/runtime-calls.ts';
import { POD } from './pod.ts';
import { FOLDED } from './tree.ts';
import { programName } from '../format/program-name.ts';

/** Every row that a tree may have, in the order in which a request meets them. */
export const CATALOGUE: readonly Group[] = [
  {
    id: 'client',
    title: 'Client and network',
    about: 'Measured by kubectl trace while it sends the request, or inferred from the time around the server.',
    entries: CLIENT,
  },
  {
    id: 'apiserver',
    title: 'API server',
    about: 'Spans of the API server. Rows marked inferred are time between its spans.',
    entries: [...REQUEST, ...HANDLERS_AND_RESPONSE, ...STORAGE, ...CALLS],
  },
  {
    id: 'metrics',
    title: "API server's metrics",
    about:
      'Stages of an API server that exports no spans, from the exemplars of its metrics. Filters and webhooks have the names of their spans.',
    entries: STAGES,
  },
  {
    id: 'plugins',
    title: 'Admission plug-ins',
    about:
      'Rows from the metric apiserver_admission_controller_admission_duration_seconds. They have no spans, and stand beside the spans where both are known.',
    entries: ADMISSION_PLUGINS,
  },
  {
    id: 'audit-log',
    title: "API server's audit log",
    get about() {
      return `Layers from ${programName()} show --audit-log. Their length is known and their position is not.`;
    },
    entries: AUDIT_LOG,
  },
  {
    id: 'etcd',
    title: 'etcd',
    about: 'Calls of etcd by the API server, with the spans of etcd below them.',
    entries: ETCD,
  },
  {
    id: 'kubelet',
    title: 'kubelet',
    get about() {
      return `Spans of the kubelet, each sync in a separate trace. ${programName()} pod puts them on one time axis.`;
    },
    entries: KUBELET_SPANS,
  },
  {
    id: 'cri',
    title: 'Calls of the runtime (CRI)',
    about: 'Client spans of the kubelet; below each, containerd or CRI-O has a span of the same name.',
    entries: RUNTIME_CALLS,
  },
  {
    id: 'containerd',
    title: 'containerd',
    about: 'Spans of containerd below a call of the kubelet.',
    entries: CONTAINERD,
  },
  {
    id: 'pod',
    title: 'Timeline of a pod',
    get about() {
      return `Rows of ${programName()} pod from objects, conditions and events. All are inferred.`;
    },
    entries: POD,
  },
  {
    id: 'folded',
    title: 'Folded rows',
    about: 'Rows that stand for several others.',
    entries: FOLDED,
  },
];
