import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';
import { requestsOf, RunScene } from './run-scene.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());
const scene = new RunScene(cluster, home.path);

const collector = (): string => `http://127.0.0.1:${cluster().ports.otlpGRPC}`;

interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly processID: string;
  readonly references: readonly { readonly refType: string; readonly traceID: string; readonly spanID: string }[];
}

/** A trace as Jaeger's own page gets it, when it has this many spans. */
async function inJaeger(id: string, count: number): Promise<readonly JaegerSpan[]> {
  for (;;) {
    const answer = await fetch(`${cluster().backendURL}/api/traces/${id}`);
    const { data } = (await answer.json()) as {
      readonly data: readonly { readonly spans: readonly JaegerSpan[] }[] | null;
    };
    const spans = data?.[0]?.spans ?? [];
    if (spans.length >= count) return spans;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const measured = ({ trace }: Document): number =>
  trace?.spans.filter(({ source, kind, inferred }) => (source === 'span' || kind !== 'internal') && !inferred).length ??
  0;

for (const context of ['masters', 'monitoring']) {
  test(`as ${context}: Jaeger's page shows one trace from the command to etcd, and no parent is missing`, async () => {
    const wishes = requestsOf({ path: '/api/v1/nodes', count: 3 }, { path: '/api/v1/namespaces/default' });
    const { stderr, document } = await scene.run(['--context', context, `--export=${collector()}`], wishes);
    assert.equal(stderr, '');
    assert.equal(document.verdict, 'complete');
    const spans = await inJaeger(document.command.traceID, measured(document) + 1);
    const known = new Set(spans.map(({ spanID }) => spanID));
    const parents = spans.flatMap(({ references }) => references.filter(({ refType }) => refType === 'CHILD_OF'));
    assert.deepEqual(
      parents.filter(({ spanID }) => !known.has(spanID)),
      [],
    );
    const roots = spans.filter(({ references }) => references.length === 0);
    assert.deepEqual(
      roots.map(({ operationName }) => operationName),
      [document.trace?.spans[0]?.name],
    );
    assert.deepEqual(document.trace?.spans.filter(({ service }) => service === '').length, 0);
  });
}

test('exported spans are not found a second time, or by show', async () => {
  const flags = ['--context', 'masters', `--export=${collector()}`, '-o', 'json'];
  const { stdout } = await kubectlTrace(home.path, ['get', 'nodes', ...flags], { env: scene.environment });
  const document = parseDocument(stdout);
  assert.equal(document.verdict, 'complete');
  await inJaeger(document.command.traceID, measured(document) + 1);
  const shown = await kubectlTrace(home.path, ['show', document.command.traceID, '--no-history', '-o', 'json'], {
    env: scene.environment,
  });
  const { trace } = parseDocument(shown.stdout);
  assert.equal(trace?.spans[0]?.name, document.trace?.spans[0]?.name);
  const own = trace?.spans.filter(({ service }) => service === 'kubectl-trace');
  assert.equal(own?.length, document.requests.length + 1);
});

test('TRACEPARENT is the parent of the command’s span, and no other span of that trace has a row', async () => {
  const traceID = '0af7651916cd43dd8448eb211c80319c';
  const parentSpanID = 'b7ad6b7169203331';
  const env = { ...scene.environment, TRACEPARENT: `00-${traceID}-${parentSpanID}-01` };
  const flags = ['--context', 'masters', `--export=${collector()}`, '-o', 'json'];
  const documents = [];
  for (const resource of ['nodes', 'namespaces']) {
    const { stdout, stderr } = await kubectlTrace(home.path, ['get', resource, ...flags], { env });
    assert.equal(stderr, '');
    documents.push(parseDocument(stdout));
  }
  for (const [index, document] of documents.entries()) {
    assert.equal(document.command.traceID, traceID);
    assert.equal(document.command.parentSpanID, parentSpanID);
    assert.equal(document.verdict, 'complete');
    const paths = document.trace?.spans.filter(({ kind, service }) => kind === 'server' && service === 'apiserver');
    assert.deepEqual(
      paths?.map(({ name }) => name),
      [`GET /api/v1/${index === 0 ? 'nodes' : 'namespaces'}`],
    );
  }
  // Of the command's own spans only its parent is somebody else's.
  const spans = await inJaeger(
    traceID,
    documents.reduce((sum, one) => sum + measured(one) + 1, 0),
  );
  const known = new Set(spans.map(({ spanID }) => spanID));
  const missing = spans.flatMap(({ references }) =>
    references.filter(({ refType, spanID }) => refType === 'CHILD_OF' && !known.has(spanID)),
  );
  assert.deepEqual(
    missing.map(({ spanID }) => spanID),
    [parentSpanID, parentSpanID],
  );
});

test('a nested command is part of the trace of the outer command', async () => {
  const script = 'kubectl-trace get nodes --wait 0 -o json';
  const bin = new URL('../../bin', import.meta.url).pathname;
  const env = { PATH: `${bin}:${scene.environment['PATH']}` };
  const { stdout, document } = await scene.run(['--context', 'masters'], ['sh', '-c', script], { env });
  const inner = parseDocument(stdout);
  assert.equal(inner.command.traceID, document.command.traceID);
  assert.equal(inner.command.parentSpanID, document.command.spanID);
});

test('an unreachable collector costs a warning, and never the command', async () => {
  const env = { ...scene.environment, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  const args = ['get', 'nodes', '--context', 'masters', '-o', 'name'];
  const { code, stdout, stderr } = await kubectlTrace(home.path, args, { env });
  assert.equal(code, 0);
  assert.match(stdout, /^[0-9a-f]{32}\n/);
  assert.match(
    stderr,
    /^warning: this command's own spans were not exported to http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/,
  );
  const none = await kubectlTrace(home.path, [...args, '--export=none'], { env });
  assert.equal(none.stderr, '');
});
