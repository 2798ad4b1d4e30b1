import { kindName } from '../../kube/print/kind-name.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { printObjects } from '../../kube/print/object-response.ts';
import type { RequestRecorder } from '../../tracing/recorder.ts';
import {
  NOTHING_FOUND,
  respondedDocuments,
  succeeded,
  writtenResponse,
  type ResponseContext,
  type ResponseText,
} from '../../tracing/response.ts';
import type { DeleteInvocation } from './arguments.ts';

/** The output of `kubectl delete`. */
export function deleteResponse({ target }: DeleteInvocation, context: ResponseContext): ResponseText {
  const { recorder, hasFailed } = context;
  if (target.kind === 'selected') {
    const isEmpty = !hasFailed && succeeded(recorder).every(({ request }) => request.method === 'GET');
    if (isEmpty) return { out: NOTHING_FOUND, note: '' };
  }
  return writtenResponse(context, (written, form) =>
    form === 'name'
      ? written.map((exchange) => requestedName(exchange, recorder)).join('')
      : printObjects(respondedDocuments(written, recorder), form),
  );
}

/** The response to a delete may be a Status: the object has the name of the request. */
function requestedName(exchange: Exchange, recorder: RequestRecorder): string {
  const type = recorder.typeOf(exchange);
  return type === undefined ? '' : `${kindName(type.kind, type.group)}/${exchange.request.name}\n`;
}
