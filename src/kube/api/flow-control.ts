import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get } from './request.ts';

/**
 * How API Priority and Fairness classified a request: UIDs of the objects, not their names (k8s.io/api
 * flowcontrol/v1/types.go). Null where it did not come that far (401), or is switched off.
 */
export interface FlowControl {
  readonly flowSchemaUID: string | null;
  readonly priorityLevelUID: string | null;
}

export function flowControlOf({ headers }: Pick<Exchange, 'headers'>): FlowControl {
  return {
    flowSchemaUID: headers['x-kubernetes-pf-flowschema-uid'] ?? null,
    priorityLevelUID: headers['x-kubernetes-pf-prioritylevel-uid'] ?? null,
  };
}

/** Resources whose objects have these UIDs. */
export const FLOW_CONTROL_RESOURCES = ['prioritylevelconfigurations', 'flowschemas'] as const;
export type FlowControlResource = (typeof FLOW_CONTROL_RESOURCES)[number];

/** By UID. No object ever has another's UID, and none changes its name. */
export type NamesByUID = ReadonlyMap<string, string>;

const GROUP = 'flowcontrol.apiserver.k8s.io';
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/** Requests the metadata of all objects. Clusters have a dozen or two. */
export function flowControlRequest(resource: FlowControlResource): KubeRequest {
  return { ...get('identity', `/apis/${GROUP}/v1/${resource}`, METADATA), group: GROUP, version: 'v1', resource };
}

/** Undefined when the user may not know, or the server has no such objects. */
export function flowControlNames({ status, body }: Exchange): NamesByUID | undefined {
  const document = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(document) || !Array.isArray(document['items'])) return undefined;
  const names = new Map<string, string>();
  for (const item of document['items']) {
    const metadata = isObject(item) && isObject(item['metadata']) ? item['metadata'] : {};
    const { uid, name } = metadata;
    if (typeof uid === 'string' && typeof name === 'string') names.set(uid, name);
  }
  return names;
}
