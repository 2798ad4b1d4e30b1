import { randomBytes } from 'node:crypto';
import { bytesField, fixed64Field, message, textField, varintField } from './protobuf.ts';

/** A span as it is to be sent; everything but the trace has a default. */
export interface SentSpan {
  readonly trace: string;
  readonly span?: string;
  readonly parent?: string;
  readonly name?: string;
  /** SPAN_KIND_SERVER is 2, SPAN_KIND_CLIENT 3. */
  readonly kind?: number;
  /** In nanoseconds since the epoch. */
  readonly start?: bigint;
  readonly duration?: bigint;
  readonly attributes?: Readonly<Record<string, string | bigint | boolean>>;
  readonly failed?: boolean;
}

/** 32 unique hex digits. */
export const newTrace = (): string => randomBytes(16).toString('hex');

/** `ExportTraceServiceRequest` in protobuf, of one service. */
export function exportRequest(spans: readonly SentSpan[], service = 'shop'): Buffer {
  const resource = bytesField(1, keyValue(1, 'service.name', textField(1, service)));
  const scope = bytesField(1, message(textField(1, 'test'), textField(2, '1.0')));
  const scopeSpans = message(scope, ...spans.map((span) => bytesField(2, spanMessage(span))));
  return bytesField(1, message(resource, bytesField(2, scopeSpans)));
}

function spanMessage(span: SentSpan): Buffer {
  const { start = 1_795_478_400_000_000_000n, duration = 1_000_000n, attributes = {} } = span;
  return message(
    bytesField(1, Buffer.from(span.trace, 'hex')),
    bytesField(2, Buffer.from(span.span ?? randomBytes(8).toString('hex'), 'hex')),
    span.parent === undefined ? Buffer.alloc(0) : bytesField(4, Buffer.from(span.parent, 'hex')),
    textField(5, span.name ?? 'GET /cart'),
    varintField(6, BigInt(span.kind ?? 2)),
    fixed64Field(7, start),
    fixed64Field(8, start + duration),
    ...Object.entries(attributes).map(([key, value]) => keyValue(9, key, valueMessage(value))),
    span.failed === true ? bytesField(15, varintField(3, 2n)) : Buffer.alloc(0),
  );
}

const keyValue = (field: number, key: string, value: Buffer): Buffer =>
  bytesField(field, message(textField(1, key), bytesField(2, value)));

function valueMessage(value: string | bigint | boolean): Buffer {
  if (typeof value === 'string') return textField(1, value);
  return typeof value === 'boolean' ? varintField(2, value ? 1n : 0n) : varintField(3, value);
}
