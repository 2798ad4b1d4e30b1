import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { selfReview } from './request.ts';

/** Subject of a permission: a path of the server, or objects. */
export type AccessAttributes =
  | { readonly path: string; readonly verb: string }
  | {
      readonly group: string;
      readonly resource: string;
      readonly verb: string;
      readonly subresource?: string;
      readonly namespace?: string;
    };

/** Queries whether the authenticated user has a permission, which every authenticated user may (`kubectl auth can-i`). */
export function accessRequest(attributes: AccessAttributes): KubeRequest {
  const spec = 'path' in attributes ? { nonResourceAttributes: attributes } : { resourceAttributes: attributes };
  const review = { kind: 'SelfSubjectAccessReview', spec };
  return selfReview('authorization.k8s.io', 'selfsubjectaccessreviews', review);
}

/** Undefined when the server does not say. */
export function isAllowed({ status, body }: Exchange): boolean | undefined {
  if (status !== 200 && status !== 201) return undefined;
  const review = parseJSON(body);
  const result = isObject(review) && isObject(review['status']) ? review['status']['allowed'] : undefined;
  return typeof result === 'boolean' ? result : undefined;
}
