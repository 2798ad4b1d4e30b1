import { printList, printObjects } from '../../kube/print/object-response.ts';
import {
  respondedDocuments,
  writtenResponse,
  type ResponseContext,
  type ResponseText,
} from '../../tracing/response.ts';
import type { FilesInvocation } from './arguments.ts';

/** The output of `kubectl create`, `replace` or `apply`, of which only `apply` prints several objects as one list. */
export function writeResponse({ kind }: FilesInvocation, context: ResponseContext): ResponseText {
  return writtenResponse(context, (written, form) => {
    const documents = respondedDocuments(written, context.recorder);
    const isList = kind === 'apply' && documents.length > 1 && form !== 'name';
    return isList ? printList(documents, form) : printObjects(documents, form);
  });
}
