import { protobufTrace } from '../../unit/backend/protobuf-trace.ts';
import { EXPORT_PATH, framed } from '../../support/serving.ts';

const request = (head: string, body: Buffer | string = ''): Buffer =>
  Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(body)]);

const JSON_BODY =
  '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","name":"a","startTimeUnixNano":"1795478400000000123","endTimeUnixNano":"1795478400000000124"}]}]}]}';

/** A frame of HTTP/2 (RFC 9113 §4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A header as HPACK writes it without a table and without Huffman's code (RFC 7541 §6.2.2); each text below 127 bytes. */
export const literal = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [DATA, HEADERS, RESET, SETTINGS, PING, WINDOW] = [0, 1, 3, 4, 6, 8];
const HEAD = Buffer.concat([
  literal(':method', 'POST'),
  literal(':scheme', 'http'),
  literal(':path', EXPORT_PATH),
  literal(':authority', '127.0.0.1'),
  literal('content-type', 'application/grpc'),
  literal('te', 'trailers'),
]);

const session = (...frames: readonly Buffer[]): Buffer =>
  Buffer.concat([PREFACE, frame(SETTINGS, 0, 0, Buffer.alloc(0)), ...frames]);

export const RAW_REQUESTS: readonly Buffer[] = [
  request(
    `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${protobufTrace.length}`,
    protobufTrace,
  ),
  request(
    `POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${JSON_BODY.length}\r\nExpect: 100-continue`,
    JSON_BODY,
  ),
  request(
    'POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked',
    `${JSON_BODY.length.toString(16)}\r\n${JSON_BODY}\r\n0\r\n\r\n`,
  ),
  request('GET /v1/traces HTTP/1.1\r\nHost: 127.0.0.1'),
  request(
    'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://example.com\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings',
  ),
  session(frame(HEADERS, 4, 1, HEAD), frame(DATA, 1, 1, framed(protobufTrace))),
  session(
    frame(HEADERS, 4, 1, HEAD),
    frame(DATA, 0, 1, framed(protobufTrace).subarray(0, 20)),
    frame(RESET, 0, 1, Buffer.from([0, 0, 0, 8])),
    frame(HEADERS, 4, 3, HEAD),
    frame(DATA, 1, 3, framed(protobufTrace)),
  ),
  session(
    frame(PING, 0, 0, Buffer.alloc(8, 1)),
    frame(WINDOW, 0, 0, Buffer.from([0x7f, 0xff, 0, 0])),
    frame(HEADERS, 5, 1, HEAD),
  ),
];

export const QUERIES: readonly Buffer[] = [
  'api/services',
  'api/services/apiserver/operations',
  'api/operations?service=apiserver&spanKind=server',
  'api/traces?service=apiserver&limit=20&lookback=1h&minDuration=1ms&maxDuration=1.5s&tags=%7B%22audit-id%22%3A%22audit-1%22%7D',
  'api/traces?service=apiserver&operation=GET%20%2Fcart&start=1795478400000000&end=1795478500000000&tag=audit-id:audit-1',
  'api/traces?traceID=0af7651916cd43dd8448eb211c80319c&traceID=1',
  'api/traces/0af7651916cd43dd8448eb211c80319c',
  'api/v3/services',
  'api/v3/operations?service=apiserver&span_kind=server',
  'api/v3/traces?query.service_name=apiserver&query.start_time_min=2026-11-23T08:00:00Z&query.start_time_max=2026-11-25T08:00:00.000000001Z&query.num_traces=5&query.attributes=%7B%22audit-id%22%3A%22audit-1%22%7D',
  'api/v3/traces/0af7651916cd43dd8448eb211c80319c',
  'trace/0af7651916cd43dd8448eb211c80319c',
  'kubectl-trace/serve',
].map((path) => Buffer.from(path));
