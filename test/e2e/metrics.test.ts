import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { auditedPeriod, auditedTimes } from '../support/audit-log.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument, type Document, type JSONSpan } from '../support/schema.ts';
import { TestWebhookServer } from '../support/webhook-server.ts';

/**
 * An API server that does not trace, as most are: its metrics show the stages of a request, to an ordinary
 * cluster-admin. The API server's own logs say how long they took.
 */
const cluster = sharedCluster({ apiserverTracing: false, auditLog: true, apiserverArgs: ['--v=3'] });
const webhooks = new TestWebhookServer();
const home = cleanHome();
after(() => home.remove());

const MUTATING = 'slow.metrics.test';
const VALIDATING = 'quick.metrics.test';
const SLOW_MILLIS = 520;
const STOPPED_MILLIS = 700;
/** What a request to the API server and its audit event may differ by. */
const TOLERANCE_NANOS = 1_000_000;

const run = (...args: readonly string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, { env: { KUBECONFIG: cluster().kubeconfig } });

function manifest(name: string, data: Readonly<Record<string, string>> = {}): string {
  const file = join(home.path, `${name}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }));
  return file;
}

interface Story {
  readonly args: readonly string[];
  readonly status: number;
  /** Names that rows begin with. */
  readonly rows: readonly string[];
}

const FILTERS = [
  'audit',
  'constrainedimpersonation',
  'priorityandfairness',
  'queue of priority level ',
  'authorization',
];
const ADMISSION = ['mutating admission', 'validating admission', 'storage, encode, write (inferred)'];

/** In this order: what is created is then changed and deleted. */
const STORIES: Readonly<Record<string, Story>> = {
  list: { args: ['get', 'nodes'], status: 200, rows: [...FILTERS, 'authentication (at most)'] },
  get: { args: ['get', 'namespace', 'default'], status: 200, rows: [...FILTERS, 'storage, encode, write (inferred)'] },
  'list from cache': { args: ['get', '--raw', '/api/v1/nodes?resourceVersion=0'], status: 200, rows: FILTERS },
  'not found': { args: ['get', 'configmap', 'absent'], status: 404, rows: FILTERS },
  forbidden: {
    args: ['get', 'nodes', '--context', 'admin', '--as', 'nobody'],
    status: 403,
    rows: ['authorization (length only)'],
  },
  create: { args: ['create', '-f', manifest('one')], status: 201, rows: [...FILTERS, ...ADMISSION] },
  conflict: { args: ['create', '-f', manifest('one')], status: 409, rows: [...FILTERS, ...ADMISSION] },
  'dry run': {
    args: ['create', '-f', manifest('dry'), '--dry-run=server'],
    status: 201,
    rows: [...FILTERS, ...ADMISSION],
  },
  patch: {
    args: ['patch', 'configmap', 'one', '--type', 'merge', '-p', '{"data":{"a":"b"}}'],
    status: 200,
    rows: [...FILTERS, ...ADMISSION],
  },
  'server-side apply': {
    args: ['apply', '--server-side', '-f', manifest('one', { c: 'd' })],
    status: 200,
    rows: [...FILTERS, ...ADMISSION],
  },
  delete: { args: ['delete', 'configmap', 'one'], status: 200, rows: [...FILTERS, 'validating admission'] },
  version: { args: ['get', '--raw', '/version'], status: 200, rows: [...FILTERS, 'handler (inferred)'] },
};

suite('without tracing, as an ordinary cluster-admin', () => {
  /** From the audit log, the larger of both ends of each story. */
  const differences: number[] = [];

  for (const [title, { args, status, rows }] of Object.entries(STORIES)) {
    test(`${title}: measured, as the audit log has it`, async () => {
      const { code, stdout, stderr } = await run(...args, '-o', 'json');
      const document = parseDocument(stdout);
      assert.equal(code, status < 400 ? 0 : 1, stderr);
      const request = document.requests.at(-1);
      assert.equal(request?.status, status);
      assert.equal(request.lookup?.verdict, 'measured');
      assert.equal(request.lookup.foundBy, 'metrics');
      assert.equal(request.lookup.prediction, 'untraced');
      assert.equal(document.verdict, 'measured');
      const root = rootOf(document, request.spanID);
      const below =
        document.trace?.spans.filter(({ parentSpanID, source }) => source === 'metric' && parentSpanID !== undefined) ??
        [];
      for (const row of rows)
        assert.ok(
          below.some(({ name }) => name.startsWith(row)),
          `${row} is not among the rows`,
        );
      if (root.precision !== 'exact') return;
      const audited = await auditedPeriod(cluster().folder, request.auditID ?? '');
      const start = startOf(document, root);
      // The audit log has microseconds. It takes its own times before and after the metrics take theirs.
      const [early, late] = [start - audited.start, audited.end - (start + BigInt(root.durationNanos))].map(Number);
      assert.ok(early! > -1000 && late! > -1000, `${early} ns and ${late} ns beyond the audit log`);
      differences.push(Math.max(early!, late!));
    });
  }

  test('arrival and end are within 1 ms of the audit log, but for stories in which the server had to wait for a CPU', () => {
    const sorted = differences.toSorted((one, other) => one - other);
    assert.ok(sorted.length >= 10, `${sorted.length} stories`);
    assert.ok(sorted[Math.floor(sorted.length / 2)]! <= TOLERANCE_NANOS, sorted.join(' '));
  });
});

suite('slow webhooks without tracing', () => {
  before(async () => {
    await webhooks.start();
    await webhooks.configure(cluster(), [
      { name: MUTATING, type: 'mutating', resources: ['secrets'], sleepMillis: SLOW_MILLIS },
      { name: VALIDATING, type: 'validating', resources: ['secrets'], sleepMillis: 20 },
    ]);
    await webhooks.untilCalled(MUTATING, () => trial());
    await webhooks.untilCalled(VALIDATING, () => trial());
  });
  after(() => webhooks.stop());

  test('are rows with the times of the audit log, and the mutating one is the first finding', async () => {
    // A server that has to wait for a CPU between two readings of its clock is given another try.
    let attempt = await createSlowly('slow-1');
    for (let tries = 2; tries <= 3 && attempt.differences.some(({ nanos }) => nanos > TOLERANCE_NANOS); tries++) {
      attempt = await createSlowly(`slow-${tries}`);
    }
    for (const { what, nanos } of attempt.differences) assert.ok(nanos <= TOLERANCE_NANOS, `${what}: ${nanos} ns`);
    const { document, queue } = attempt;
    assert.equal(queue.measured, queue.audited);
    const [finding] = document.summary?.findings ?? [];
    assert.equal(finding?.id, 'slow-webhook');
    assert.match(finding.title, /the mutating webhook slow\.metrics\.test$/);
    const total = document.trace?.durationNanos ?? NaN;
    assert.ok(Math.abs(finding.share - (SLOW_MILLIS * 1e6) / total) <= 0.05, `its share is ${finding.share}`);
  });

  test('--metrics=delta names etcd when it stops for 700 ms, after the webhooks', async () => {
    webhooks.onNextCall(VALIDATING, async () => {
      cluster().pause('etcd');
      setTimeout(() => cluster().resume('etcd'), STOPPED_MILLIS);
    });
    const file = join(home.path, 'stopped.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'stopped' } }));
    const { code, stdout, stderr } = await run('create', '-f', file, '--metrics=delta', '-o', 'json');
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    const row = document.trace?.spans.find(({ name }) => name === 'etcd create (length only)');
    assert.ok(row !== undefined, 'etcd has no row');
    assert.ok(row.durationNanos >= (STOPPED_MILLIS - 100) * 1e6, `etcd took ${row.durationNanos} ns`);
    const finding = document.summary?.findings.find(({ id }) => id === 'slow-etcd');
    assert.deepEqual(finding?.spanIDs, [row.spanID]);
  });
});

test('--repeat: each request is measured, outside of the times of the others', async () => {
  const { code, stdout, stderr } = await run('get', 'nodes', '--repeat', '5', '-o', 'json');
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const sent = document.requests.filter(({ purpose }) => purpose === 'request');
  assert.deepEqual(
    sent.map(({ lookup }) => lookup?.verdict),
    Array.from({ length: 5 }, () => 'measured'),
  );
  for (const { spanID } of sent) assert.equal(rootOf(document, spanID).precision, 'exact');
});

test('run: requests of one kind are measured although each replaces the exemplars of the one before', async () => {
  const loop = 'for i in 1 2 3; do kubectl get --raw /api/v1/nodes >/dev/null; sleep 1.5; done';
  const env = {
    KUBECONFIG: cluster().kubeconfig,
    PATH: `${dirname(cluster().binaries.kubectl)}:${process.env['PATH']}`,
  };
  const { code, stderr } = await kubectlTrace(home.path, ['run', '-o', 'json', '--', 'sh', '-c', loop], { env });
  assert.equal(code, 0, stderr);
  const document = parseDocument(stderr);
  const sent = document.requests.filter(({ path }) => path === '/api/v1/nodes');
  assert.deepEqual(
    sent.map(({ lookup }) => lookup?.verdict),
    ['measured', 'measured', 'measured'],
  );
});

suite('with a trace backend', () => {
  const backend = (): string => `jaeger=${cluster().backendURL}`;

  test('it is known at once that no trace can exist', async () => {
    const { code, stdout, stderr } = await run('get', 'nodes', '--backend', backend(), '-o', 'json');
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    assert.equal(document.verdict, 'measured');
    assert.equal(document.requests.at(-1)?.lookup?.prediction, 'untraced');
  });

  test('spans of etcd, which got our trace context, are below the row of the storage', async () => {
    const { stdout, stderr } = await run(
      'create',
      '-f',
      manifest('spans'),
      '--backend',
      backend(),
      '--wait',
      '4s',
      '-o',
      'json',
    );
    const document = parseDocument(stdout);
    const spans = document.trace?.spans ?? [];
    const served = spans.find(({ service, kind }) => service === 'etcd' && kind === 'server');
    assert.ok(served !== undefined, stderr);
    assert.equal(spans.find(({ spanID }) => spanID === served.parentSpanID)?.name, 'storage, encode, write (inferred)');
    assert.equal(document.verdict, 'measured');
  });
});

suite('--metrics=delta', () => {
  test('shows etcd, and the reading before the request outside of it', async () => {
    const { code, stdout, stderr } = await run('create', '-f', manifest('delta'), '--metrics=delta', '-o', 'json');
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    const row = document.trace?.spans.find(({ name }) => name.startsWith('etcd create ('));
    assert.equal(row?.component, 'etcd');
    assert.match(row.precision ?? '', /^(length-only|at-most)$/);
    const gap = document.trace?.spans.find(({ spanID }) => spanID === row.parentSpanID);
    assert.equal(gap?.name, 'storage, encode, write (inferred)');
    assert.ok(row.durationNanos > 0 && row.durationNanos <= gap.durationNanos);
    const first = spanOfClient(document, "read the API server's metrics, before the request");
    assert.ok(first.startOffsetNanos + first.durationNanos <= 0, 'it is before the command');
  });
});

test('a user who may not read /metrics gets the reason and the role', async () => {
  const { code, stdout, stderr } = await run('get', '--raw', '/version', '--context', 'nobody', '-o', 'json');
  assert.equal(code, 5, stderr);
  assert.match(stderr, /this user may not read \/metrics: bind ClusterRole system:monitoring/);
  assert.equal(parseDocument(stdout).verdict, null);
});

test('--metrics=off does without, and --require-complete is not content with metrics', async () => {
  const off = await run('get', 'nodes', '--metrics=off', '-o', 'json');
  assert.equal(off.code, 5);
  assert.equal(parseDocument(off.stdout).error?.reason, 'NoBackend');
  const required = await run('get', 'nodes', '--require-complete', '-o', 'json');
  assert.equal(required.code, 4);
  assert.equal(parseDocument(required.stdout).verdict, 'measured');
});

test('show last --audit-log: the times of a request whose trace was not found', async () => {
  const sent = await run('get', 'nodes', '--metrics=off', '-o', 'json');
  assert.equal(sent.code, 5);
  const request = parseDocument(sent.stdout).requests.at(-1);
  const audited = await auditedPeriod(cluster().folder, request?.auditID ?? '');
  const log = join(cluster().folder, 'audit.log');
  const { code, stdout, stderr } = await run('show', 'last', '--audit-log', log, '-o', 'json');
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const { lookup } = document.requests.at(-1) ?? {};
  assert.deepEqual([lookup?.verdict, lookup?.foundBy], ['measured', 'audit-log']);
  const [root, ...more] = document.trace?.spans.filter(({ source }) => source === 'audit') ?? [];
  assert.equal(root?.precision, 'exact');
  assert.equal(BigInt(root.durationNanos), audited.end - audited.start);
  assert.deepEqual(
    more.map(({ name, precision }) => [name, precision]),
    [['apiserver, webhooks, etcd (inferred)', 'inferred']],
  );
});

test('show last --apiserver-log: the same by the log of the API server, from standard input', async () => {
  const sent = await run('get', 'nodes', '--metrics=off', '-o', 'json');
  assert.equal(sent.code, 5);
  const audited = await auditedPeriod(cluster().folder, parseDocument(sent.stdout).requests.at(-1)?.auditID ?? '');
  const { code, stdout, stderr } = await kubectlTrace(
    home.path,
    ['show', 'last', '--apiserver-log', '-', '-o', 'json'],
    {
      input: readFileSync(join(cluster().logs, 'kube-apiserver.log'), 'utf8'),
    },
  );
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const { lookup, priorityLevel } = document.requests.at(-1) ?? {};
  assert.deepEqual([lookup?.verdict, lookup?.foundBy, priorityLevel], ['measured', 'apiserver-log', 'global-default']);
  const root = document.trace?.spans.find(({ source }) => source === 'log');
  assert.equal(root?.precision, 'exact');
  const difference = Math.abs(root.durationNanos - Number(audited.end - audited.start));
  assert.ok(difference <= TOLERANCE_NANOS, String(difference));
});

interface Slow {
  readonly document: Document;
  /** From the audit log. */
  readonly differences: readonly { readonly what: string; readonly nanos: number }[];
  /** In microseconds. */
  readonly queue: { readonly measured: number; readonly audited: number };
}

/** Creates a Secret, for which both webhooks are called. */
async function createSlowly(name: string): Promise<Slow> {
  const file = join(home.path, `${name}.json`);
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name } }));
  const { code, stdout, stderr } = await run('create', '-f', file, '-o', 'json');
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  const request = document.requests.at(-1);
  const audited = await auditedTimes(cluster().folder, request?.auditID ?? '');
  const compared: readonly (readonly [what: string, row: JSONSpan, key: string])[] = [
    ['mutating webhook', spanNamed(document, 'Call mutating webhook'), 'mutating-webhook'],
    ['validating webhook', spanNamed(document, 'Call validating webhook'), 'validating-webhook'],
    ['authorization', spanNamed(document, 'authorization'), 'authorization'],
    ['total', rootOf(document, request?.spanID ?? ''), 'total'],
  ];
  const queue = document.trace?.spans.find((span) => span.name.startsWith('queue of priority level '));
  return {
    document,
    differences: compared.map(([what, row, key]) => ({
      what,
      nanos: Math.abs(row.durationNanos - (audited[key] ?? Number.NaN)),
    })),
    queue: {
      measured: Math.round((queue?.durationNanos ?? 0) / 1000),
      audited: Math.round((audited['apf-queue-wait'] ?? Number.NaN) / 1000),
    },
  };
}

const trial = (): Promise<unknown> =>
  cluster().call('POST', '/api/v1/namespaces/default/secrets?dryRun=All', {
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'trial' } },
  });

/** The API server's row of a request: below its client span. */
function rootOf(document: Document, clientSpanID: string): JSONSpan {
  const root = document.trace?.spans.find(
    ({ parentSpanID, source }) => parentSpanID === clientSpanID && source === 'metric',
  );
  assert.ok(root !== undefined, 'the API server has no row');
  return root;
}

function spanNamed(document: Document, wanted: string): JSONSpan {
  const span = document.trace?.spans.find(({ name, source }) => name === wanted && source === 'metric');
  assert.ok(span !== undefined, `${wanted} has no row`);
  return span;
}

function spanOfClient(document: Document, wanted: string): JSONSpan {
  const span = document.trace?.spans.find(({ name, source }) => name === wanted && source === 'client');
  assert.ok(span !== undefined, `${wanted} has no row`);
  return span;
}

/** By the server's clock. */
const startOf = ({ trace }: Document, { original, startOffsetNanos }: JSONSpan): bigint =>
  BigInt(original?.startUnixNano ?? BigInt(trace?.startUnixNano ?? 0) + BigInt(startOffsetNanos));
