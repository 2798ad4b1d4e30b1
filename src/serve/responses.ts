import { counted } from '../format/counted.ts';
import { bytesField, textField, varintField } from '../codec/protobuf/writer.ts';
import type { Outcome } from './outcome.ts';

/** The message about spans that could never be found, or that would block all others. */
const rejectionMessage = (rejected: number): string =>
  `${counted(rejected, 'span has', 'spans have')} no valid ID or time, or too many bytes or attributes`;

/** The message `ExportTraceServiceResponse`: empty, or with the number of rejected spans. */
export function exportResponse(rejected: number): Buffer {
  if (rejected === 0) return Buffer.alloc(0);
  const partial = Buffer.concat([varintField(1, rejected), textField(2, rejectionMessage(rejected))]);
  return Buffer.concat(bytesField(1, partial));
}

/** The same in JSON. */
export function exportResponseJSON(rejected: number): object {
  if (rejected === 0) return {};
  return { partialSuccess: { rejectedSpans: String(rejected), errorMessage: rejectionMessage(rejected) } };
}

/** gRPC's codes, and HTTP's, by outcome. */
export const GRPC_CODES = {
  malformed: 3,
  unsupported: 12,
  'too-large': 8,
  'too-slow': 4,
  unauthenticated: 16,
  busy: 8,
  failed: 13,
} as const satisfies Record<Exclude<Outcome['status'], 'stored'>, number>;

export const HTTP_CODES = {
  malformed: 400,
  unsupported: 415,
  'too-large': 413,
  'too-slow': 408,
  unauthenticated: 401,
  busy: 429,
  failed: 500,
} as const satisfies Record<Exclude<Outcome['status'], 'stored'>, number>;

/**
 * The message `google.rpc.Status`. RESOURCE_EXHAUSTED may be tried again only with a `RetryInfo` among its details
 * (OTLP specification, "Failures"), so that what is too large is not sent for ever.
 */
export function rpcStatus(code: number, message: string, retrySeconds?: number): Buffer {
  const pieces = [varintField(1, code), textField(2, message)];
  if (retrySeconds !== undefined) {
    const retryInfo = Buffer.concat(bytesField(1, varintField(1, retrySeconds)));
    const any = Buffer.concat([textField(1, 'type.googleapis.com/google.rpc.RetryInfo'), ...bytesField(2, retryInfo)]);
    pieces.push(Buffer.concat(bytesField(3, any)));
  }
  return Buffer.concat(pieces);
}
