import { counted } from '../../format/counted.ts';
import type { Lookup } from '../backend.ts';
import { backendWords } from './backend-message.ts';
import { unexpectedResponse, type UnexpectedResponse } from './unexpected-response.ts';
import type { ReceivedResponse } from './client.ts';
import type { Decoded } from '../../codec/decoded.ts';
import { parseJSON } from '../../codec/json.ts';

/** The look-up that decoded spans are. */
export function lookupOf({ spans, dropped }: Decoded): Lookup {
  if (spans.length > 0) return { status: 'found', spans, ...(dropped === 0 ? {} : { dropped }) };
  if (dropped === 0) return { status: 'absent' };
  return {
    status: 'failed',
    reason: 'BackendAnswerMalformed',
    message:
      dropped === 1
        ? 'the only span in the response has no valid ID or time'
        : `none of the ${counted(dropped, 'span')} in the response has a valid ID and time`,
  };
}

/** A response that does not fit the API. A body that begins like JSON but is invalid was cut off on its way. */
export function unreadable({ code, text }: ReceivedResponse): Lookup | UnexpectedResponse {
  if (code === 200 && /^\s*[{[]/.test(text) && parseJSON(text) === undefined) {
    return { status: 'unavailable', message: 'the response was cut off' };
  }
  return unexpectedResponse(code, text);
}

/**
 * A query that the backend refused, in its own words. The request is repeated where the refusal may pass (429, 5xx).
 */
export function refused(name: string, code: number, said: string): Lookup {
  if (code === 404) return { status: 'absent' };
  const words = backendWords(said);
  const message = words === '' ? `${name} answered ${code}` : `${name} answered ${code}: ${words}`;
  return code >= 500 || code === 429 || code === 408
    ? { status: 'unavailable', message }
    : { status: 'failed', reason: 'BackendRefusedQuery', message };
}
