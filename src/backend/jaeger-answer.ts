import type { Lookup } from './backend.ts';
import { foreign, type Foreign } from './foreign.ts';
import type { Answer } from './http.ts';
import type { Decoded } from './wire/decoded.ts';
import { decodeJaeger } from './wire/jaeger.ts';
import { isObject, list, parseJSON, text, type JSONObject } from './wire/json.ts';
import { decodeOTLP } from './wire/otlp-json.ts';
import type { Pool } from './wire/pool.ts';

/** Reads an answer of api_v3: OTLP, or `{error: {httpCode, message}}`. */
export function readV3(answer: Answer, pool: Pool): Lookup | Foreign {
  if (answer.status !== 'answered') return answer;
  const { code, text: body } = answer;
  if (code === 200) {
    const decoded = decodeOTLP(body, pool);
    return decoded === undefined ? unreadable(code, body) : lookupOf(decoded);
  }
  const document = parseJSON(body);
  const error = isObject(document) ? document['error'] : undefined;
  if (!isObject(error) || typeof error['httpCode'] !== 'number') return foreign(code, body);
  return refused(error['httpCode'], text(error['message']));
}

/** Reads an answer of `/api/traces`: `{data, errors: [{code, msg}]}`, also for errors. */
export function readV1(answer: Answer, pool: Pool): Lookup | Foreign {
  if (answer.status !== 'answered') return answer;
  const { code, text: body } = answer;
  const document = parseJSON(body);
  const decoded = decodeJaeger(document, pool);
  if (decoded === undefined) return unreadable(code, body);
  const error = list((document as JSONObject)['errors'])[0];
  if (isObject(error) && decoded.spans.length === 0) {
    return refused(typeof error['code'] === 'number' ? error['code'] : code, text(error['msg']));
  }
  return code === 200 ? lookupOf(decoded) : refused(code, '');
}

/** A body that begins like JSON and is none was cut off on its way. */
function unreadable(code: number, body: string): Lookup | Foreign {
  if (code === 200 && /^\s*[{[]/.test(body) && parseJSON(body) === undefined) {
    return { status: 'unavailable', message: 'the answer was cut off' };
  }
  return foreign(code, body);
}

function refused(code: number, said: string): Lookup {
  if (code === 404) return { status: 'absent' };
  const message = said === '' ? `Jaeger answered ${code}` : `Jaeger answered ${code}: ${said}`;
  return code >= 500
    ? { status: 'unavailable', message }
    : { status: 'failed', reason: 'BackendRefusedQuery', message };
}

function lookupOf({ spans, dropped }: Decoded): Lookup {
  if (spans.length > 0) return { status: 'found', spans, ...(dropped === 0 ? {} : { dropped }) };
  if (dropped === 0) return { status: 'absent' };
  return {
    status: 'failed',
    reason: 'BackendAnswerMalformed',
    message: `none of the ${dropped} spans in the answer has valid IDs and times`,
  };
}
