import type { AttributeValue, Attributes, SpanKind, Status } from '../../trace/span.ts';
import { JAEGER_FORMAT_NOISE, NO_ATTRIBUTES, setAttribute } from '../decoded.ts';
import { double, integer } from '../integer.ts';
import { bounded, isObject, list, text, type JSONObject } from '../json.ts';

/** A Jaeger tag list, as the OpenTelemetry fields that Jaeger folds into tags, and the attributes that remain. */
export interface SpanTags {
  kind: SpanKind;
  status: Status;
  scopeName: string;
  scopeVersion: string;
  attributes: Attributes;
}

const KINDS: ReadonlySet<string> = new Set<SpanKind>(['internal', 'server', 'client', 'producer', 'consumer']);
const UNSET: Status = { code: 'unset' };
const OK: Status = { code: 'ok' };
const ERROR: Status = { code: 'error' };

/** The tags of a span. Which tags stand for fields: opentelemetry-collector-contrib, pkg/translator/jaeger. */
export function spanTags(tags: unknown): SpanTags {
  let kind: SpanKind = 'unspecified';
  let code: Status['code'] | undefined;
  let description = '';
  let error: unknown;
  let scopeName = '';
  let scopeVersion = '';
  const attributes: Record<string, AttributeValue> = {};
  for (const tag of list(tags)) {
    if (!isObject(tag) || typeof tag['key'] !== 'string') continue;
    const key = tag['key'];
    switch (key) {
      case 'span.kind': {
        const value = text(tag['value']).toLowerCase();
        if (KINDS.has(value)) kind = value as SpanKind;
        else setAttribute(attributes, key, tagValue(tag));
        break;
      }
      case 'otel.status_code':
        code = tag['value'] === 'ERROR' ? 'error' : tag['value'] === 'OK' ? 'ok' : 'unset';
        break;
      case 'otel.status_description':
        description = text(tag['value']);
        break;
      case 'error':
        error = tag['value'];
        // A `false` that a program set is an attribute like any other.
        if (error === false) attributes['error'] = false;
        break;
      case 'otel.scope.name':
      case 'otel.library.name':
        scopeName = text(tag['value']);
        break;
      case 'otel.scope.version':
      case 'otel.library.version':
        scopeVersion = text(tag['value']);
        break;
      // The trace state has no place in our spans, whichever API they come from.
      case 'w3c.tracestate':
      case JAEGER_FORMAT_NOISE:
        break;
      default:
        setAttribute(attributes, key, tagValue(tag));
    }
  }
  code ??= statusOfErrorTag(error);
  const plain = code === 'error' ? ERROR : code === 'ok' ? OK : UNSET;
  const status = description === '' ? plain : { code, message: description };
  return { kind, status, scopeName, scopeVersion, attributes };
}

/**
 * Without `otel.status_code`: Jaeger's own clients write the boolean true, VictoriaTraces the texts "true", "false"
 * (which is OK) and "unset" (its Jaeger API, app/vtselect/traces/jaeger).
 */
function statusOfErrorTag(error: unknown): Status['code'] {
  if (error === true || error === 'true') return 'error';
  return error === 'false' ? 'ok' : 'unset';
}

/** The tags of a process, or the fields of a log but for the one that is its name. */
export function plainTags(tags: unknown, except?: string): Attributes {
  const all = list(tags);
  if (all.length === 0) return NO_ATTRIBUTES;
  const attributes: Record<string, AttributeValue> = {};
  for (const tag of all) {
    if (!isObject(tag) || typeof tag['key'] !== 'string' || tag['key'] === except) continue;
    setAttribute(attributes, tag['key'], tagValue(tag));
  }
  return attributes;
}

function tagValue(tag: JSONObject): AttributeValue {
  const value = tag['value'];
  switch (tag['type']) {
    case 'int64':
      return integer(value) ?? scalar(value);
    case 'float64':
      return double(value) ?? scalar(value);
    case 'binary':
      return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : scalar(value);
    default:
      return scalar(value);
  }
}

function scalar(value: unknown): AttributeValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  return value === null || value === undefined ? null : JSON.stringify(bounded(value));
}
