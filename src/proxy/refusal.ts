import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The proxy's own response, in the form of the API server's: a Kubernetes Status. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** The API server's own words for a request from an unknown user. */
export const UNAUTHORIZED: Refusal = { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };

const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

function bodyOf({ code, reason, message }: Refusal): Buffer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return Buffer.from(`${JSON.stringify(status)}\n`);
}

/** Ends the connection as well: nothing that follows on it could be understood. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  const body = bodyOf(refusal);
  response.writeHead(refusal.code, PHRASES[refusal.code] ?? 'Refused', {
    'content-type': 'application/json',
    'content-length': body.length,
    connection: 'close',
  });
  response.end(body);
}

/** The same to a client that wanted another protocol. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = bodyOf(refusal);
  const head = [
    `HTTP/1.1 ${refusal.code} ${PHRASES[refusal.code] ?? 'Refused'}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
}
