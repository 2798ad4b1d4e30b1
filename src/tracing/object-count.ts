import type { Exchange } from '../kube/http/exchange.ts';
import { isObject, parseJSON } from '../kube/json.ts';

/** How many objects an answer holds: rows of a table, items of a list, or one. Null for what is not an object. */
export function objectCount({ status, body, headers }: Exchange): number | null {
  if (status === null || status >= 300 || !/\bjson\b/.test(headers['content-type'] ?? '')) return null;
  const document = parseJSON(body);
  if (!isObject(document)) return null;
  const { kind, rows, items } = document;
  // Null is as none, as the API machinery has it.
  if (kind === 'Table' && (Array.isArray(rows) || rows === null)) return rows?.length ?? 0;
  if (Array.isArray(items) || items === null) return items?.length ?? 0;
  return typeof kind === 'string' ? 1 : null;
}
