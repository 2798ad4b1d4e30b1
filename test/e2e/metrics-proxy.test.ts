import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { ContextProxy, type ChangeContext } from '../support/context-proxy.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

/** An API server that does not trace, behind HTTP proxies that do something with the trace context of requests. */
const cluster = sharedCluster({ apiserverTracing: false });
const home = cleanHome();
after(() => home.remove());

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

async function getBehind(change: ChangeContext, ...args: readonly string[]): Promise<Outcome> {
  const proxy = await ContextProxy.start(cluster(), 'admin', change);
  try {
    const flags = ['get', 'namespace', 'default', '--server', proxy.url, '--metrics=auto', '-o', 'json', ...args];
    return await kubectlTrace(home.path, flags, { env: { KUBECONFIG: cluster().kubeconfig } });
  } finally {
    await proxy.stop();
  }
}

test('a proxy that passes the context on is not named', async () => {
  const { code, stdout, stderr } = await getBehind((context) => context);
  assert.equal(code, 0, stderr);
  const codes = parseDocument(stdout)
    .requests.at(-1)
    ?.lookup?.reasons.map((reason) => reason.code);
  assert.deepEqual(codes, ['etcd-included']);
});

test('a proxy that puts its own span in place of ours is named, and the request is measured', async () => {
  const spans = new Set<string>();
  const { code, stdout, stderr } = await getBehind((context) => {
    const span = hex(8);
    spans.add(span);
    return context.replace(/-[0-9a-f]{16}-/, () => `-${span}-`);
  });
  assert.equal(code, 0, stderr);
  const { lookup } = parseDocument(stdout).requests.at(-1) ?? {};
  assert.equal(lookup?.verdict, 'measured');
  const reason = lookup.reasons.find((one) => one.code === 'trace-context-replaced');
  const spanID = /sent the request on in another span, (\w+)\.$/.exec(reason?.message ?? '')?.[1];
  assert.ok(spanID !== undefined && spans.has(spanID), reason?.message ?? 'no reason');
});

suite('a proxy that lets nothing of the context through is named', () => {
  const removed = /a proxy between here and the API server removes the trace context, or marks it as not sampled/;
  const proxies: Readonly<Record<string, readonly [ChangeContext, RegExp]>> = {
    'that removes it': [() => undefined, removed],
    'that marks it as not sampled': [(context) => context.replace(/-01$/, '-00'), removed],
    'that begins another trace': [
      (context) => (context.endsWith('-01') ? `00-${hex(16)}-${hex(8)}-01` : context),
      /a proxy between here and the API server replaces the trace context with its own/,
    ],
  };
  for (const [title, [change, cause]] of Object.entries(proxies)) {
    test(title, async () => {
      const { code, stdout, stderr } = await getBehind(change);
      assert.equal(code, 5, stderr);
      assert.match(stderr, cause);
      assert.match(stderr, /the API server does not trace \(it runs without --tracing-config-file\)/);
      assert.equal(parseDocument(stdout).requests.at(-1)?.status, 200);
    });
  }
});

test('with a backend, its flags show at once that no trace can exist', async () => {
  const { code, stdout, stderr } = await getBehind(() => undefined, '--backend', `jaeger=${cluster().backendURL}`);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /the request succeeded, but the API server does not trace/);
  const { lookup } = parseDocument(stdout).requests.at(-1) ?? {};
  assert.equal(lookup?.prediction, 'untraced');
});
