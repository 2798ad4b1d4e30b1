import { counted } from '../../format/counted.ts';
import { backendWords, titleOf } from '../../backend/http/backend-message.ts';
import { isObject, list, type JSONObject } from '../../codec/json.ts';

/** Description of a document without spans, so that the user sees what was saved. */
export interface DocumentWords {
  /** `an error response of Jaeger`, `a Kubernetes Pod`, `an empty list`. */
  readonly name: string;
  /** Message of an error response: `404: trace not found`. */
  readonly error?: string;
  /** It is a response for a trace, and there is none in it. */
  readonly isEmpty?: true;
}

/** Names what a document is by what only its kind has. Nothing in it is fit for a terminal yet. */
export function documentWords(document: unknown): DocumentWords {
  if (Array.isArray(document)) {
    if (document.length === 0)
      return { name: 'an empty list, which is what Zipkin returns when it finds nothing', isEmpty: true };
    const elements = counted(document.length, 'element');
    // Lists can be nested 100,000 deep: the first two say enough.
    const [first] = document as readonly unknown[];
    const firstName = Array.isArray(first) ? 'a list' : documentWords(first).name;
    return { name: `a list of ${elements}, of which the first is ${firstName}` };
  }
  if (!isObject(document)) return { name: document === null ? 'null' : `a ${typeof document}` };
  return errorWords(document) ?? emptyWords(document) ?? otherWords(document);
}

function errorWords(document: JSONObject): DocumentWords | undefined {
  const { errors, error, kind, status, code, message } = document;
  const [first] = list(errors);
  const errorResponse = (name: string, number: unknown): DocumentWords => {
    const words = backendWords(JSON.stringify(upperLevels(document, ERROR_LEVELS)));
    const shown = typeof number === 'number' && number > 0 ? `${number}: ` : '';
    return { name, error: `${shown}${words}` };
  };
  if (first !== undefined && 'data' in document) {
    return errorResponse('an error response of Jaeger', isObject(first) ? first['code'] : undefined);
  }
  if (isObject(error) && 'httpCode' in error) return errorResponse('an error response of Jaeger', error['httpCode']);
  if (kind === 'Status' && 'apiVersion' in document) {
    return status === 'Success'
      ? undefined
      : errorResponse('an error response of a Kubernetes API server (Status)', code);
  }
  if ('messageId' in document && typeof message === 'string')
    return errorResponse('an error response of Grafana', document['statusCode']);
  if (first !== undefined || (error !== undefined && error !== null && error !== false && error !== '')) {
    return errorResponse('an error response', typeof status === 'number' ? status : code);
  }
  const keys = Object.keys(document).filter(
    (key) => !['code', 'details', 'status', 'statusCode', 'traceID'].includes(key),
  );
  return typeof message === 'string' && keys.length === 1
    ? errorResponse('an error response', code ?? document['statusCode'])
    : undefined;
}

/** Messages of errors are no deeper. A document may have 100,000 levels, for which JSON.stringify has no room. */
const ERROR_LEVELS = 6;

/** The value down to this many levels; null below them. */
function upperLevels(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => upperLevels(item, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, upperLevels(member, levels - 1)]));
}

function emptyWords(document: JSONObject): DocumentWords | undefined {
  const empty = (name: string): DocumentWords => ({ name, isEmpty: true });
  if (isObject(document['trace']) && !('kind' in document)) return empty('a response of Tempo without a trace in it');
  if ('batches' in document) return empty('a response of Tempo without a trace in it');
  if (isObject(document['result'])) return empty('a response of Jaeger without a trace in it');
  if ('resourceSpans' in document || 'scopeSpans' in document) return empty('OTLP without a span in it');
  const { data } = document;
  if (data === null || (Array.isArray(data) && data.length === 0))
    return empty('a response of Jaeger without a trace in it');
  return undefined;
}

function otherWords(document: JSONObject): DocumentWords {
  const { apiVersion, kind, traces, data, status } = document;
  if (typeof apiVersion === 'string' && typeof kind === 'string') {
    return {
      name: apiVersion.startsWith('kubectl-trace/')
        ? `a ${kind} of kubectl trace`
        : `a Kubernetes ${kind} (${apiVersion})`,
    };
  }
  if (Array.isArray(traces)) return { name: 'a search result of Tempo, which has no spans' };
  if (Array.isArray(document['traceEvents'])) return { name: 'Trace Event JSON, which ui.perfetto.dev opens' };
  if (Array.isArray(data)) return { name: 'a response of Jaeger without a trace in it: a list of names' };
  if (typeof status === 'string' && isObject(data)) return { name: 'a response of Prometheus' };
  const keys = Object.keys(document);
  if (keys.length === 0) return { name: 'an empty object' };
  const named = keys.slice(0, MAX_KEYS).map((key) => JSON.stringify(key.slice(0, MAX_KEY_LENGTH)));
  const more = keys.length - named.length;
  return {
    name: `an object with ${counted(keys.length, 'key')}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  };
}

const MAX_KEYS = 4;
const MAX_KEY_LENGTH = 40;

/** Description of a file that is not JSON; undefined where it looks as if it was meant to be. */
export function plainWords(bytes: Buffer): string | undefined {
  const beginning = bytes.toString('utf8', 0, 4096).trimStart();
  if (/^[[{"]/.test(beginning)) return undefined;
  if (bytes.subarray(0, 4096).includes(0)) return 'it is binary, and not OTLP protobuf with spans';
  if (beginning.startsWith('<')) {
    const title = titleOf(beginning).replace(/\s+/g, ' ').slice(0, 80);
    return `it is a ${/^<\?xml/i.test(beginning) ? 'document of XML' : 'web page'}${title === '' ? '' : ` ("${title}")`}`;
  }
  const response = /^HTTP\/[\d.]+ \d{3}[^\r\n]*/.exec(beginning)?.[0];
  if (response !== undefined) return `it is an HTTP response with its headers: "${backendWords(response)}"`;
  const [first = ''] = beginning.split(/[\r\n]/, 1);
  return `it is text that begins with "${first.length <= 80 ? first : `${first.slice(0, 80)}…`}"`;
}

/** `logs (2 documents) and metrics (1 document)` */
export const signalWords = (signals: ReadonlyMap<string, number>): string =>
  joined([...signals].map(([signal, count]) => `${signal} (${counted(count, 'document')})`));

/** `a, b and c` */
export const joined = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** One sentence about each thing that stood beside the spans and is not shown. */
export function besidesWords(signals: ReadonlyMap<string, number>, others: readonly unknown[], name: string): string[] {
  const words = others.map(documentWords);
  const errors = words.flatMap(({ error, name: of }) => (error === undefined ? [] : [`${of} (${error})`]));
  const withoutSpans = words.flatMap(({ error, isEmpty, name: of }) =>
    error === undefined && isEmpty === undefined ? [of] : [],
  );
  return [
    ...(signals.size === 0 ? [] : [`${name} also holds ${signalWords(signals)}, which are not shown`]),
    ...(errors.length === 0 ? [] : [`${name} also holds ${counted(errors.length, 'error response')}: ${errors[0]}`]),
    ...(withoutSpans.length === 0
      ? []
      : [
          `${name} also holds ${counted(withoutSpans.length, 'document')} without spans, of which the first is ${withoutSpans[0]}`,
        ]),
  ];
}
