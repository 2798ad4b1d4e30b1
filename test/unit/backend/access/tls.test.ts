import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { after, test, type TestContext } from 'node:test';
import type { BackendAccessFlags } from '../../../../src/backend-access.ts';
import type { Lookup } from '../../../../src/backend/backend.ts';
import { readAccess } from '../../../../src/backend/access/access.ts';
import { JaegerBackend } from '../../../../src/backend/kinds/jaeger/jaeger.ts';
import { createAuthority, type Credentials } from '../../../lab/cluster/certificate.ts';
import { fixture } from '../fixture.ts';
import { never, shop } from '../jaeger-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

const authority = createAuthority('backends');
const ca = file('ca.pem', authority.certificate);
const stranger = file('stranger.pem', createAuthority('strangers').certificate);
const own = authority.issueServer(['localhost', '127.0.0.1']);
const client = (credentials: Credentials): Partial<BackendAccessFlags> => ({
  clientCertificate: file('client.crt', credentials.certificate),
  clientKey: file('client.key', credentials.key),
});

async function jaeger(
  t: TestContext,
  options: ServerOptions = {},
): Promise<{ readonly url: string; readonly requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer({ cert: own.certificate, key: own.key, ...options }, (request, response) => {
    requests.push(request);
    response.writeHead(200, { 'content-type': 'application/json' }).end(fixture('shop-v3.json'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function lookUp(url: string, flags: Partial<BackendAccessFlags>): Promise<Lookup> {
  const access = await readAccess(
    { explicit: [], literalSecrets: [], ...flags },
    { cwd: folder, env: {}, fetch: globalThis.fetch },
  );
  return new JaegerBackend(url, { ...access, random: (size) => randomBytes(size) }).byID(shop, never);
}

test('a backend with a certificate of a private CA', async (t) => {
  const { url, requests } = await jaeger(t);
  const lookup = await lookUp(url, { certificateAuthority: ca, headers: ['X-Key: k'] });
  assert.equal(lookup.status, 'found');
  assert.equal(requests[0]?.headers['x-key'], 'k');
  assert.match(String(requests[0]?.headers['traceparent']), /-00$/);
});

test('an untrusted certificate of a backend is rejected, with the flag that helps', async (t) => {
  const { url, requests } = await jaeger(t);
  for (const flags of [{}, { certificateAuthority: stranger }]) {
    const lookup = await lookUp(url, flags);
    assert.equal(lookup.status === 'failed' && lookup.reason, 'BackendCertificateNotTrusted');
    assert.match((lookup.status === 'failed' && lookup.hint) || '', /--backend-ca FILE/);
  }
  assert.deepEqual(requests, [], 'nothing was sent');
});

test('unless verification is disabled', async (t) => {
  const { url } = await jaeger(t);
  assert.equal((await lookUp(url, { insecureSkipTLSVerify: true })).status, 'found');
});

test('a client certificate is sent to a server that requests one', async (t) => {
  const { url, requests } = await jaeger(t, { ca: authority.certificate, requestCert: true, rejectUnauthorized: true });
  const flags = { certificateAuthority: ca, ...client(authority.issueClient('me', [])) };
  assert.equal((await lookUp(url, flags)).status, 'found');
  const [request] = requests;
  assert.ok(request);
  assert.equal((request.socket as TLSSocket).getPeerCertificate().subject.CN, 'me');
});

test('a missing client certificate: the error names the flags', async (t) => {
  const { url } = await jaeger(t, { ca: authority.certificate, requestCert: true, rejectUnauthorized: true });
  const lookup = await lookUp(url, { certificateAuthority: ca });
  // On TLS 1.3 a client may learn of it by a connection that ends.
  if (lookup.status === 'failed') assert.equal(lookup.reason, 'BackendWantsCertificate');
  else assert.equal(lookup.status, 'unavailable');
});

test('a key of another certificate is a usage error', async () => {
  const { clientCertificate } = client(authority.issueClient('me', []));
  const clientKey = file('other.key', authority.issueClient('other', []).key);
  await assert.rejects(
    lookUp('https://127.0.0.1:1', { clientCertificate: clientCertificate!, clientKey }),
    /belong together/,
  );
});
