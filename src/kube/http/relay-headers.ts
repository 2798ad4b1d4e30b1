import { formatTraceparent } from '../../propagation/traceparent.ts';
import type { RequestContext } from '../../propagation/request-context.ts';

/** Headers that the kubeconfig's user adds to a request of another client. */
export interface RelayIdentity {
  /** The value of the Authorization header. */
  readonly authorization: string | undefined;
  readonly impersonation: Readonly<Record<string, string | readonly string[]>>;
}

export type RelayHeaders = Readonly<Record<string, string | string[]>>;

/** About one connection, and not about what goes through it (RFC 9110 §7.6.1). */
const OF_A_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that name the sender and the trace: replaced by ours. */
const OURS = new Set(['authorization', 'host', 'traceparent', 'tracestate', 'audit-id']);

/**
 * Fields for the far end, which a Connection header may not name (RFC 9110 §7.6.1: "a connection option corresponding to
 * a field that is intended for all recipients"). A client that named Content-Length would turn its body into a second
 * request, unchecked and unrecorded.
 */
const FOR_THE_FAR_END = new Set(
  `age allow audit-id authorization baggage cache-control date deprecation etag expect expires forwarded from host
   last-modified link location max-forwards origin pragma prefer priority range referer retry-after server sunset
   user-agent vary via warning www-authenticate`.split(/\s+/),
);
/** How the names of others of them begin. */
const BEGINS_FOR_THE_FAR_END =
  /^(?:accept|access-control-|content-|cookie|set-cookie|if-|impersonate-|sec-|strict-|trace|x-content-|x-forwarded-|x-kubernetes-|x-remote-|x-request-|x-stream-)/;

const isForTheFarEnd = (name: string): boolean => FOR_THE_FAR_END.has(name) || BEGINS_FOR_THE_FAR_END.test(name);

/** Names and values in turns, as they came, without those of the connection that they came by. */
export function endToEnd(raw: readonly string[]): string[] {
  const named = nominated(raw);
  return pairs(raw).flatMap(([name, value]) =>
    OF_A_CONNECTION.has(lower(name)) || named.has(lower(name)) ? [] : [name, value],
  );
}

/** Where the body of a request ends (RFC 9112 §6.3): it has none, it says so, or it says it in a way that is not HTTP. */
export function framingOf(raw: readonly string[]): 'none' | 'known' | 'unknown' {
  const fields = pairs(raw).filter(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (fields.length === 0) return 'none';
  const [field, second] = fields;
  const isKnown = field !== undefined && second === undefined && /^(?:\d+|chunked)$/i.test(field[1].trim());
  return isKnown ? 'known' : 'unknown';
}

/** Whether the headers of a request announce a body. */
export const hasBody = (raw: readonly string[]): boolean =>
  pairs(raw).some(
    ([name, value]) =>
      lower(name) === 'transfer-encoding' || (lower(name) === 'content-length' && !/^0+$/.test(value.trim())),
  );

/**
 * The headers of a client's request as the API server gets them: as they came, with the user's credentials and our trace
 * context. A client that names another user, groups or UID (`--as`) replaces just that part of what the kubeconfig says,
 * as kubectl's flags do (client-go tools/clientcmd, getUserIdentificationPartialConfig); the rest stays.
 */
export function relayHeaders(
  raw: readonly string[],
  context: RequestContext,
  { authorization, impersonation }: RelayIdentity,
): RelayHeaders {
  // A client may name a field as what objects inherit.
  const headers = Object.create(null) as Record<string, string | string[]>;
  const add = (name: string, value: string): void => {
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  };
  for (const [name, value] of pairs(endToEnd(raw))) if (!OURS.has(lower(name))) add(lower(name), value);
  for (const [name, value] of framing(raw)) add(name, value);
  for (const name of Object.keys(impersonation)) {
    const stated = statedValues(name, headers[name]);
    if (stated === undefined) delete headers[name];
    else headers[name] = stated;
  }
  return {
    ...copied(impersonation),
    ...headers,
    ...(authorization === undefined ? {} : { authorization }),
    traceparent: formatTraceparent(context.traceID, context.spanID, { sampled: true }),
    'audit-id': context.auditID,
  };
}

/**
 * A client's values for one part of an identity; undefined without any: an empty part would undo ours. The API server
 * reads the first user name and the first UID, but all groups and extra values.
 */
function statedValues(name: string, values: string | string[] = []): string | string[] | undefined {
  const stated = [values].flat().filter((value) => value.trim() !== '');
  const hasOne = name === 'impersonate-user' || name === 'impersonate-uid';
  return hasOne || stated.length === 0 ? stated[0] : values;
}

/** Connection headers that the next connection needs as well: another protocol, and a body of unknown size. */
function framing(raw: readonly string[]): (readonly [string, string])[] {
  const own = pairs(raw);
  const upgrade = own.filter(([name]) => lower(name) === 'upgrade').map(([, value]) => ['upgrade', value] as const);
  const chunked = own.some(([name, value]) => lower(name) === 'transfer-encoding' && /\bchunked\b/i.test(value));
  return [
    ...(upgrade.length > 0 ? [['connection', 'Upgrade'] as const, ...upgrade] : []),
    ...(chunked ? [['transfer-encoding', 'chunked'] as const] : []),
  ];
}

/** Fields that a Connection header names belong to the connection too. */
function nominated(raw: readonly string[]): ReadonlySet<string> {
  return new Set(
    pairs(raw)
      .filter(([name]) => lower(name) === 'connection')
      .flatMap(([, value]) => value.split(',').map((token) => lower(token.trim())))
      .filter((name) => !isForTheFarEnd(name)),
  );
}

function pairs(raw: readonly string[]): (readonly [name: string, value: string])[] {
  return Array.from({ length: Math.floor(raw.length / 2) }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!]);
}

const lower = (name: string): string => name.toLowerCase();

const copied = (headers: RelayIdentity['impersonation']): RelayHeaders =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  );
