import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Connections } from '../../../src/serve/connections.ts';
import { PIECE, sendPieces } from '../../../src/serve/query/send-pieces.ts';
import { Turns } from '../../../src/store/turns.ts';

test('no piece of a response is made before those to earlier requests on the connection have been sent', async (t) => {
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => void responses.push(response)).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(
    'GET / HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
  );
  while (responses.length < 2) await turn();
  const [first, second] = responses;

  let made = 0;
  function* pieces(): Generator<string> {
    for (; made < 100; made++) yield '-'.repeat(PIECE);
  }
  const sending = { turns: new Turns(), connections: new Connections(10), meter: { spent: 0 } };
  const sent = sendPieces(second!, pieces(), sending);
  for (let turns = 0; turns < 1000; turns++) await turn();
  assert.equal(made, 0);

  first!.end();
  let received = 0;
  for await (const bytes of socket) received += (bytes as Buffer).length;
  await sent;
  assert.equal(made, 100);
  assert.ok(received > 100 * PIECE, `${received} bytes`);
});
