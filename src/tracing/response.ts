import type { ResponseFormat } from '../cli/options/response.ts';
import { readEvents } from '../kube/api/watch-events.ts';
import type { Cluster, Exchange } from '../kube/http/exchange.ts';
import { flattenResponse, parseResponse, type ResponseObject } from '../kube/print/response-objects.ts';
import type { ObjectForm } from '../kube/print/object-response.ts';
import { terminalText } from '../render/escape.ts';
import type { JSONValue } from '../report/json-value.ts';
import type { Clock, Runtime } from '../runtime.ts';
import type { RequestRecorder } from './recorder.ts';

/** The output of kubectl for the same request, which `--show-response` prints. */
export interface ResponseText {
  readonly out: string;
  /** For standard error: that nothing was found. */
  readonly note: string;
}

export interface ResponseContext {
  readonly format: ResponseFormat;
  readonly recorder: RequestRecorder;
  /** The namespace of the command. */
  readonly namespace: string;
  readonly clock: Clock;
  /** A request failed, or could not be sent. */
  readonly hasFailed: boolean;
}

/** How a command prints the responses to its requests. */
export type PrintResponse = (context: ResponseContext) => Promise<ResponseText> | ResponseText;

/** Requests that this program sent. */
interface Recorded {
  readonly recorder: RequestRecorder;
  readonly cluster: Cluster;
  readonly hasFailed: boolean;
}

/** Prints the response. Resolves with the separator from the output that follows: "" when nothing was printed. */
export async function writeResponse(
  { recorder, cluster, hasFailed }: Recorded,
  { format, print }: { readonly format: ResponseFormat; readonly print: PrintResponse },
  { clock, err, out: stdout, outTerminal }: Runtime,
): Promise<string> {
  const { out, note } = await print({ format, recorder, namespace: cluster.namespace, clock, hasFailed });
  err.write(note);
  // kubectl leaves most control characters as they are; on a terminal none may act.
  stdout.write(terminalText(out, outTerminal));
  if (recorder.hasPrinted) return '\n';
  return out === '' ? '' : out.endsWith('\n') ? '\n' : '\n\n';
}

/** The user's requests that succeeded. */
export const succeeded = ({ exchanges }: RequestRecorder): Exchange[] =>
  exchanges.filter(
    ({ request, status }) => request.purpose === 'request' && status !== null && status >= 200 && status < 300,
  );

/** The responses as they came. */
export const rawResponse = (exchanges: readonly Exchange[]): ResponseText => ({
  out: exchanges.map(({ body }) => Buffer.from(body).toString('utf8')).join(''),
  note: '',
});

/** The response to requests that write: kubectl's line for each object, or what `print` makes of the exchanges. */
export function writtenResponse(
  { recorder, format }: ResponseContext,
  print: (written: readonly Exchange[], form: ObjectForm) => string,
): ResponseText {
  const written = succeeded(recorder).filter((exchange) => recorder.outcomeOf(exchange) !== null);
  if (format !== 'table' && format !== 'wide') return { out: print(written, format), note: '' };
  return { out: written.map((exchange) => `${recorder.outcomeOf(exchange)}\n`).join(''), note: '' };
}

/** The objects of a response, each with its type. */
export function respondedObjects(exchange: Exchange, recorder: RequestRecorder): ResponseObject[] {
  const type = recorder.typeOf(exchange);
  return type === undefined ? [] : flattenResponse(type, exchange.body);
}

/** The objects of several responses as they came. */
export const respondedDocuments = (
  exchanges: readonly Exchange[],
  recorder: RequestRecorder,
): ResponseObject['document'][] =>
  exchanges.flatMap((exchange) => respondedObjects(exchange, recorder).map(({ document }) => document));

export const NOTHING_FOUND = 'No resources found\n';

/** A response for `requests[].body`: JSON as it is, the events of a watch as a list, anything else as text. */
export function bodyOf({ request, status, body }: Exchange): JSONValue {
  if (request.purpose !== 'request' || status === null) return null;
  if (request.streamEnd !== undefined) return readEvents(body).map(jsonValue);
  const document = parseResponse(body);
  return document === undefined ? Buffer.from(body).toString('utf8') : jsonValue(document);
}

/** Integers that a number cannot hold are strings, as everywhere in the document. */
function jsonValue(value: unknown): JSONValue {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value as JSONValue;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonValue(each)]));
}
