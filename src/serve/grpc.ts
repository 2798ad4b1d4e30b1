import { constants, type IncomingHttpHeaders, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { refusalBy, type Gate } from './gate.ts';
import { exportResponse, GRPC_CODES, rpcStatus } from './responses.ts';
import type { Outcome, Refusal } from './outcome.ts';
import type { Incoming, Receiver } from './receiver.ts';

const EXPORT_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const HEAD_BYTES = 5;

/**
 * Serves one gRPC call: unary calls of one method need no more of gRPC over HTTP/2 than a frame around the message and
 * the status after it (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
 */
export async function serveCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  parts: { readonly receiver: Receiver; readonly gate: Gate | undefined },
): Promise<void> {
  stream.on('error', () => {});
  try {
    await respond(stream, headers, parts);
  } catch {
    // The peer has reset the stream or broken the session meanwhile. A rejection would end the program for all senders.
    stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

async function respond(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { receiver, gate }: { readonly receiver: Receiver; readonly gate: Gate | undefined },
): Promise<void> {
  // Frames behind the headers may have ended the stream before its turn came.
  if (stream.destroyed || stream.closed) return;
  const contentType = headers['content-type'] ?? '';
  if (!/^application\/grpc(\+proto)?($|;)/.test(contentType)) {
    stream.respond({ ':status': 415, 'content-type': 'text/plain' });
    stream.end('over HTTP/2 only gRPC is served here; OTLP over HTTP is POST /v1/traces by HTTP/1.1\n');
    return;
  }
  const refusal = refusalBy(gate, headers.authorization);
  if (refusal !== undefined) return end(stream, refusal);
  if (headers[':path'] !== EXPORT_PATH) {
    const message = `${headers[':path']} is not served here: only traces are received`;
    return end(stream, { status: 'unsupported', message });
  }
  const incoming: Incoming = {
    source: stream,
    encoding: 'protobuf',
    open: (body) => openFrame(body, headers['grpc-encoding']),
  };
  const outcome = await receiver.receive(incoming);
  if (outcome !== undefined) end(stream, outcome);
}

function openFrame(body: Buffer, encoding: unknown): ReturnType<Incoming['open']> {
  const size = body.length < HEAD_BYTES ? -1 : body.readUInt32BE(1);
  if (size !== body.length - HEAD_BYTES) return { status: 'malformed', message: 'the call is not one whole message' };
  const compression = body[0] === 0 ? undefined : typeof encoding === 'string' ? encoding : 'identity';
  return { message: body.subarray(HEAD_BYTES), compression };
}

const HEADERS = { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,gzip' };

function end(stream: ServerHttp2Stream, outcome: Outcome): void {
  if (stream.destroyed || stream.closed) return;
  if (outcome.status !== 'stored') {
    stream.respond({ ...HEADERS, ...statusOf(outcome) }, { endStream: true });
    // The rest of the request is not needed any more; the stream is closed after the response has been written.
    setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
    return;
  }
  const message = exportResponse(outcome.rejected);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat([head, message]));
}

function statusOf(refusal: Refusal): OutgoingHttpHeaders {
  const code = GRPC_CODES[refusal.status];
  const retrySeconds = refusal.status === 'busy' ? refusal.retrySeconds : undefined;
  return {
    'grpc-status': String(code),
    'grpc-message': encodeURIComponent(refusal.message.toWellFormed()).replaceAll('%20', ' '),
    'grpc-status-details-bin': rpcStatus(code, refusal.message, retrySeconds).toString('base64'),
  };
}
