import type { Exchange } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';

/** The fields of a Kubernetes `Status` (metav1.Status) that count here. */
export interface Status {
  readonly reason: string;
  readonly message: string;
  readonly kind: string;
  readonly name: string;
  readonly causes: readonly { readonly field: string; readonly message: string }[];
  /** False when the response is not a Status (a gateway, or a path outside of the API). */
  readonly fromServer: boolean;
}

/** The Status of a failed response; made from the HTTP status, as client-go does, when the body has none. */
export function statusOf(exchange: Exchange): Status {
  // client-go's discovery does not read the server's words; kubectl shows that for a 401, where they say no more.
  if (exchange.status === 401 && exchange.request.purpose === 'discovery') return genericStatus(exchange);
  return readStatus(exchange.body) ?? genericStatus(exchange);
}

/** kubectl's words for a failed request (kubectl pkg/cmd/util/helpers.go, checkErr and StandardErrorMessage). */
export function statusMessage(exchange: Exchange, status: Status, failed = ''): string {
  if (status.reason === 'Invalid' && status.fromServer) return invalidMessage(status);
  if (status.reason === 'Unauthorized') return `You must be logged in to the server (${status.message})`;
  const message = failed + listPrefix(exchange, status) + status.message;
  return status.reason === '' ? `Error from server: ${message}` : `Error from server (${status.reason}): ${message}`;
}

function invalidMessage({ kind, name, message, causes }: Status): string {
  const lines = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const named = kind !== '' || name !== '';
  const subject = named ? `The ${kind} ${JSON.stringify(name)} is invalid` : 'The request is invalid';
  if (lines.length > 1) return [`${subject}: `, ...lines.map((line) => `* ${line}`)].join('\n');
  if (lines.length === 1) return `${subject}: ${lines[0]}`;
  return named || message === '' ? subject : `${subject}: ${message}`;
}

/**
 * The prefix that kubectl puts before the server's message when a list fails (cli-runtime pkg/resource/helper.go,
 * EnhanceListError).
 */
function listPrefix({ request }: Exchange, { reason }: Status): string {
  const { group, version, resource, name, query } = request;
  if (resource === null || name !== null || request.method !== 'GET') return '';
  if (reason !== 'BadRequest' && reason !== 'NotFound') return '';
  const type = JSON.stringify(`${group}/${version}, Resource=${resource}`);
  const value = (key: string): string => query.find(([each]) => each === key)?.[1] ?? '';
  const [labels, fields] = [value('labelSelector'), value('fieldSelector')];
  if (labels === '' && fields === '') return `Unable to list ${type}: `;
  return `Unable to find ${type} that match label selector ${JSON.stringify(labels)}, field selector ${JSON.stringify(fields)}: `;
}

function readStatus(body: Uint8Array): Status | undefined {
  const document = parseJSON(body);
  if (!isObject(document) || document['kind'] !== 'Status') return undefined;
  const details = isObject(document['details']) ? document['details'] : {};
  const causes = Array.isArray(details['causes']) ? details['causes'].filter(isObject) : [];
  return {
    reason: text(document['reason']),
    message: text(document['message']),
    kind: text(details['kind']),
    name: text(details['name']),
    causes: causes.map((cause) => ({ field: text(cause['field']), message: text(cause['message']) })),
    fromServer: true,
  };
}

/** k8s.io/apimachinery pkg/api/errors/errors.go, NewGenericServerResponse. */
const GENERIC: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the server reported a conflict'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
};

function genericStatus({ request, status, headers, body }: Exchange): Status {
  const code = status ?? 0;
  const type = headers['content-type'] ?? '';
  // client-go cuts at 2048 bytes, so that no HTML page fills the screen.
  const said =
    type === '' || type.startsWith('text/') ? Buffer.from(body).toString('utf8').slice(0, 2048).trim() : 'unknown';
  const [reason, message] = genericReason(code, request.method, said);
  const resource = request.group ? `${request.resource}.${request.group}` : request.resource;
  const about = [request.method.toLowerCase(), resource, request.name].filter((each) => each !== null).join(' ');
  const full = request.resource === null ? message : `${message} (${about})`;
  return { reason, message: full, kind: '', name: '', causes: [], fromServer: false };
}

function genericReason(code: number, method: string, said: string): readonly [reason: string, message: string] {
  if (code === 403) return ['Forbidden', said];
  if (code === 415) return ['UnsupportedMediaType', said];
  if (code === 406) {
    const unable = 'the server was unable to respond with a content type that the client supports';
    return ['NotAcceptable', said === '' || said === 'unknown' ? unable : said];
  }
  if (code === 409 && method === 'POST') return ['AlreadyExists', GENERIC[409]![1]];
  const known = GENERIC[code];
  if (known !== undefined) return known;
  if (code >= 500) {
    return [
      'InternalError',
      `an error on the server (${JSON.stringify(said)}) has prevented the request from succeeding`,
    ];
  }
  return ['', `the server responded with the status code ${code} but did not return more information`];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
