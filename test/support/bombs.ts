import { randomBytes } from 'node:crypto';
import { bytesField, fixed64Field, message, textField } from './protobuf.ts';

/** Requests that are small where they are sent, or make much work. Each is an `ExportTraceServiceRequest`. */

const START = 1_795_478_400_000_000_000n;
const MIB = 1024 * 1024;

const resource = (service: string): Buffer =>
  bytesField(1, bytesField(1, message(textField(1, 'service.name'), bytesField(2, textField(1, service)))));

/** The shortest span that there is, with what is added. */
export const tinySpan = (trace: Buffer, ...more: readonly Buffer[]): Buffer =>
  message(
    bytesField(1, trace),
    bytesField(2, randomBytes(8)),
    fixed64Field(7, START),
    fixed64Field(8, START + 1n),
    ...more,
  );

export const request = (service: string, ...scopeSpans: readonly Buffer[]): Buffer =>
  bytesField(1, message(resource(service), ...scopeSpans.map((one) => bytesField(2, one))));

/** Millions of lists of spans with nothing in them; 16 KB of gzip. */
export const emptyScopes = (count: number): Buffer => bytesField(1, Buffer.alloc(2 * count, Buffer.from([0x12, 0x00])));

/** Millions of spans with nothing in them. */
export const emptySpans = (count: number): Buffer =>
  bytesField(1, bytesField(2, Buffer.alloc(2 * count, Buffer.from([0x12, 0x00]))));

/** Millions of attributes with nothing in them, in one span. */
export const emptyAttributes = (count: number): Buffer =>
  request('bomb', bytesField(2, tinySpan(randomBytes(16), Buffer.alloc(2 * count, Buffer.from([0x4a, 0x00])))));

/** As many spans of one trace as there is room for, which all have to be looked at. */
export function manySpans(bytes: number, trace = randomBytes(16), service = 'many'): Buffer {
  const spans: Buffer[] = [];
  for (let size = 0; size < bytes; size += 60) spans.push(bytesField(2, tinySpan(trace, textField(5, 'GET /'))));
  return request(service, Buffer.concat(spans));
}

/** Each span is of another trace. */
export function manyTraces(count: number): Buffer {
  const spans = Array.from({ length: count }, () => bytesField(2, tinySpan(randomBytes(16))));
  return request('traces', Buffer.concat(spans));
}

/** A large resource that every chunk would have again. */
export function largeResource(bytes: number, traces: number): Buffer {
  const spans = Array.from({ length: traces }, () => bytesField(2, tinySpan(randomBytes(16))));
  return request('r'.repeat(bytes), Buffer.concat(spans));
}

/** Names of spans that are all different, and of a service, of this many bytes. */
export function longNames(
  count: number,
  { name, service }: { readonly name: number; readonly service: number },
): Buffer {
  const trace = randomBytes(16);
  const spans = Array.from({ length: count }, (_, index) =>
    bytesField(2, tinySpan(trace, textField(5, `${index} ${'n'.repeat(name)}`))),
  );
  return request('s'.repeat(service), Buffer.concat(spans));
}

/** Lists in lists, or objects, as JSON. */
export const manyObjects = (bytes: number): Buffer => Buffer.from(`{"resourceSpans":[${'{},'.repeat(bytes / 3)}{}]}`);

export const manyJSONSpans = (bytes: number): Buffer =>
  Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(bytes / 3)}{}]}]}]}`);

/** Spans of almost the largest size, each of which is an object with as many keys as it has room for. */
export function manyKeys(spans: number): Buffer {
  const keys = Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(',');
  const span = `{"traceId":"0af7651916cd43dd8448eb211c80319c",${keys}}`;
  return Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${Array(spans).fill(span).join(',')}]}]}]}`);
}

export const SIXTEEN_MIB = 16 * MIB - 1024;
