import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { WatchedAgent, watchedBy } from '../../../../src/kube/http/connect.ts';
import {
  ConnectionMeasure,
  onceSentWithHandshake,
  watchConnection,
} from '../../../../src/kube/http/connection-watch.ts';
import { PhaseRecord, type Moment, type PhaseEnd } from '../../../../src/kube/http/phases.ts';
import { Turns } from '../../../../src/kube/http/turns.ts';
import { createAuthority } from '../../../lab/cluster/certificate.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const { certificate, key } = createAuthority('test').issueServer(['127.0.0.1']);
const server = createServer({ cert: certificate, key }, (incoming, response) => {
  incoming.resume().on('end', () => response.end('ok'));
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => server.close());

/** Notes the steps in the order in which they are reported. */
class NotedRecord extends PhaseRecord {
  readonly steps: string[] = [];

  override mark(end: PhaseEnd, moment: Moment): void {
    this.steps.push(end);
    super.mark(end, moment);
  }

  override sent(end: PhaseEnd, moment: Moment): void {
    this.steps.push(`sent for ${end}`);
    super.sent(end, moment);
  }
}

async function steps(agent: WatchedAgent, body?: Buffer): Promise<string[]> {
  const clock = new FakeClock();
  const start = { at: clock.now(), waited: 0 };
  const turns = new Turns(clock);
  const record = new NotedRecord(start, turns);
  const { port } = server.address() as AddressInfo;
  const outgoing = httpsRequest({
    host: '127.0.0.1',
    port,
    agent,
    method: 'POST',
    ...watchedBy((socket) => watchConnection(socket, new ConnectionMeasure(start, turns), clock, record)),
  });
  outgoing.on('finish', () => record.steps.push('finish'));
  outgoing.on('socket', (socket) =>
    onceSentWithHandshake(socket, outgoing, () => record.steps.push('sent with the handshake')),
  );
  outgoing.on('response', (response) => {
    record.steps.push('response');
    response.resume();
  });
  outgoing.end(body);
  await once(outgoing, 'close');
  return record.steps;
}

const CONNECTED = ['sent for connect', 'connect', 'sent for secureConnect', 'secureConnect'];

test('each step is reported from before its message is sent, and a small request is sent with the handshake', async () => {
  const agent = new WatchedAgent({ keepAlive: true, rejectUnauthorized: false });
  assert.deepEqual(await steps(agent), [...CONNECTED, 'sent with the handshake', 'finish', 'response']);
  assert.deepEqual(await steps(agent), ['finish', 'response'], 'a connection that is used again is made once');
  agent.destroy();
});

test('a body of several records is sent after the handshake', async () => {
  const agent = new WatchedAgent({ keepAlive: true, rejectUnauthorized: false });
  assert.deepEqual(await steps(agent, Buffer.alloc(100_000)), [...CONNECTED, 'finish', 'response']);
  agent.destroy();
});
