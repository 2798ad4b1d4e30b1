import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportResponse, exportResponseJSON, HTTP_CODES, rpcStatus } from './responses.ts';
import { tooLarge } from './body.ts';
import { CHALLENGES, refusalBy, type Gate } from './gate.ts';
import { webPageProblem } from './http-guard.ts';
import type { Encoding } from './batch-writer.ts';
import type { Limits } from './limits.ts';
import type { Outcome } from './outcome.ts';
import type { Receiver } from './receiver.ts';

const TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

/** Also one from here: this shows text, and nothing that could send spans. */
const FROM_A_PAGE = 'spans of web pages are not received: send them by way of a Collector';

/** Serves one request of OTLP over HTTP/1.1: `POST /v1/traces`. */
export async function serveOTLP(
  request: IncomingMessage,
  response: ServerResponse,
  { receiver, gate }: { readonly receiver: Receiver; readonly gate: Gate | undefined },
): Promise<void> {
  const problem =
    webPageProblem(request, { credentials: gate?.credentials }) ??
    (request.headers.origin === undefined ? undefined : FROM_A_PAGE);
  if (problem !== undefined) return refuse(response, 403, problem);
  const refusal = refusalBy(gate, request.headers.authorization);
  if (refusal !== undefined) {
    response.setHeader('www-authenticate', [...CHALLENGES]);
    refuse(response, 401, refusal.message);
    return drain(request, receiver.limits);
  }
  const path = request.url?.split('?', 1)[0];
  if (path !== '/v1/traces')
    return refuse(response, 404, `${path} is not served here: traces are received at /v1/traces`);
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return refuse(response, 405, 'traces are received by POST');
  }
  const encoding = encodingOf(request.headers['content-type']);
  if (encoding === undefined)
    return refuse(response, 415, `the content type must be ${TYPES.protobuf} or ${TYPES.json}`);
  // A request with a too large Content-Length is refused before its body.
  if (Number(request.headers['content-length'] ?? 0) > receiver.limits.messageBytes) {
    end(response, encoding, tooLarge(receiver.limits));
    return drain(request, receiver.limits);
  }
  const compression = request.headers['content-encoding'];
  const open = (message: Buffer) => ({ message, compression });
  const outcome = await receiver.receive({ source: request, encoding, open });
  if (outcome === undefined) return;
  end(response, encoding, outcome);
  drain(request, receiver.limits);
}

/** This much of an unwanted body is read and dropped, so that a client that is still sending sees the response. */
const DRAINED_MESSAGES = 4;

function drain(request: IncomingMessage, { messageBytes }: Limits): void {
  if (request.complete) return;
  let left = DRAINED_MESSAGES * messageBytes;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}

function encodingOf(contentType = ''): Encoding | undefined {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  return type === TYPES.protobuf ? 'protobuf' : type === TYPES.json ? 'json' : undefined;
}

function end(response: ServerResponse, encoding: Encoding, outcome: Outcome): void {
  if (response.destroyed) return;
  response.setHeader('content-type', TYPES[encoding]);
  if (outcome.status === 'stored') {
    const { rejected } = outcome;
    response.end(encoding === 'json' ? JSON.stringify(exportResponseJSON(rejected)) : exportResponse(rejected));
    return;
  }
  const { message } = outcome;
  response.statusCode = HTTP_CODES[outcome.status];
  if (outcome.status === 'busy') response.setHeader('retry-after', String(outcome.retrySeconds));
  response.end(encoding === 'json' ? JSON.stringify({ message }) : rpcStatus(0, message));
}

function refuse(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${message}\n`);
}
