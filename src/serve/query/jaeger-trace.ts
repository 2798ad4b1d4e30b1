import type { AttributeValue, Attributes, Resource, Span } from '../../trace/span.ts';

/*
 * A trace in the JSON of Jaeger's first API, as Jaeger itself translates OTLP into it
 * (opentelemetry-collector-contrib, pkg/translator/jaeger): microseconds, and tags for everything without a field.
 */

export function jaegerProcess({ service, attributes }: Resource): object {
  const { 'service.name': _, ...others } = attributes;
  return { serviceName: service, tags: tagsOf(others) };
}

export function jaegerSpan(span: Span, processID: string): object {
  const { traceID, spanID, parentSpanID, start, end, links, events } = span;
  const parent = parentSpanID === undefined ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parentSpanID }];
  return {
    traceID,
    spanID,
    operationName: span.name,
    references: [
      ...parent,
      ...links.map((link) => ({ refType: 'FOLLOWS_FROM', traceID: link.traceID, spanID: link.spanID })),
    ],
    startTime: Number(start / 1000n),
    duration: end < start ? 0 : Number((end - start) / 1000n),
    tags: [...tagsOf(span.attributes), ...fieldTags(span)],
    logs: events.map(({ time, name, attributes }) => ({
      timestamp: Number(time / 1000n),
      fields: [...(name === '' ? [] : [tag('event', name)]), ...tagsOf(attributes)],
    })),
    processID,
    warnings: null,
  };
}

/** Fields of OpenTelemetry that Jaeger has tags for. */
function fieldTags({ kind, status, scope }: Span): object[] {
  const tags: object[] = [];
  if (kind !== 'unspecified') tags.push(tag('span.kind', kind));
  if (status.code !== 'unset') tags.push(tag('otel.status_code', status.code.toUpperCase()));
  if (status.code === 'error') tags.push(tag('error', true));
  if (status.message !== undefined) tags.push(tag('otel.status_description', status.message));
  if (scope !== undefined) tags.push(tag('otel.scope.name', scope.name));
  if (scope?.version !== undefined) tags.push(tag('otel.scope.version', scope.version));
  return tags;
}

const tagsOf = (attributes: Attributes): object[] => Object.entries(attributes).map(([key, value]) => tag(key, value));

function tag(key: string, value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { key, type: 'string', value };
    case 'boolean':
      return { key, type: 'bool', value };
    case 'bigint':
      // An integer that a double cannot hold is a string, as in Jaeger.
      return { key, type: 'int64', value: String(value) };
    case 'number':
      if (Number.isInteger(value)) return { key, type: 'int64', value };
      return { key, type: 'float64', value: Number.isFinite(value) ? value : String(value) };
    default:
      if (value instanceof Uint8Array) return { key, type: 'binary', value: Buffer.from(value).toString('base64') };
      return { key, type: 'string', value: value === null ? '' : nestedText(value) };
  }
}

const nestedText = (value: AttributeValue): string =>
  JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === 'bigint') return String(one);
    return one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one;
  });
