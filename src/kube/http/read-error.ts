import type { Exchange, TransportError } from './exchange.ts';
import { isObject, parseJSON } from '../json.ts';

/** A larger body is only looked at from both ends: it is read once more, for what it holds. */
const MAX_PARSED_BYTES = 4 * 1024 * 1024;

/** The exchange, with an error where a response that was to hold an object of Kubernetes holds none, as kubectl has it. */
export function withReadError(exchange: Exchange): Exchange {
  const { status, error, request } = exchange;
  const isRead = error === null && status !== null && status >= 200 && status < 300 && request.streamEnd === undefined;
  const why = isRead ? faultOf(exchange) : undefined;
  return why === undefined ? exchange : { ...exchange, error: unreadable(why) };
}

function faultOf({ body, headers }: Exchange): string | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type !== '' && !type.trim().endsWith('json')) return `serializer for ${type.trim()} doesn't exist`;
  if (body.length === 0) return 'unexpected end of JSON input';
  if (body.length > MAX_PARSED_BYTES) {
    const ends = Buffer.from(body.subarray(-64)).toString('latin1').trimEnd().endsWith('}');
    return ends ? undefined : 'unexpected end of JSON input';
  }
  const document = parseJSON(body);
  if (document === undefined) return 'the response is not JSON, or only a part of it';
  const hasKind = isObject(document) && typeof document['kind'] === 'string' && document['kind'] !== '';
  return hasKind ? undefined : "Object 'Kind' is missing";
}

const unreadable = (why: string): TransportError => ({
  reason: 'UnreadableResponse',
  message: `the server's response cannot be read: ${why}`,
  hint: 'is this address a Kubernetes API server? A proxy or a login page in between can respond in its place',
});

/** The connection ended before the response did (client-go rest/request.go, transformResponse). */
export const cutError: TransportError = {
  reason: 'ResponseCutOff',
  message: 'unexpected error when reading response body. Please retry. Original error: unexpected EOF',
  hint: 'the connection ended before the response did; a write may have happened',
};
