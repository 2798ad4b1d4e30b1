import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

interface World {
  readonly input?: string;
  readonly backend?: string;
}

const run = (args: readonly string[], { input = '', backend = cluster().backendURL }: World = {}): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    input,
    env: { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${backend}` },
  });

async function succeed(args: readonly string[], world?: World): Promise<string> {
  const { code, stdout, stderr } = await run(args, world);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}

/** An address on loopback where nobody listens any more. */
async function deserted(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

test('show repeats the output of get from the history, a file and a pipe', async () => {
  const screen = await succeed(['get', 'nodes', '--context', 'admin']);
  assert.equal(await succeed(['show', 'last']), screen);
  const json = await succeed(['show', 'last', '-o', 'json']);
  const file = join(home.path, 'trace.json');
  writeFileSync(file, json);
  assert.equal(await succeed(['show', file, '-o', 'json']), json);
  assert.equal(await succeed(['show', file]), screen);
  const yaml = await succeed(['show', '-', '-o', 'yaml'], { input: json });
  assert.equal(await succeed(['show', '-', '-o', 'json'], { input: yaml }), json);
  assert.equal(
    await succeed(['show', '-', '-o', 'jsonpath={.verdict} {.requests[-1].path}'], { input: json }),
    'complete /api/v1/nodes',
  );

  // Discovery, if there was any, comes first.
  const id = (await succeed(['show', 'last', '-o', 'name'])).trim().split('\n').at(-1) ?? '';
  const before = parseDocument(json).trace?.spans.filter((span) => span.traceID === id && !span.inferred);
  assert.equal(await succeed(['show', id]), screen);
  assert.equal(await succeed(['show', id.slice(0, 8)]), screen);
  for (const flag of ['--no-history', `--backend=jaeger=${cluster().backendURL}`]) {
    const { trace } = parseDocument(await succeed(['show', id, flag, '-o', 'json']));
    assert.deepEqual(
      trace?.spans.map(({ spanID }) => spanID),
      before?.map(({ spanID }) => spanID),
    );
  }
  await succeed(['get', 'namespaces', '--no-history']);
  assert.equal(await succeed(['show', 'last']), screen);
});

test('a trace that could not be looked up is found later, without the cluster', async () => {
  const { code, stderr } = await run(['get', 'namespaces', '--context', 'masters', '--wait', '2s', '--metrics=off'], {
    backend: await deserted(),
  });
  assert.equal(code, 5);
  assert.ok(stderr.endsWith('\nhint: kubectl trace show last looks it up again\n'), stderr);
  const again = await kubectlTrace(home.path, ['show', 'last', '-o', 'json'], {
    env: { KUBECONFIG: '/nonexistent', KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` },
  });
  assert.equal(again.code, 0, again.stderr);
  const document = parseDocument(again.stdout);
  assert.equal(document.requests.at(-1)?.lookup?.foundBy, 'trace-id');
  assert.ok(document.trace?.spans.some(({ service, name }) => service === 'etcd' && name === 'range'));
});

test('-o otlp output survives a round trip through Jaeger', async () => {
  const otlp = await succeed(['get', 'nodes', '--context', 'masters', '-o', 'otlp']);
  const before = parseDocument(await succeed(['show', 'last', '-o', 'json']));
  // Under another ID: Jaeger has the server's spans already.
  const id = 'f'.repeat(16) + before.command.traceID.slice(16);
  const response = await fetch(`${cluster().otlpURL}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlp.replaceAll(before.command.traceID, id),
  });
  assert.equal(response.status, 200, await response.text());
  const { trace } = parseDocument(await succeed(['show', id, '-o', 'json']));
  const shape = (spans: Document['trace']): unknown =>
    spans?.spans
      .filter(({ inferred }) => !inferred)
      .map(({ spanID, parentSpanID, name, service, durationNanos }) => [
        spanID,
        parentSpanID,
        name,
        service,
        durationNanos,
      ]);
  assert.deepEqual(shape(trace), shape(before.trace));
  assert.ok(JSON.stringify(shape(trace)).includes('kubectl-trace'));
});
