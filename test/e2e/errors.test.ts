import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome, type RunOptions } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';

// Rate 0: the plain admin's requests leave no trace at all.
const cluster = sharedCluster({ samplingRatePerMillion: 0 });
const home = cleanHome();
after(() => home.remove());

interface Case {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly reason: string;
  readonly stderr: RegExp;
  readonly hint?: RegExp;
}

const environment = (env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  KUBECONFIG: cluster().kubeconfig,
  KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}`,
  // They answer in place of a backend; test/e2e/metrics.test.ts has that.
  KUBECTL_TRACE_METRICS: 'off',
  ...env,
});

const run = (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
  kubectlTrace(home.path, args, { ...options, env: environment(options.env) });

/** A command that fails says why and what to do, and prints one valid document with the same words. */
async function fails({ args, env, code, reason, stderr, hint }: Case): Promise<Document> {
  const plain = await run(args, { ...(env && { env }) });
  assert.equal(plain.code, code, plain.stderr);
  assert.match(plain.stderr, stderr);
  assert.match(plain.stderr, hint ?? /^hint: \S/m);
  const json = await run([...args, '-o', 'json'], { ...(env && { env }) });
  assert.equal(json.code, code, json.stderr);
  const document = parseDocument(json.stdout);
  assert.equal(document.exitCode, code);
  assert.equal(document.error?.reason, reason);
  assert.equal(document.error.code, code);
  return document;
}

async function listen(t: { after(end: () => void): void }, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('no kubeconfig: nothing is sent', async () => {
  const document = await fails({
    args: ['get', 'nodes'],
    env: { KUBECONFIG: '' },
    code: 2,
    reason: 'NoKubeconfig',
    stderr: /^error: no configuration has been provided/,
  });
  assert.equal(document.verdict, null);
});

test('a context that does not exist', async () => {
  await fails({
    args: ['get', 'nodes', '--context', 'nosuch'],
    code: 2,
    reason: 'ContextNotFound',
    stderr: /^Error in configuration: context was not found for specified context: nosuch$/m,
  });
});

test('a server that refuses connections', async () => {
  const document = await fails({
    args: ['get', 'nodes', '--server', 'https://127.0.0.1:1'],
    code: 1,
    reason: 'ConnectionRefused',
    stderr: /^The connection to the server 127\.0\.0\.1:1 was refused - did you specify the right host or port\?$/m,
  });
  assert.equal(document.requests[0]?.status, null);
});

test('a certificate that is not trusted', async () => {
  const config = join(home.path, 'untrusted');
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: cluster().server } }],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
    { mode: 0o600 },
  );
  await fails({
    args: ['get', 'nodes', '--kubeconfig', config],
    code: 1,
    reason: 'UnknownAuthority',
    stderr:
      /^Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority$/m,
  });
});

test('401: credentials rejected by the server', async () => {
  await fails({
    args: ['get', 'nodes', '--context', 'wrong-token', '--wait', '0'],
    code: 1,
    reason: 'Unauthorized',
    stderr: /^error: You must be logged in to the server \(/m,
  });
});

test('403: a user without permission', async () => {
  await fails({
    args: ['get', 'nodes', '--context', 'nobody', '--wait', '0'],
    code: 1,
    reason: 'Forbidden',
    stderr: /^Error from server \(Forbidden\): nodes is forbidden: User "/m,
  });
});

test('404: a missing object; its trace is still looked up', async () => {
  const document = await fails({
    args: ['get', 'nodes', 'nosuch', '--context', 'masters'],
    code: 1,
    reason: 'NotFound',
    stderr: /^Error from server \(NotFound\): nodes "nosuch" not found$/m,
  });
  assert.equal(document.verdict, 'complete');
  assert.ok(document.trace?.spans.some(({ service }) => service === 'etcd'));
});

test('an unknown resource type, with the nearest name', async () => {
  await fails({
    args: ['get', 'nodez'],
    code: 1,
    reason: 'UnknownResourceType',
    stderr: /^error: the server doesn't have a resource type "nodez"$/m,
    hint: /^hint: did you mean "nodes"\?$/m,
  });
});

test('a backend that refuses connections: the request is still reported', async () => {
  const document = await fails({
    args: ['get', 'nodes', '--context', 'masters', '--backend', 'jaeger=http://127.0.0.1:1', '--wait', '500ms'],
    code: 5,
    reason: 'BackendUnavailable',
    stderr: /^error: the request succeeded, but /m,
  });
  assert.equal(document.requests.at(-1)?.status, 200);
  assert.ok(document.trace?.spans.some(({ source }) => source === 'client'));
});

test('no backend at all', async () => {
  await fails({
    args: ['get', 'nodes', '--context', 'masters'],
    env: { KUBECTL_TRACE_BACKEND: '' },
    code: 5,
    reason: 'NoBackend',
    stderr: /^error: the request succeeded, but no trace backend is configured/m,
    hint: /^hint: .*--backend/m,
  });
});

test('a backend that returns a web page', async (t) => {
  const page = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><html><body>hello</body></html>');
  });
  const url = await listen(t, page);
  await fails({
    args: ['get', 'nodes', '--context', 'masters', '--backend', `jaeger=${url}`],
    code: 5,
    reason: 'BackendAnsweredHTML',
    stderr: /^error: the request succeeded, but /m,
  });
});

test('a backend that speaks another API', async (t) => {
  const zipkin = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end('{"zipkin":{"version":"3.6.1"}}');
  });
  const url = await listen(t, zipkin);
  await fails({
    args: ['get', 'nodes', '--context', 'masters', '--backend', `jaeger=${url}`],
    code: 5,
    reason: 'BackendIsNotJaeger',
    stderr: /^error: the request succeeded, but /m,
  });
});

test('no trace by the deadline: the client draws its own spans', async () => {
  const { code, stdout, stderr } = await run(['get', 'nodes', '--wait', '1s']);
  assert.equal(code, 3, stderr);
  assert.match(stdout, /^ *[├└][─┄] (?:network|client)/m);
  assert.match(stdout, /, at most [\d.]+ [µm]s of it the server and etcd$/m);
  assert.match(stdout, /Audit-Id\s[0-9a-f-]{36}/);
  assert.match(stderr, /^error: the request succeeded, but /m);
});

test('Ctrl-C while waiting prints the spans that have arrived', async () => {
  const { code, stdout } = await run(['get', 'nodes', '--wait', '60s'], {
    onStart: (child) => void setTimeout(() => child.kill('SIGINT'), 2500),
  });
  assert.equal(code, 130);
  assert.match(stdout, /^.+ the server and etcd\n\nGET \/api\/v1\/nodes/);
  assert.match(stdout, /^ *[├└][─┄] (?:network|client)/m);
});
