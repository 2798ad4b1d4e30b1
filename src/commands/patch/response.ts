import { printObjects } from '../../kube/print/object-response.ts';
import {
  respondedDocuments,
  writtenResponse,
  type ResponseContext,
  type ResponseText,
} from '../../tracing/response.ts';

/** The output of `kubectl patch`, which has a new printer for each object, and so nothing between them. */
export function patchResponse(context: ResponseContext): ResponseText {
  return writtenResponse(context, (written, form) =>
    respondedDocuments(written, context.recorder)
      .map((document) => printObjects([document], form))
      .join(''),
  );
}
