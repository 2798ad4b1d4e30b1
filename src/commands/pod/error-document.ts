import { podJSON } from '../../report/pod-json.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { Report } from '../../report/report.ts';
import { POD_TYPES } from './selection.ts';

/** The pod or workload on the command line, before anything is known of it. */
export interface RequestedPod {
  /** As typed. */
  readonly resource: string;
  readonly name: string;
  /** Null where the kubeconfig was not read. */
  readonly namespace: string | null;
}

/** The document of a command about pods that failed before it knew of any. */
export function podErrorDocument(report: Report, { resource, name, namespace }: RequestedPod): JSONObject {
  const type = resource.toLowerCase();
  return podJSON({
    ...report,
    subject: { kind: POD_TYPES.has(type) ? (name === '' ? 'pods' : 'pod') : type, namespace, name },
    lifecycles: [],
    verdict: null,
    workload: null,
    set: null,
    podsLeftOut: 0,
    gaps: [],
  });
}
