import { isTooDeep } from '../../response-bounds.ts';
import { isObject, itemsOf } from '../json.ts';
import { parseJSONDocument } from '../manifest/json.ts';
import type { ResourceType } from '../api/resource-type.ts';

/** One object of a response, or the server's table of several. */
export interface ResponseObject {
  readonly type: ResourceType;
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * The objects that kubectl's builder makes of a response (cli-runtime pkg/resource/visitor.go, FlattenListVisitor): the
 * items of a list one by one, with the kind that the list's kind implies. Empty if the response is no JSON object.
 */
export function flattenResponse(type: ResourceType, body: Uint8Array): ResponseObject[] {
  const document = parseResponse(body);
  if (!isObject(document)) return [];
  const { kind, apiVersion } = document;
  const items = itemsOf(document);
  if (items === undefined) return [{ type, document }];
  const itemKind = typeof kind === 'string' ? kind.replace(/List$/, '') : '';
  return items.filter(isObject).map((item) => ({
    type,
    document: typeof item['kind'] === 'string' ? item : { apiVersion, kind: itemKind, ...item },
  }));
}

/** The same without splitting lists. */
export function completeResponse(type: ResourceType, body: Uint8Array): Readonly<Record<string, unknown>> {
  const document = parseResponse(body);
  if (!isObject(document)) return {};
  if (itemsOf(document) === undefined) return document;
  return { ...document, items: flattenResponse(type, body).map((item) => item.document) };
}

/** JSON with whole integers; undefined for anything else, and for what is nested too deep. */
export function parseResponse(body: Uint8Array): unknown {
  if (isTooDeep(body)) return undefined;
  try {
    return parseJSONDocument(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
