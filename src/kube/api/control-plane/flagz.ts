import type { Exchange, KubeRequest } from '../../http/exchange.ts';
import { isObject, parseJSON } from '../../json.ts';
import { get } from '../request.ts';

/** The flags that an API server runs with, as far as they say how it traces. */
export interface ServerFlags {
  /** `off`: it runs without `--tracing-config-file`. */
  readonly tracing: 'on' | 'off';
}

const TRACING_FLAG = 'tracing-config-file';
/** The API server has about 200 flags. */
const MAX_BYTES = 1024 * 1024;

/**
 * Requests the flags of the API server that responds, since Kubernetes 1.36 (KEP-4828). Earlier ones, and those that the
 * user may not read, respond with 404, 406 or 403. The plain text has no stable format and is not requested.
 */
export function flagzRequest(): KubeRequest {
  return {
    ...get('identity', '/flagz', 'application/json;v=v1beta1;g=config.k8s.io;as=Flagz'),
    maxBytes: MAX_BYTES,
  };
}

/** Undefined when the server does not say. */
export function serverFlagsOf({ status, body, error }: Exchange): ServerFlags | undefined {
  const document = status === 200 && error === null ? parseJSON(body) : undefined;
  if (!isObject(document) || document['kind'] !== 'Flagz' || !isObject(document['flags'])) return undefined;
  const file = document['flags'][TRACING_FLAG];
  return typeof file === 'string' ? { tracing: file === '' ? 'off' : 'on' } : undefined;
}
