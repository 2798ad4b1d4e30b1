import { bytesOfBase64 } from '../../format/base64.ts';
import type { AttributeValue, Attributes } from '../../trace/span.ts';
import { JAEGER_FORMAT_NOISE, NO_ATTRIBUTES, setAttribute } from '../decoded.ts';
import { double, integer } from '../integer.ts';
import { isObject, list } from '../json.ts';

/** Notes what plain JSON.parse has already rounded, so that the text is read again. */
export interface Exactness {
  exact: boolean;
}

/** No real attribute is nested this deep; a document that is would exhaust the stack. */
const MAX_DEPTH = 64;

/** OTLP's `[{key, value: AnyValue}]`. */
export function otlpAttributes(raw: unknown, exactness: Exactness, depth = 0): Attributes {
  const pairs = list(raw);
  if (pairs.length === 0) return NO_ATTRIBUTES;
  const attributes: Record<string, AttributeValue> = {};
  for (const pair of pairs) {
    if (!isObject(pair) || typeof pair['key'] !== 'string' || pair['key'] === JAEGER_FORMAT_NOISE) continue;
    setAttribute(attributes, pair['key'], anyValue(pair['value'], exactness, depth));
  }
  return attributes;
}

/** A missing or unknown value is null, as an empty AnyValue is in OTLP. */
function anyValue(raw: unknown, exactness: Exactness, depth: number): AttributeValue {
  if (!isObject(raw) || depth > MAX_DEPTH) return null;
  const string = raw['stringValue'];
  if (typeof string === 'string') return string;
  const int = raw['intValue'];
  if (int !== undefined && int !== null) {
    if (typeof int === 'number' && !Number.isSafeInteger(int)) exactness.exact = false;
    return integer(int) ?? null;
  }
  for (const kind in raw) {
    const value = raw[kind];
    switch (kind) {
      case 'boolValue':
        return value === true;
      case 'doubleValue':
        return double(value) ?? null;
      case 'bytesValue':
        return typeof value === 'string' ? bytesOfBase64(value) : null;
      case 'arrayValue':
        return isObject(value) ? list(value['values']).map((one) => anyValue(one, exactness, depth + 1)) : [];
      case 'kvlistValue':
        return isObject(value) ? otlpAttributes(value['values'], exactness, depth + 1) : {};
    }
  }
  return null;
}
