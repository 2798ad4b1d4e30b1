import assert from 'node:assert/strict';
import { delimiter, dirname } from 'node:path';
import { after, test } from 'node:test';
import { startCluster } from '../lab/cluster/cluster.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { serve } from '../support/http-server.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

const unsampled = sharedCluster({ samplingRatePerMillion: 0 });
const home = cleanHome();
after(() => home.remove());

const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    env: { KUBECONFIG: unsampled().kubeconfig, KUBECTL_TRACE_BACKEND: unsampled().backendURL },
  });

test('a plain admin at rate 0 gets an early result with its reason, after two searches', async () => {
  const plain = await run('get', 'nodes');
  assert.equal(plain.code, 3, plain.stderr);
  assert.match(
    plain.stderr,
    /not accepted .*v1\.37\.2 accepts the trace ID of system:masters and system:monitoring only; you are "kubernetes-admin"/,
  );
  assert.match(plain.stderr, /not sampled .*(\n.*)?in two searches/);
  assert.equal(plain.stderr.match(/^ {2}\d\. /gm)?.length, 2, 'two remedies at most');
  assert.match(
    plain.stdout,
    /under Audit-Id\s+\S+,\s+priority\s+level\s+global-default,\s+flow\s+schema\s+global-default\./,
  );
  const { stdout } = await run('get', 'nodes', '-o', 'json');
  const document = parseDocument(stdout);
  const { lookup } = document.requests.at(-1) ?? {};
  assert.equal(lookup?.prediction, 're-rooted-unsampled');
  assert.equal(document.error?.reason, 'TraceNotSampled');
});

test('priority level and flow schema are shown by name, or by UID without permission to read them', async () => {
  const path = ['get', '--raw', '/version', '-o', 'jsonpath={.requests[0].priorityLevel} {.requests[0].flowSchema}'];
  const uid = /^[0-9a-f-]{36} [0-9a-f-]{36}$/;
  assert.match((await run(...path, '--context', 'nobody', '--cache-dir', `${home.path}/of-nobody`)).stdout, uid);
  const isolated = ['--cache-dir', `${home.path}/of-its-own`];
  assert.match((await run(...path, ...isolated, '--wait', '0')).stdout, uid, 'nothing is asked without a look-up');
  assert.equal((await run(...path, ...isolated)).stdout, 'global-default global-default');
  assert.equal((await run(...path, ...isolated, '--wait', '0')).stdout, 'global-default global-default', 'it is kept');
});

test('an explicit --wait lasts its full time, whatever is predicted', async () => {
  const startedAt = Date.now();
  const { code, stdout } = await run('get', 'nodes', '--wait', '3s', '-o', 'json');
  // The last look begins 300 ms before the deadline; giving up would have taken little more than a second.
  assert.ok(Date.now() - startedAt >= 2700);
  assert.equal(code, 3);
  assert.equal(parseDocument(stdout).requests.at(-1)?.lookup?.prediction, 're-rooted-unsampled');
});

test('an empty result from Tempo, which may have a delay, is never called proof', async (t) => {
  const { url } = await serve(t, (request, response) => {
    if (request.url === '/api/echo') response.end('echo');
    else if (request.url?.startsWith('/api/search') === true) response.end('{"traces":[],"metrics":{}}');
    else
      response
        .writeHead(request.url?.startsWith('/api/v2/traces/') === true ? 200 : 404)
        .end('{"trace":{},"metrics":{}}');
  });
  for (const backend of [url, `tempo=${url}`]) {
    const { code, stdout, stderr } = await kubectlTrace(home.path, ['get', 'nodes', '-o', 'json'], {
      // Said by the environment, it does not keep a look-up from ending early.
      env: { KUBECONFIG: unsampled().kubeconfig, KUBECTL_TRACE_BACKEND: backend, KUBECTL_TRACE_WAIT: '10s' },
    });
    assert.equal(code, 3, stderr);
    const document = parseDocument(stdout);
    assert.equal(document.error?.reason, 'TraceNotFound');
    assert.equal(document.requests.at(-1)?.lookup?.prediction, 'unknown');
    assert.match(stderr, /the search of Grafana Tempo may be 3m00s behind/);
  }
});

test("a command does not take its own exported spans for the server's trace", async () => {
  const collector = `http://127.0.0.1:${unsampled().ports.otlpGRPC}`;
  const manifest = JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'exported' } });
  const env = {
    KUBECONFIG: unsampled().kubeconfig,
    KUBECTL_TRACE_BACKEND: unsampled().backendURL,
    PATH: [dirname(unsampled().binaries.kubectl), process.env['PATH']].join(delimiter),
  };
  const wait = ['--wait', '4s'];
  for (const [args, given, expected, input] of [
    [['get', 'nodes', ...wait, '-o', 'json'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector }, 3],
    [['get', 'nodes', ...wait, `--export=${collector}`, '-o', 'json'], {}, 3],
    [['create', '-f', '-', '--follow', ...wait, '-o', 'json'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector }, 3, manifest],
    // The exit code is the command's own.
    [['run', ...wait, `--export=${collector}`, '-o', 'json', '--', 'kubectl', 'get', 'nodes'], {}, 0],
  ] as const) {
    const { code, stdout, stderr } = await kubectlTrace(home.path, args, {
      env: { ...env, ...given },
      ...(input !== undefined && { input }),
    });
    assert.equal(code, expected, stderr);
    assert.match(stderr, /was not found in jaeger at \S+ after/);
    const text = args[0] === 'run' ? stderr.slice(0, stderr.indexOf('\n}') + 2) : stdout;
    const document = parseDocument(text);
    assert.equal(document.verdict, 'missing');
    assert.equal(document.error?.reason, 'TraceNotFound');
    // They were there to be found.
    const exported = await fetch(`${unsampled().backendURL}/api/traces/${document.command.traceID}`);
    assert.match(await exported.text(), /"serviceName":"kubectl-trace"/);
  }
});

test('at rate 0 system:masters and a tracer user are still recorded', async () => {
  for (const args of [
    ['--context', 'masters'],
    ['--tracer-user', 'monitoring'],
  ]) {
    const { code, stdout, stderr } = await run('get', 'nodes', ...args, '-o', 'json');
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    assert.equal(document.verdict, 'complete');
    assert.equal(document.requests.at(-1)?.lookup?.foundBy, 'trace-id');
    assert.equal(document.requests.at(-1)?.lookup?.prediction, 'kept');
  }
});

test('--as a trusted group is not trusted: the server checks the authenticated user', async () => {
  const { code, stdout } = await run('get', 'nodes', '--as', 'somebody', '--as-group', 'system:masters', '-o', 'json');
  assert.equal(code, 3);
  assert.equal(parseDocument(stdout).requests.at(-1)?.lookup?.prediction, 're-rooted-unsampled');
});

test('a tracer user who may not impersonate: the error names what is missing', async () => {
  const { code, stderr } = await run('get', 'nodes', '--tracer-user', 'nobody');
  assert.equal(code, 1);
  assert.match(stderr, /^Error from server \(Forbidden\): .*impersonate/m);
  assert.match(stderr, /^hint: .*impersonate on users, groups/m);
});

/** Jaeger's memory store lets a search and a write wait for each other: twenty pollers at once would be what is measured. */
const WAVES = 4;
const SIDE_BY_SIDE = 5;

test("at rate 1,000,000 and the default export delay, a freshly started server's trace is always found", async () => {
  const cluster = await startCluster({ exportDelayMillis: 5000 });
  try {
    const env = { KUBECONFIG: cluster.kubeconfig, KUBECTL_TRACE_BACKEND: cluster.backendURL };
    for (let wave = 0; wave < WAVES; wave++) {
      const runs = Array.from({ length: SIDE_BY_SIDE }, () =>
        kubectlTrace(home.path, ['get', 'nodes', '-o', 'json'], { env }),
      );
      for (const { code, stdout, stderr } of await Promise.all(runs)) {
        assert.equal(code, 0, stderr);
        const document = parseDocument(stdout);
        const { lookup } = document.requests.at(-1) ?? {};
        assert.equal(document.verdict, 'complete', JSON.stringify(lookup));
        assert.equal(lookup?.foundBy, 'audit-id');
        assert.ok(document.trace?.spans.some(({ service, name }) => service === 'etcd' && name === 'range'));
      }
    }
  } finally {
    await cluster.stop();
  }
});
