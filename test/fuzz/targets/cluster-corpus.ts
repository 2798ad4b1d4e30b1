/** Separator between the client's bytes and the server's response. */
export const SEPARATOR = Buffer.from('\n--- the server answers ---\n');

const lines = (...text: readonly string[]): Buffer => Buffer.from(text.join('\r\n'), 'latin1');

const AUTHORIZED = 'Host: 127.0.0.1\r\nAuthorization: Bearer TOKEN';

/** `TOKEN` becomes the proxy's. The first one is ordinary. */
export const CLIENT_REQUESTS: readonly Buffer[] = [
  lines('GET /api/v1/nodes HTTP/1.1', AUTHORIZED, 'Accept: application/json', 'Connection: close', '', ''),
  lines('GET /api/v1/pods?limit=500 HTTP/1.1', AUTHORIZED, 'Accept-Encoding: gzip', '', ''),
  lines(
    'POST /api/v1/namespaces/a/pods HTTP/1.1',
    AUTHORIZED,
    'Content-Type: application/json',
    'Content-Length: 13',
    '',
    '{"kind":"Pod"}',
  ),
  lines(
    'PATCH /api/v1/namespaces/a/pods/b HTTP/1.1',
    AUTHORIZED,
    'Transfer-Encoding: chunked',
    'Trailer: X-End',
    '',
    '5',
    '{"a":',
    '2',
    '1}',
    '0',
    'X-End: 1',
    '',
    '',
  ),
  lines(
    'GET /api/v1/secrets HTTP/1.1',
    AUTHORIZED,
    'Impersonate-User: jane',
    'Impersonate-Extra-scopes: a',
    'Impersonate-Group: system:masters',
    '',
    '',
  ),
  lines(
    'DELETE /api/v1/pods HTTP/1.1',
    AUTHORIZED,
    'Connection: content-length, close',
    'Content-Length: 40',
    '',
    'GET /api/v1/secrets HTTP/1.1\r\nHost: x\r\n\r\n',
  ),
  lines(
    'GET /api/v1/namespaces/a/pods/b/exec?command=sh HTTP/1.1',
    AUTHORIZED,
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    '',
    'bytes',
  ),
  lines('CONNECT 127.0.0.1:1 HTTP/1.1', AUTHORIZED, '', ''),
  lines('GET http://other.example/api HTTP/1.1', AUTHORIZED, '', ''),
  lines('GET /api HTTP/1.1', 'Host: a', '', ''),
  lines('PRI * HTTP/2.0', '', 'SM', '', ''),
];

export const RELAYED_RESPONSES: readonly Buffer[] = [
  lines('HTTP/1.1 200 OK', 'Content-Type: application/json', 'Content-Length: 2', '', '{}'),
  lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', '2', '{}', '0', '', ''),
  lines('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', '', 'bytes'),
  lines('HTTP/1.1 100 Continue', '', 'HTTP/1.1 201 Created', 'Content-Length: 0', '', ''),
  lines('HTTP/1.1 404 Not Found', 'Content-Type: text/plain', 'Warning: 299 - "a"', 'Audit-Id: x', '', 'not found'),
  lines('HTTP/1.1 302 Found', 'Location: https://other.example/', 'Set-Cookie: a=b', 'Content-Length: 0', '', ''),
  lines('HTTP/1.1 200 \xd6K', 'X-Name: J\xf3se', 'Connection: X-Name, close', 'Content-Length: 5', '', '{}'),
  lines('HTTP/1.0 200 OK', '', '{}'),
];
