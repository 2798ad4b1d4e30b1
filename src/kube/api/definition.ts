import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get, pathSegment } from './request.ts';

/** A type of custom resources: `certificates` of `cert-manager.io`. */
export interface CustomType {
  readonly group: string;
  readonly resource: string;
}

const GROUP = 'apiextensions.k8s.io';
const RESOURCE = 'customresourcedefinitions';

export function definitionRequest({ group, resource }: CustomType): KubeRequest {
  const name = `${resource}.${group}`;
  return {
    ...get('identity', `/apis/${GROUP}/v1/${RESOURCE}/${pathSegment(name)}`, 'application/json'),
    group: GROUP,
    version: 'v1',
    resource: RESOURCE,
    name,
  };
}

/**
 * Whether the API server stores the type itself, and converts it without a webhook. False as well where the user may not
 * read the definition, or where another server has the type. k8s.io/apiextensions-apiserver pkg/apiserver/conversion.
 */
export function isUnconverted({ status, body }: Pick<Exchange, 'status' | 'body'>): boolean {
  const document = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(document) || !isObject(document['spec'])) return false;
  const { conversion } = document['spec'];
  return conversion === undefined || (isObject(conversion) && conversion['strategy'] === 'None');
}
