import { encodeQuery } from '../../kube/api/request.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import type { ResponseObject } from '../../kube/print/response-objects.ts';
import { printHuman } from '../../kube/print/human-response.ts';
import { listOf, printObjects } from '../../kube/print/object-response.ts';
import {
  NOTHING_FOUND,
  rawResponse,
  respondedObjects,
  succeeded,
  type ResponseContext,
  type ResponseText,
} from '../../tracing/response.ts';
import type { GetInvocation } from './arguments.ts';

/** The output of `kubectl get`. */
export function getResponse(invocation: GetInvocation, context: ResponseContext): ResponseText {
  const { target, allNamespaces, ignoreNotFound } = invocation;
  const { format, recorder, clock } = context;
  const exchanges = invocation.repetition === undefined ? succeeded(recorder) : lastOfEach(succeeded(recorder));
  if (target.kind === 'path') return rawResponse(exchanges);
  // A watch is shown while it goes on.
  if (invocation.watch !== undefined) return { out: '', note: '' };
  const found = exchanges.flatMap((exchange) => respondedObjects(exchange, recorder));
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

/** The last response to each request that was sent several times. */
function lastOfEach(exchanges: readonly Exchange[]): Exchange[] {
  const last = new Map(
    exchanges.map((exchange) => [`${exchange.request.path}?${encodeQuery(exchange.request.query)}`, exchange]),
  );
  return [...last.values()];
}

/** kubectl names the namespace when all types have one, and it was the only one requested. */
function nothingFound(
  found: readonly ResponseObject[],
  { allNamespaces }: GetInvocation,
  { namespace }: ResponseContext,
): string {
  const namespaced = !allNamespaces && found.every(({ type }) => type.namespaced);
  return namespaced ? `No resources found in ${namespace} namespace.\n` : NOTHING_FOUND;
}
