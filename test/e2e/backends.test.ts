import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';
import { backendPorts, startBackends, type BackendPorts, type TraceBackends } from '../lab/cluster/backends.ts';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { startServe, type RunningServe } from '../support/serve.ts';
import { parseDocument, type Document, type JSONSpan } from '../support/schema.ts';

interface World {
  readonly ports: BackendPorts;
  readonly cluster: TestCluster;
  readonly backends: TraceBackends;
  readonly serve: RunningServe;
}

const home = cleanHome();
let started: World | undefined;
before(async () => {
  const ports = await backendPorts();
  const cluster = await startCluster({ collectorPort: ports.grpc, jaegerBasePath: '/jaeger' });
  const serve = await startServe(home.path);
  const backends = await startBackends(ports, [`127.0.0.1:${cluster.ports.otlpGRPC}`, serve.otlp]);
  started = { ports, cluster, serve, backends };
});
after(async () => {
  await started?.backends.stop();
  await started?.serve.end();
  await started?.cluster.stop();
  home.remove();
});
const world = (): World => started ?? assert.fail('the servers are there within tests only');

/** Port 1 is nobody's. */
const NOBODY = 'http://127.0.0.1:1';

/** None of them is told what it is. */
const addresses = {
  'Jaeger 1.62': () => world().cluster.backendURL,
  'Jaeger 2.13': () => world().backends.jaeger2,
  'Zipkin 3.6.1': () => world().backends.zipkin,
  'kubectl trace serve': () => world().serve.query,
} satisfies Record<string, () => string | undefined>;
type Name = keyof typeof addresses;
const names = Object.keys(addresses) as readonly Name[];

/** Undefined where the machine has no Java, which the test is skipped for, and in CI fails. */
function addressOf(name: Name, t: TestContext): string | undefined {
  const address = addresses[name]();
  if (address !== undefined) return address;
  const why = world().backends.missing ?? 'it is not there';
  if (process.env['CI']) assert.fail(why);
  t.skip(why);
  return undefined;
}

const run = (args: readonly string[], backend: string, input = ''): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    input,
    env: { KUBECONFIG: world().cluster.kubeconfig, KUBECTL_TRACE_BACKEND: backend },
  });

async function document(args: readonly string[], backend: string, input?: string): Promise<Document> {
  const { code, stdout, stderr } = await run([...args, '-o', 'json'], backend, input);
  assert.equal(code, 0, stderr);
  return parseDocument(stdout);
}

/** What is kept of the last command, as if its trace had not been seen whole: then every `show last` looks for it. */
function forgetTrace(): void {
  const folder = join(home.path, '.local', 'state', 'kubectl-trace', 'history');
  const [last] = readdirSync(folder).sort().toReversed();
  const file = join(folder, last ?? '');
  const kept = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...kept, verdict: 'partial' }));
}

/** What every backend has to agree about; times to the microsecond, which is all that Zipkin keeps. */
const shape = ({ trace }: Document): unknown =>
  trace?.spans.map(({ spanID, parentSpanID, traceID, name, label, kind, component, service, source, inferred }) => [
    `${service} ${name}`,
    { spanID, parentSpanID, traceID, label: withoutTimes(label), kind, component, source, inferred },
  ]);

/** Labels tell times of events, to three digits of what a backend has kept. */
const withoutTimes = (label: string): string => label.replace(/\d[\d.]* (?:ns|µs|ms|s)\b/g, '…');

/** Attributes as text, which is all that Zipkin keeps of them. */
const attributes = ({ trace }: Document): unknown =>
  trace?.spans
    .filter(({ source }) => source === 'span')
    .map(({ spanID, attributes: own = {} }) => [
      spanID,
      Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)])),
    ]);

function closeTo(one: JSONSpan, other: JSONSpan, tolerance: number): void {
  for (const key of ['startOffsetNanos', 'durationNanos'] as const) {
    assert.ok(Math.abs(one[key] - other[key]) <= tolerance, `${key} of ${one.name}: ${one[key]} and ${other[key]}`);
  }
}

for (const context of ['masters', 'admin'] as const) {
  suite(`one request of ${context}, in every backend`, () => {
    let reference: Document;
    before(async () => {
      // On a busy machine the server's version may come too late for a verdict: then another request is taken.
      for (let attempt = 1; ; attempt++) {
        const metadata = { name: `fan-out-${context}-${attempt}` };
        const object = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
        // Rows from metrics are not in any backend.
        const args = ['create', '-f', '-', '--context', context, '--metrics=off'];
        reference = await document(args, `jaeger=${world().cluster.backendURL}`, object);
        if (reference.verdict === 'complete' || attempt === 5) break;
      }
      forgetTrace();
    });

    test('is complete', () => {
      assert.equal(reference.verdict, 'complete');
      const foundBy = reference.requests.at(-1)?.lookup?.foundBy;
      assert.equal(foundBy, context === 'masters' ? 'trace-id' : 'audit-id');
    });

    for (const name of names) {
      test(name, async (t) => {
        const address = addressOf(name, t);
        if (address === undefined) return;
        const found = await document(['show', 'last', '--no-history'], address);
        assert.equal(found.verdict, 'complete');
        assert.equal(found.requests.at(-1)?.lookup?.foundBy, reference.requests.at(-1)?.lookup?.foundBy);
        assert.deepEqual(shape(found), shape(reference));
        assert.deepEqual(attributes(found), attributes(reference));
        const tolerance = name.startsWith('Zipkin') ? 2000 : 0;
        for (const [index, span] of (found.trace?.spans ?? []).entries()) {
          closeTo(span, reference.trace!.spans[index]!, tolerance);
        }
        const id = found.requests.at(-1)?.lookup?.traceID ?? '';
        const traceURL = found.backend?.traceURL ?? '';
        assert.ok(traceURL.startsWith(address) && traceURL.endsWith(id), traceURL);
        const page = await document(['show', traceURL, '--no-history', '--wait', '0'], NOBODY);
        assert.equal(page.command.traceID, id);
      });
    }
  });
}

suite('an unknown trace ID is not found', () => {
  for (const name of names) {
    test(name, async (t) => {
      const address = addressOf(name, t);
      if (address === undefined) return;
      const id = randomBytes(16).toString('hex');
      for (const spelling of [id, id.toUpperCase(), id.slice(16), '7']) {
        const { code, stderr } = await run(['show', spelling, '--no-history', '--wait', '0'], address);
        assert.equal(code, 3, stderr);
        assert.match(
          stderr,
          new RegExp(`error: trace ${spelling.toLowerCase().padStart(32, '0')} was not found in \\w+ at`),
        );
      }
    });
  }
});

suite('a URL that only ingests spans is reported as not a query API', () => {
  for (const [what, port, reason] of [
    ['OTLP over gRPC', 'grpc', 'BackendSpeaksNoHTTP'],
    ['OTLP over HTTP', 'http', 'BackendTakesSpansIn'],
    ['Zipkin’s format', 'intake', 'BackendTakesSpansIn'],
  ] as const) {
    test(what, async () => {
      const { code, stdout } = await run(
        ['show', 'a1', '--no-history', '-o', 'json', '--wait', '2s'],
        `http://127.0.0.1:${world().ports[port]}`,
      );
      const { error } = parseDocument(stdout);
      assert.deepEqual([code, error?.reason], [5, reason]);
    });
  }
});

suite('each trace ID that a screen prints is one that show takes', () => {
  const ways = [
    ['get', 'nodes'],
    ['get', 'nodes', '-v=1'],
    ['get', 'nodes', '-o', 'wide'],
    ['get', 'nodes', '-o', 'name'],
    ['get', 'nodes,namespaces'],
    ['get', 'nodes', '--repeat', '3'],
    ['get', 'nodes', '--wait', '0'],
  ];
  for (const name of names) {
    for (const context of ['masters', 'admin', 'nobody'] as const) {
      test(`${name}, as ${context}`, async (t) => {
        const address = addressOf(name, t);
        if (address === undefined) return;
        for (const args of name === 'Jaeger 1.62' ? ways : ways.slice(1, 2)) {
          const { code, stdout, stderr } = await run([...args, '--context', context], address);
          const ids = new Set(stdout.match(/\b[0-9a-f]{32}\b/g));
          const isBrief = !args.some((arg) => ['-v=1', 'wide', 'name'].includes(arg));
          if (isBrief) assert.equal(ids.size, 1, `${args.join(' ')}: ${stdout}`);
          else assert.ok(ids.size > 0, `${args.join(' ')}: ${stdout}${stderr}`);
          for (const id of ids) {
            const shown = await run(['show', id, '--wait', '0'], address);
            assert.equal(shown.code, code, shown.stderr);
            assert.match(shown.stdout, /(?:get nodes|GET \/api\/v1\/nodes)/);
          }
        }
      });
    }
  }
});
