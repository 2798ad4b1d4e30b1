import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';
import { TestWebhookServer } from '../support/webhook-server.ts';

const SLOW = 'slow.write.test';
const ELSEWHERE = 'elsewhere.write.test';
const PICKY = 'picky.write.test';
const SLOW_MILLIS = 350;

const cluster = sharedCluster();
const webhooks = new TestWebhookServer();
const home = cleanHome();
after(() => home.remove());

const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    env: { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}` },
  });

const trial = (): Promise<unknown> =>
  cluster().call('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', {
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'trial' } },
  });

const file = (name: string): string => join(home.path, name);

suite('a write', () => {
  before(async () => {
    await webhooks.start();
    await webhooks.configure(cluster(), [
      { name: SLOW, type: 'mutating', resources: ['configmaps'], sleepMillis: SLOW_MILLIS },
      { name: ELSEWHERE, type: 'validating', resources: ['secrets'], sleepMillis: 0 },
    ]);
    await webhooks.untilCalled(SLOW, trial);
    await writeFile(file('web.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: "1"}\n');
    await writeFile(file('applied.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {b: "2"}\n');
  });
  after(() => webhooks.stop());

  for (const user of ['masters', 'admin']) {
    for (const [line, args] of [
      ['configmap/web created', ['create', '-f', 'web.yaml']],
      ['configmap/web serverside-applied', ['apply', '--server-side', '-f', 'applied.yaml']],
      ['configmap/web patched', ['patch', 'configmap', 'web', '-p', '{"data":{"c":"3"}}']],
      ['configmap "web" deleted from default namespace', ['delete', 'cm/web']],
    ] as const) {
      test(`${args.join(' ')} as ${user}: complete, with the time of the slow webhook`, async () => {
        const paths = args.map((arg) => (arg.endsWith('.yaml') ? file(arg) : arg));
        const { code, stdout, stderr } = await run(...paths, '--context', user, '-o', 'json');
        assert.equal(code, 0, stderr);
        const document = parseDocument(stdout);
        const request = document.requests.findLast(({ purpose }) => purpose === 'request');
        assert.equal(request?.outcome, line);
        assert.deepEqual(
          request.webhooks?.map(({ name, type, timeoutSeconds }) => [name, type, timeoutSeconds]),
          [[SLOW, 'mutating', 7]],
        );
        assert.equal(document.verdict, 'complete', JSON.stringify(request.lookup?.reasons));
        assert.equal(request.lookup?.foundBy, user === 'admin' ? 'audit-id' : 'trace-id');
        const call = document.trace?.spans.find(({ name }) => name === 'Call mutating webhook');
        assert.ok(call, 'the webhook call is in the tree');
        assert.ok(call.durationNanos >= SLOW_MILLIS * 1e6);
        assert.deepEqual(
          request.webhooks.map(({ calls, durationNanos }) => [calls, durationNanos]),
          [[1, call.durationNanos]],
        );
        assert.ok(webhookNanos(document) >= SLOW_MILLIS * 1e6, JSON.stringify(document.summary?.components));
      });
    }
  }

  test("prints the finding, then kubectl's line", async () => {
    const { code, stdout, stderr } = await run('create', '-f', file('web.yaml'), '--dry-run=server', '--width', '100');
    assert.equal(code, 0, stderr);
    const [printed, header] = stdout.split('\n\n');
    // How much the rest takes, and so the share, is a matter of how busy the machine is.
    const { summary, trace } = parseDocument((await run('show', 'last', '-o', 'json')).stdout);
    const finding = summary?.findings.find(({ id }) => id === 'slow-webhook');
    const call = trace?.spans.find(({ name }) => name === 'Call mutating webhook');
    assert.ok(finding !== undefined && call !== undefined && call.durationNanos >= SLOW_MILLIS * 1e6);
    const [, share, took, whole] =
      /^(\d+) % mutating webhook slow\.write\.test, (\d+) of (\d+) ms$/.exec(finding.headline ?? '') ?? [];
    assert.equal(Number(took), Math.round(call.durationNanos / 1e6));
    assert.equal(Number(share), Math.round((100 * call.durationNanos) / trace!.durationNanos));
    assert.equal(Number(whole), Math.round(trace!.durationNanos / 1e6));
    assert.equal(printed?.split('\n')[0], `▲ ${finding.headline}`);
    const [first, second] = header?.split('\n') ?? [];
    assert.equal(first, 'configmap/web created (server dry run)');
    assert.match(second ?? '', /^POST \/api\/v1\/namespaces\/default\/configmaps\?dryRun=All/);
    assert.match(stdout, /slow\.write\.test/);
  });

  test('that fails does not stop the next one', async () => {
    const objects = ['one', 'two', 'three'].map(
      (name) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`,
    );
    await writeFile(file('three.yaml'), objects.join('---\n'));
    await writeFile(file('one.yaml'), objects[1]!);
    assert.equal((await run('create', '-f', file('one.yaml'), '--wait', '0')).code, 0);
    const { code, stdout, stderr } = await run('create', '-f', file('three.yaml'), '-o', 'json');
    assert.equal(code, 1);
    const document = parseDocument(stdout);
    // One tree, in which each request has its own span below the command's, and was looked up separately.
    const sent = document.requests.filter(({ purpose }) => purpose === 'request');
    for (const { lookup, spanID } of sent) {
      assert.ok((lookup?.received ?? 0) > 0, JSON.stringify(lookup));
      const span = document.trace?.spans.find((one) => one.spanID === spanID);
      assert.equal(span?.parentSpanID, document.command.spanID);
    }
    assert.deepEqual(
      document.trace?.spans.filter(({ parentSpanID }) => parentSpanID === undefined).map(({ spanID }) => spanID),
      [document.command.spanID],
    );
    assert.equal(new Set(sent.map(({ lookup }) => lookup?.traceID)).size, 3);
    assert.deepEqual(
      document.requests.filter(({ purpose }) => purpose === 'request').map(({ status, outcome }) => [status, outcome]),
      [
        [201, 'configmap/one created'],
        [409, null],
        [201, 'configmap/three created'],
      ],
    );
    assert.equal(document.error?.reason, 'AlreadyExists');
    assert.ok(
      stderr.includes(
        `Error from server (AlreadyExists): error when creating "${file('three.yaml')}": configmaps "two" already exists`,
      ),
      stderr,
    );
  });

  test('of one object by an apply patch succeeds, and fails if another manager owns the field', async () => {
    const patch = (value: string): string =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owned' }, data: { a: value } });
    const apply = (value: string, ...more: string[]): Promise<Outcome> =>
      run('patch', 'cm/owned', '--type', 'apply', '-p', patch(value), '--wait', '0', '--show-response', ...more);
    for (const [value, flags, code, told] of [
      ['1', [], 0, /^configmap\/owned patched\n/],
      ['2', ['--field-manager', 'other'], 1, /conflict with "kubectl-patch"[^]*hint: others own these fields/],
      ['2', ['--field-manager', 'other', '--force-conflicts'], 0, /^configmap\/owned patched\n/],
    ] as const) {
      const outcome = await apply(value, ...flags);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.match(code === 0 ? outcome.stdout : outcome.stderr, told);
    }
  });

  test('never stores its body', async () => {
    const secret = Buffer.from('do not keep this').toString('base64');
    await writeFile(file('secret.yaml'), `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: ${secret}}\n`);
    const told: string[] = [];
    for (const args of [
      ['create', '-f', file('secret.yaml')],
      ['patch', 'secret', 's', '-p', `{"data":{"b":"${secret}"}}`],
      [
        'raw',
        'PUT',
        '/api/v1/namespaces/default/secrets/s',
        '--data',
        `{"metadata":{"name":"s"},"data":{"a":"${secret}"}}`,
      ],
    ]) {
      const { code, stdout, stderr } = await run(...args, '-o', 'json');
      assert.equal(code, 0, stderr);
      told.push(stdout, stderr);
    }
    const history = join(home.path, '.local', 'state', 'kubectl-trace', 'history');
    const kept = await readdir(history);
    assert.ok(kept.length >= 3);
    for (const name of kept) told.push(await readFile(join(history, name), 'utf8'));
    for (const text of told) assert.ok(!text.includes(secret) && !text.includes('do not keep this'), text);
  });

  for (const count of [2, 20]) {
    test(`of ${count} objects by kubectl: 30 rows at most, the slow webhook among them`, async () => {
      const objects = Array.from(
        { length: count },
        (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-${count}-${index}}\n`,
      );
      await writeFile(file('many.yaml'), objects.join('---\n'));
      const kubectl = [cluster().binaries.kubectl, 'apply', '-f', file('many.yaml'), '--context', 'admin'];
      const { code, stderr } = await run('run', '--width', '80', '--', ...kubectl);
      assert.equal(code, 0, stderr);
      const lines = stderr.split('\n');
      assert.match(lines[0] ?? '', /^▲ \d\d % mutating webhook slow\.write\.test/, stderr);
      const axis = lines.findIndex((line) => /^ +self +total +0 /.test(line));
      const rows = lines.slice(axis + 1, lines.indexOf('', axis));
      assert.ok(axis > 0 && rows.length <= 30, stderr);
      assert.ok(
        rows.some((row) => row.includes('▲ ')),
        stderr,
      );
    });
  }

  test('is not called complete if a webhook with matching rules may have been skipped', async () => {
    await webhooks.configure(cluster(), [
      {
        name: PICKY,
        type: 'validating',
        resources: ['configmaps'],
        sleepMillis: 0,
        objectSelector: { matchLabels: { picked: 'yes' } },
      },
    ]);
    const picked = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'trial', labels: { picked: 'yes' } } };
    const cause = () => cluster().call('POST', '/api/v1/namespaces/default/configmaps?dryRun=All', { body: picked });
    await webhooks.untilCalled(PICKY, cause);
    const { code, stdout, stderr } = await run('create', '-f', file('web.yaml'), '--dry-run=server', '-o', 'json');
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    assert.equal(document.verdict, 'settled');
    const reasons = document.requests.at(-1)?.lookup?.reasons ?? [];
    assert.deepEqual(
      reasons.map(({ code: reason }) => reason),
      ['uncounted-calls'],
    );
    assert.match(reasons[0]!.message, /^picky\.write\.test may have been called/);
  });
});

function webhookNanos(document: Document): number {
  return document.summary?.components.find(({ component }) => component === 'webhook')?.nanos ?? 0;
}
