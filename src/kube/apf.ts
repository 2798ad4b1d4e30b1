import type { Exchange } from './exchange.ts';

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
