import type { AnswerFormat } from '../cli/options/response.ts';
import type { RequestInvocation } from '../commands/invocation.ts';
import type { Exchange } from '../kube/http/exchange.ts';
import { flattenAnswer, parseAnswer, type AnsweredObject } from '../kube/print/answers.ts';
import { printHuman } from '../kube/print/human-answer.ts';
import { kindName } from '../kube/print/kind-name.ts';
import { listOf, printList, printObjects } from '../kube/print/object-answer.ts';
import { encodeQuery } from '../kube/api/request.ts';
import { readEvents } from '../kube/api/watch-events.ts';
import type { JSONValue } from '../report/json-value.ts';
import type { Clock } from '../runtime.ts';
import type { Journal } from './recorder.ts';

/** What `--show-response` prints: kubectl's own output. */
export interface Answer {
  readonly out: string;
  /** For standard error: that nothing was found. */
  readonly note: string;
}

export interface AnswerContext {
  readonly format: AnswerFormat;
  readonly journal: Journal;
  /** Of the command. */
  readonly namespace: string;
  readonly clock: Clock;
  /** A request failed, or could not be sent. */
  readonly hasFailed: boolean;
}

/** The server's answers as kubectl prints them. */
export function answerOf(invocation: RequestInvocation, context: AnswerContext): Answer {
  const { journal, format } = context;
  const all = journal.exchanges.filter(({ request, status }) => request.purpose === 'request' && isSuccess(status));
  const isRepeated = invocation.kind === 'get' && invocation.repetition !== undefined;
  const succeeded = isRepeated ? lastOfEach(all) : all;
  if (invocation.kind === 'raw' || (invocation.kind === 'get' && invocation.target.kind === 'path')) {
    return { out: succeeded.map(({ body }) => Buffer.from(body).toString('utf8')).join(''), note: '' };
  }
  if (invocation.kind === 'get') return getAnswer(invocation, succeeded, context);
  if (invocation.kind === 'delete' && invocation.target.kind === 'selected') {
    const isEmpty = !context.hasFailed && succeeded.every(({ request }) => request.method === 'GET');
    if (isEmpty) return { out: NOTHING_FOUND, note: '' };
  }
  const written = succeeded.filter((exchange) => journal.outcomeOf(exchange) !== null);
  if (format === 'table' || format === 'wide') {
    return { out: written.map((exchange) => `${journal.outcomeOf(exchange)}\n`).join(''), note: '' };
  }
  // What is deleted is answered by a Status: its name is that of the request.
  if (invocation.kind === 'delete' && format === 'name') {
    return { out: written.map((exchange) => requestedName(exchange, journal)).join(''), note: '' };
  }
  const documents = written.flatMap((exchange) => answered(exchange, journal).map(({ document }) => document));
  // kubectl has a new printer for each object of a patch, and so nothing between them.
  if (invocation.kind === 'patch') {
    return { out: documents.map((document) => printObjects([document], format)).join(''), note: '' };
  }
  const isList = invocation.kind === 'apply' && documents.length > 1 && format !== 'name';
  return { out: isList ? printList(documents, format) : printObjects(documents, format), note: '' };
}

/** What was sent several times is shown as it was answered last. */
function lastOfEach(exchanges: readonly Exchange[]): Exchange[] {
  const last = new Map(
    exchanges.map((exchange) => [`${exchange.request.path}?${encodeQuery(exchange.request.query)}`, exchange]),
  );
  return [...last.values()];
}

const NOTHING_FOUND = 'No resources found\n';

type GetInvocation = Extract<RequestInvocation, { kind: 'get' }>;

function getAnswer(invocation: GetInvocation, succeeded: readonly Exchange[], context: AnswerContext): Answer {
  const { target, allNamespaces, ignoreNotFound } = invocation;
  const { format, journal, clock } = context;
  // A watch is shown while it goes on.
  if (invocation.watch !== undefined) return { out: '', note: '' };
  const found = succeeded.flatMap((exchange) => answered(exchange, journal));
  if (format === 'table' || format === 'wide') {
    const out = printHuman(found, { wide: format === 'wide', allNamespaces, clock });
    const isEmpty = out === '' && !ignoreNotFound && !context.hasFailed;
    return { out, note: isEmpty ? nothingFound(found, invocation, context) : '' };
  }
  const documents = found.map(({ document }) => document);
  const isSingle = target.kind === 'objects' && target.names.length === 1;
  if ((isSingle && context.hasFailed) || (documents.length === 0 && ignoreNotFound)) return { out: '', note: '' };
  const [only] = documents;
  const printed = isSingle && only !== undefined ? only : listOf(documents, { resourceVersion: '' });
  return { out: printObjects([printed], format), note: '' };
}

/** kubectl names the namespace when all types have one, and this was the only one asked. */
function nothingFound(
  found: readonly AnsweredObject[],
  { allNamespaces }: GetInvocation,
  context: AnswerContext,
): string {
  const namespaced = !allNamespaces && found.every(({ type }) => type.namespaced);
  return namespaced ? `No resources found in ${context.namespace} namespace.\n` : NOTHING_FOUND;
}

function answered(exchange: Exchange, journal: Journal): AnsweredObject[] {
  const type = journal.typeOf(exchange);
  return type === undefined ? [] : flattenAnswer(type, exchange.body);
}

function requestedName(exchange: Exchange, journal: Journal): string {
  const type = journal.typeOf(exchange);
  return type === undefined ? '' : `${kindName(type.kind, type.group)}/${exchange.request.name}\n`;
}

/** An answer for `requests[].body`: JSON as it is, the events of a watch as a list, anything else as text. */
export function bodyOf({ request, status, body }: Exchange): JSONValue {
  if (request.purpose !== 'request' || status === null) return null;
  if (request.streamEnd !== undefined) return readEvents(body).map(jsonValue);
  const answer = parseAnswer(body);
  return answer === undefined ? Buffer.from(body).toString('utf8') : jsonValue(answer);
}

/** Integers that a number cannot hold are strings, as everywhere in the document. */
function jsonValue(value: unknown): JSONValue {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value as JSONValue;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonValue(each)]));
}

const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status < 300;
