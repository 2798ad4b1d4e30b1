import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { runKubectl } from '../contract/kubectl.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import type { Document } from '../support/schema.ts';
import { requestsOf, RunScene } from './run-scene.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());
const scene = new RunScene(cluster, home.path);

const deployment = join(home.path, 'web.yaml');

before(() => {
  writeFileSync(
    deployment,
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: web }] }
`,
  );
});

const asked = ({ requests }: Document): string[] =>
  requests.filter(({ purpose }) => purpose === 'request').map(({ method, path }) => `${method} ${path}`);

const kubectl = (...args: readonly string[]): ReturnType<typeof runKubectl> =>
  runKubectl(cluster().binaries.kubectl, args, { KUBECONFIG: cluster().kubeconfig });

for (const context of ['masters', 'admin', 'cert']) {
  test(`kubectl get as ${context}: its own output, and one tree down to etcd`, async () => {
    const command = ['get', 'namespaces', 'default', '-o', 'yaml'];
    const { stdout } = await kubectl('--context', context, ...command);
    const ran = await scene.run(['--context', context], ['kubectl', ...command]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stdout, stdout);
    const { document } = ran;
    assert.equal(document.verdict, 'complete');
    assert.equal(document.command.verb, 'run');
    assert.deepEqual(asked(document), ['GET /api/v1/namespaces/default']);
    assert.equal(document.requests.at(-1)?.lookup?.foundBy, context === 'masters' ? 'trace-id' : 'audit-id');
    const spans = document.trace?.spans ?? [];
    assert.equal(spans[0]?.name, `kubectl ${command.join(' ')}`);
    const services = new Set(spans.map(({ service }) => service));
    assert.ok(services.has('etcd') && services.has('apiserver'));
  });
}

test('every request has its own traceparent, Audit-ID and phases', async () => {
  const { document } = await scene.run(['--context', 'masters'], requestsOf({ path: '/api/v1/nodes', count: 3 }));
  const [first, ...others] = document.requests;
  assert.equal(new Set(document.requests.map(({ auditID }) => auditID)).size, 3);
  assert.equal(new Set(document.requests.map(({ spanID }) => spanID)).size, 3);
  for (const { auditID, spanID } of document.requests) {
    const digits = `${document.command.traceID?.slice(0, 16)}${spanID}`;
    assert.equal(auditID?.replaceAll('-', ''), digits);
  }
  assert.ok(first !== undefined && first.phases['connectNanos'] !== null && first.phases['tlsNanos'] !== null);
  assert.equal(first.connectionReused, false);
  for (const one of others) {
    assert.equal(one.connectionReused, true);
    assert.equal(one.phases['connectNanos'], null);
    assert.ok((one.phases['waitNanos'] ?? 0) > 0 && one.responseBytes > 0);
  }
});

test('apply, scale and rollout status: kubectl’s output, its requests, its exit code', async () => {
  const applied = await scene.run(['--context', 'masters'], ['kubectl', 'apply', '-f', deployment]);
  assert.equal(applied.code, 0, applied.stderr);
  assert.equal(applied.stdout, 'deployment.apps/web created\n');
  const collection = '/apis/apps/v1/namespaces/default/deployments';
  assert.deepEqual(asked(applied.document), [`GET ${collection}/web`, `POST ${collection}`]);
  assert.ok(
    applied.document.requests.some(({ purpose, path }) => purpose === 'discovery' && path.startsWith('/openapi')),
  );

  const scaled = await scene.run(['--context', 'masters'], ['kubectl', 'scale', 'deployment/web', '--replicas=3']);
  assert.equal(scaled.stdout, 'deployment.apps/web scaled\n');
  assert.deepEqual(asked(scaled.document), [`GET ${collection}/web`, `PATCH ${collection}/web/scale`]);

  const unfinished = await scene.run([], ['kubectl', 'rollout', 'status', 'deployment/web', '--timeout=1s']);
  assert.equal(unfinished.code, 1);
  assert.equal(unfinished.document.exitCode, 1);
  assert.match(unfinished.stderr, /timed out waiting for the condition/);
  const watch = unfinished.document.requests.find(({ query }) => query.includes('watch=true'));
  assert.equal(watch?.status, 200);

  // What a controller would do.
  const status = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
  const options = { body: { status }, headers: { 'content-type': 'application/merge-patch+json' } };
  assert.equal((await cluster().call('PATCH', `${collection}/web/status`, options)).status, 200);
  const finished = await scene.run([], ['kubectl', 'rollout', 'status', 'deployment/web']);
  assert.equal(finished.code, 0, finished.stderr);
  assert.equal(finished.stdout, 'deployment "web" successfully rolled out\n');
  assert.equal(finished.document.verdict, 'complete');
});

test('a failure is reported by kubectl unchanged', async () => {
  const command = ['get', 'pod', 'absent'];
  const own = await kubectl(...command);
  const ran = await scene.run([], ['kubectl', ...command]);
  assert.equal(ran.code, own.exitCode);
  assert.equal(ran.stderr.trim(), own.stderr);
  assert.equal(ran.document.exitCode, 1);
  assert.equal(ran.document.error, null);
  assert.equal(ran.document.requests.at(-1)?.status, 404);
});

test('get -w: changes appear immediately, Ctrl-C goes to the command, and the watch is in a complete trace', async () => {
  let seen = '';
  let created = 0;
  let listed: number | undefined;
  const ran = await scene.run(['--context', 'masters'], ['kubectl', 'get', 'configmaps', '-w', '-o', 'name'], {
    onStart: (child) => {
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        seen += text;
        // What was made after the first output is not in the list any more: the watch has told of it.
        listed ??= created;
        if (newest() > listed) child.kill('SIGINT');
      });
      void create();
    },
  });
  assert.ok(newest() > 0, ran.stderr);
  // So kubectl ends a watch that is interrupted.
  assert.equal(ran.code, 1);
  const watch = ran.document.requests.find(({ query }) => query.includes('watch=true'));
  assert.equal(watch?.status, 200);
  assert.equal(ran.document.verdict, 'complete', JSON.stringify(ran.document.requests.map(({ lookup }) => lookup)));

  function newest(): number {
    return Math.max(0, ...[...seen.matchAll(/configmap\/seen-(\d+)/g)].map(([, index]) => Number(index)));
  }

  /** One after the other, until the watch has told of one. */
  async function create(): Promise<void> {
    created++;
    const metadata = { name: `seen-${created}`, namespace: 'default' };
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
    await cluster().call('POST', '/api/v1/namespaces/default/configmaps', { body });
    if ((listed === undefined || newest() <= listed) && created < 2000) await create();
  }
});

test('400 requests are one tree with a few rows, and their common pattern is a finding', async () => {
  const wishes = [
    { path: '/api/v1/namespaces/default/configmaps?limit=1', count: 380 },
    { path: '/api/v1/namespaces/default/secrets', count: 8 },
    ...Array.from({ length: 12 }, (_, index) => ({ path: `/api/v1/namespaces/default/serviceaccounts/sa-${index}` })),
  ];
  const { code, document } = await scene.run(['--context', 'masters'], requestsOf(...wishes));
  assert.equal(code, 0);
  assert.equal(document.verdict, 'complete');
  assert.equal(document.requests.length, 400);
  assert.ok(document.requests.every(({ lookup }) => lookup?.verdict === 'complete'));
  const finding = document.summary?.findings.find(({ id }) => id === 'repeated-requests');
  assert.match(finding?.title ?? '', /repeating a request 379 times/);
  const { stdout } = await kubectlTrace(home.path, ['show', 'last', '--width', '100'], { env: scene.environment });
  assert.match(stdout, / {2}400 requests$/m);
  assert.match(stdout, /37\d GETs, all identical/);
  assert.match(stdout, /1[012] GETs.*404/);
  assert.ok(stdout.split('\n').length < 60, stdout);
});

test('a killed command exits with 128 plus the signal, shows its requests, and leaves nothing behind', async () => {
  const script = 'kubectl get namespaces -o name; echo $KUBECONFIG; kill -9 $$';
  const { code, stdout, document } = await scene.run([], ['sh', '-c', script]);
  assert.equal(code, 137);
  assert.equal(document.exitCode, 137);
  assert.deepEqual(asked(document), ['GET /api/v1/namespaces']);
  const file = stdout.trim().split('\n').at(-1) ?? '';
  assert.match(file, /kubeconfig$/);
  assert.ok(!existsSync(dirname(file)));
});

test('SIGTERM to kubectl trace is forwarded to the command, and the trace is still reported', async () => {
  const script =
    'trap "exit 7" TERM; kubectl get namespaces -o name; echo ready; while :; do read -r _ || sleep 0.05; done';
  const { code, document } = await scene.run([], ['sh', '-c', script], {
    onStart: (child) => {
      child.stdout?.on('data', (text: string) => {
        if (text.includes('ready')) child.kill('SIGTERM');
      });
    },
  });
  assert.equal(code, 7);
  assert.deepEqual(asked(document), ['GET /api/v1/namespaces']);
});

test('two concurrent runs each have their own requests', async () => {
  const runs = await Promise.all([
    scene.run(['--context', 'masters'], requestsOf({ path: '/api/v1/nodes', count: 5 })),
    scene.run(['--context', 'masters'], requestsOf({ path: '/api/v1/namespaces', count: 5 })),
  ]);
  for (const [index, { document }] of runs.entries()) {
    const path = index === 0 ? '/api/v1/nodes' : '/api/v1/namespaces';
    assert.deepEqual(new Set(asked(document)), new Set([`GET ${path}`]));
    assert.equal(document.requests.length, 5);
    assert.equal(document.verdict, 'complete');
  }
  assert.notEqual(runs[0].document.command.traceID, runs[1].document.command.traceID);
});

test('a wrong or missing token gets 401, and no request is forwarded', async () => {
  const { stdout, document } = await scene.run(
    [],
    requestsOf(
      { path: '/api/v1/nodes', token: 'wrong' },
      { path: '/api/v1/nodes', token: null },
      { path: '/api/v1/nodes' },
    ),
  );
  assert.equal(stdout, '401\n401\n200\n');
  assert.equal(document.requests.length, 1);
});

test('credentials do not reach the command', async () => {
  for (const context of ['admin', 'cert'] as const) {
    const script = 'env; cat $KUBECONFIG; ls -l $KUBECONFIG';
    const { stdout } = await scene.plain(['--context', context], ['sh', '-c', script], {
      env: { HELM_KUBETOKEN: 'around-the-proxy' },
    });
    const secrets = readFileSync(cluster().kubeconfig, 'utf8')
      .split('\n')
      .flatMap((line) => /(?:token|client-key-data|client-certificate-data): "?([^"]+)/.exec(line)?.[1] ?? []);
    assert.ok(secrets.length > 5);
    for (const secret of [...secrets, 'around-the-proxy']) assert.ok(!stdout.includes(secret));
    assert.match(stdout, /^-rw-------/m);
    assert.match(stdout, /^TRACEPARENT=00-[0-9a-f]{32}-[0-9a-f]{16}-01$/m);
  }
});

test('kubectl may impersonate another user, unless run already does', async () => {
  const whoami = ['kubectl', 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}', '--as', 'jane'];
  assert.equal((await scene.plain([], whoami)).stdout, 'jane');
  const traced = await scene.plain(['--tracer-user', 'monitoring'], ['kubectl', 'get', 'namespaces', '--as', 'jane']);
  assert.equal(traced.code, 1);
  assert.match(traced.stderr, /Forbidden.*--tracer-user already impersonates the current user/);
  const kept = await scene.run(['--tracer-user', 'monitoring'], ['kubectl', 'get', 'namespaces']);
  assert.equal(kept.document.requests.at(-1)?.lookup?.foundBy, 'trace-id');
});

test('the tree is on standard error, and a command without requests is reported', async () => {
  const { stdout, stderr } = await scene.plain(['--width', '80'], ['kubectl', 'get', 'nodes', '-o', 'name']);
  assert.equal(stdout, 'node/demo-node\n');
  assert.match(stderr, /^nothing stands out: .+\n\nkubectl get nodes -o name {2}exit status 0 {2}/);
  assert.match(stderr, /[├└]─ apiserver {2}GET/);
  for (const line of stderr.split('\n')) assert.ok(line.startsWith('open ') || line.length <= 80, line);
  const nothing = await scene.plain([], ['sh', '-c', 'exit 3']);
  assert.equal(nothing.code, 3);
  assert.match(nothing.stderr, /^note: the command sent nothing through the proxy/);
});

test('--trace-output: the file is private to its owner, and an unwritable one is reported before the command runs', async () => {
  const file = join(home.path, 'tree.txt');
  const { stderr } = await scene.plain(['--trace-output', file], ['kubectl', 'get', 'nodes', '-o', 'name']);
  assert.equal(stderr, '');
  assert.match(readFileSync(file, 'utf8'), /^nothing stands out: [^]*\n\nkubectl get nodes/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const refused = await scene.plain(['--trace-output', join(home.path, 'no', 'such')], ['sh', '-c', 'echo ran']);
  assert.equal(refused.code, 2);
  assert.equal(refused.stdout, '');
  assert.match(refused.stderr, /^error: cannot write .*ENOENT/);
});

test('--redact: the command is shown without names', async () => {
  const file = join(home.path, 'redacted.txt');
  await scene.plain(
    ['--redact', '--trace-output', file],
    ['kubectl', 'get', 'configmap', 'payroll-db', '-n', 'finance'],
  );
  const text = readFileSync(file, 'utf8');
  assert.match(
    text,
    /^exit status 1 after .+\n\nkubectl get configmap name-[0-9a-f]+ -n name-[0-9a-f]+ {2}exit status 1/,
  );
  assert.match(text, /├─ GET …/);
  assert.doesNotMatch(text, /payroll|finance/);
});

test('a missing program is an error', async () => {
  const { code, stderr } = await scene.plain([], ['no-such-program']);
  assert.equal(code, 2);
  assert.match(stderr, /^error: exec: "no-such-program": executable file not found in \$PATH$/m);
});

test('an unreachable server: kubectl reports it, and the tree shows where the request failed', async () => {
  const { code, stderr } = await scene.plain(['--server', 'https://127.0.0.1:1'], ['kubectl', 'get', 'nodes']);
  assert.equal(code, 1);
  assert.match(stderr, /The connection to the server 127\.0\.0\.1:1 was refused/);
  assert.match(stderr, /├─ GET \/api ✗/);
  assert.match(stderr, /^hint: nothing listens on 127\.0\.0\.1:1;/m);
});

test('--require-complete applies only if the command succeeded; a missing trace has no other effect', async () => {
  const backend = ['--backend', 'jaeger=http://127.0.0.1:9', '--wait', '1s'];
  const { code, stderr } = await scene.plain(backend, ['kubectl', 'get', 'nodes']);
  assert.equal(code, 0);
  assert.match(stderr, /^error: the request succeeded, but/m);
});
