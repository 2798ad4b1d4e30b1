import type { Lookup } from '../../backend.ts';
import { lookupOf, refused, unreadable } from '../../http/decoded-response.ts';
import { unexpectedResponse, type UnexpectedResponse } from '../../http/unexpected-response.ts';
import type { BackendResponse } from '../../http/client.ts';
import { decodeJaeger } from '../../../codec/jaeger/jaeger.ts';
import { isObject, list, parseJSON, text, type JSONObject } from '../../../codec/json.ts';
import { decodeOTLP } from '../../../codec/otlp/json.ts';
import type { Pool } from '../../../codec/pool.ts';

/** Reads a response of api_v3: OTLP, or `{error: {httpCode, message}}`. */
export function readV3(response: BackendResponse, pool: Pool): Lookup | UnexpectedResponse {
  if (response.status !== 'responded') return response;
  const { code, text: body } = response;
  if (code === 200) {
    const decoded = decodeOTLP(body, pool);
    return decoded === undefined ? unreadable(response) : lookupOf(decoded);
  }
  const document = parseJSON(body);
  const error = isObject(document) ? document['error'] : undefined;
  if (!isObject(error) || typeof error['httpCode'] !== 'number') return unexpectedResponse(code, body);
  return refused('Jaeger', error['httpCode'], text(error['message']));
}

/** Reads a response of `/api/traces`: `{data, errors: [{code, msg}]}`, also for errors. */
export function readV1(response: BackendResponse, pool: Pool): Lookup | UnexpectedResponse {
  if (response.status !== 'responded') return response;
  const { code, text: body } = response;
  const document = parseJSON(body);
  const decoded = decodeJaeger(document, pool);
  if (decoded === undefined) return unreadable(response);
  const error = list((document as JSONObject)['errors'])[0];
  if (isObject(error) && decoded.spans.length === 0) {
    return refused('Jaeger', typeof error['code'] === 'number' ? error['code'] : code, text(error['msg']));
  }
  return code === 200 ? lookupOf(decoded) : refused('Jaeger', code, '');
}
