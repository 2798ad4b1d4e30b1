import assert from 'node:assert/strict';
import { createServer as createTLSServer } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { Lookup } from '../../../src/backend/backend.ts';
import { createAuthority } from '../../lab/cluster/certificate.ts';
import { serve } from '../../support/http-server.ts';
import { foundSpans } from '../../support/scripted-backend.ts';
import { never, open, say, shop } from './jaeger-server.ts';
import { etcd, play, server } from './poll-scene.ts';

async function listen(t: TestContext, listening: Server): Promise<string> {
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  t.after(() => listening.close());
  return `127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const lookup = (url: string): Promise<Lookup> => open(url).byID(shop, never);

test('a host that does not exist: no such host, or a name server without a response', async () => {
  const found = await lookup('http://backend.invalid:16686');
  assert.equal(found.status, 'unavailable');
  assert.equal(found.unconnected, true);
  // A machine without a name server says the second.
  assert.match(
    found.message,
    /^cannot connect to http:\/\/backend\.invalid:16686: (no such host|the name cannot be resolved now)$/,
  );
  assert.match(found.hint ?? '', /is the host name right/);
});

test('a port that fetch blocks is reported at once', async () => {
  const found = await lookup('http://127.0.0.1:9');
  assert.equal(found.status, 'failed');
  assert.match(found.message, /^cannot connect to http:\/\/127\.0\.0\.1:9: .*port 9/);
  assert.match(found.hint ?? '', /address of --backend/);
});

test('http to a server that speaks TLS: Go and nginx report it', async (t) => {
  for (const said of [
    'Client sent an HTTP request to an HTTPS server.\n',
    '<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>',
  ]) {
    const { url } = await serve(t, say(400, said));
    const found = await lookup(url);
    assert.equal(found.status, 'failed');
    assert.equal(found.reason, 'BackendSpeaksTLS');
    assert.equal(found.message, `cannot connect to ${url}: the server speaks TLS`);
    assert.equal(found.hint, `try ${url.replace('http:', 'https:')}`);
  }
});

test('http to a server that speaks TLS and sends nothing: the hint says what to try', async (t) => {
  const { certificate: cert, key } = createAuthority('backends').issueServer(['127.0.0.1']);
  const host = await listen(t, createTLSServer({ cert, key }));
  const found = await lookup(`http://${host}`);
  assert.equal(found.status, 'unavailable');
  assert.equal(found.unconnected, true);
  assert.match(found.message, new RegExp(`^cannot connect to http://${host}: connection (closed|reset)$`));
  assert.ok(found.hint?.endsWith(`try https://${host}`));
});

test('https to a port that does not speak TLS', async (t) => {
  const host = await listen(
    t,
    createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
  );
  const found = await lookup(`https://${host}`);
  assert.equal(found.status, 'failed');
  assert.match(found.message, new RegExp(`^cannot connect to https://${host}: the server does not speak TLS$`));
});

const refused: Lookup = { status: 'unavailable', unconnected: true, message: 'cannot connect to it' };

test('a backend that never responded is given up after the connect timeout', async () => {
  const { result, clock, askedAt } = await play(() => ({ byID: refused }), { connectMillis: 1000 });
  assert.equal(result.lookups[0]?.end, 'failed');
  assert.deepEqual(result.lookups[0].problem, refused);
  assert.equal(clock.millis, 1000);
  assert.ok(askedAt.length >= 4, 'it was tried again meanwhile');
});

test('a backend that refuses once and then starts is found', async () => {
  const { result } = await play((millis) => ({ byID: millis < 600 ? refused : foundSpans(server(), etcd) }), {
    connectMillis: 1000,
  });
  assert.equal(result.lookups[0]?.end, 'complete');
});

test('a backend that has responded, or with an explicit --wait, is tried until the deadline', async () => {
  const restarts = await play(
    (millis) => ({ byID: millis === 0 ? { status: 'absent' } : millis < 9000 ? refused : foundSpans(server(), etcd) }),
    { connectMillis: 1000 },
  );
  assert.equal(restarts.result.lookups[0]?.end, 'complete');
  const late = await play((millis) => ({ byID: millis < 20_000 ? refused : foundSpans(server(), etcd) }));
  assert.equal(late.result.lookups[0]?.end, 'complete');
  const away = await play(() => ({ byID: refused }), { wait: 5000 });
  assert.equal(away.result.lookups[0]?.end, 'deadline');
  assert.ok(away.clock.millis <= 5000);
});

test('a backend that responds 503, or too late, counts as connected', async () => {
  const busy: Lookup = { status: 'unavailable', message: 'answered 503' };
  const { result } = await play((millis) => ({ byID: millis < 4000 ? busy : foundSpans(server(), etcd) }), {
    connectMillis: 1000,
  });
  assert.equal(result.lookups[0]?.end, 'complete');
});

test('the progress says why there is no response, until there is one', async () => {
  const problems: (string | undefined)[] = [];
  await play((millis) => ({ byID: millis < 1000 ? refused : foundSpans(server(), etcd) }), {
    onProgress: ({ problem }) => void problems.push(problem?.message),
  });
  assert.equal(problems[0], 'cannot connect to it');
  assert.equal(problems.at(-1), undefined);
});

test('a lookup that was given up tries once more, and continues without a response', async () => {
  const given = new AbortController();
  given.abort();
  const last = await play(() => ({ byID: foundSpans(server(), etcd) }), { giveUp: given.signal });
  assert.equal(last.result.lookups[0]?.end, 'complete');
  const { result, clock } = await play((millis) => ({ byID: millis < 3000 ? refused : { status: 'absent' } }), {
    giveUp: given.signal,
  });
  assert.equal(result.lookups[0]?.end, 'given-up');
  assert.ok(clock.millis >= 3000 && clock.millis < 4000, `${clock.millis}`);
});

test('exactly one poll, if requested', async () => {
  for (const byID of [{ status: 'absent' }, refused] as const) {
    const { askedAt, clock } = await play(() => ({ byID }), { once: true });
    assert.deepEqual([new Set(askedAt).size, clock.millis], [1, 0]);
  }
});
