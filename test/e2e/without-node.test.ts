import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeExecutable } from '../../scripts/release/executable.ts';
import { ownTarget } from '../../scripts/release/targets.ts';
import { executables } from '../lab/cluster/build.ts';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import type { Outcome } from '../support/kubectl-trace.ts';
import { inRootWithProcesses, unlessNamespaces } from '../support/namespaces.ts';
import { parseDocument, parsePodDocument, parseVersion } from '../support/schema.ts';
import { startServe, type RunningServe } from '../support/serve.ts';
import { StockRoot } from '../support/stock-root.ts';

const skip = ownTarget === undefined ? 'the executable of this platform is made on Linux' : await unlessNamespaces();

/**
 * A root folder with the libraries of a stock Debian, a shell, kubectl and the executable: no Node.js, no node_modules. The
 * cluster outside of it exports to a `serve` inside.
 */
suite('the executable and kubectl, where nothing else is', { skip, timeout: 600_000 }, () => {
  let root: StockRoot;
  let serve: RunningServe;
  let cluster: TestCluster;

  before(async () => {
    assert.ok(ownTarget);
    const programs = await executables({ without: ['etcd', 'kube-apiserver', 'jaeger'] });
    root = await StockRoot.make();
    root.add(programs.kubectl, 'kubectl');
    const made = mkdtempSync(join(tmpdir(), 'kubectl-trace-executable-'));
    try {
      const dist = fileURLToPath(new URL('../../dist', import.meta.url));
      await makeExecutable(ownTarget, dist, join(made, 'kubectl-trace'));
      root.add(join(made, 'kubectl-trace'), 'kubectl-trace');
    } finally {
      rmSync(made, { recursive: true, force: true });
    }
    assert.deepEqual(readdirSync(join(root.path, 'bin')).sort(), ['kubectl', 'kubectl-trace', 'sh']);
    serve = await startServe('/tmp', {
      command: inRootWithProcesses(root.path, ['/bin/kubectl', 'trace']),
      env: { PATH: '/bin' },
    });
    cluster = await startCluster({ exportTo: serve.otlp });
    writeFileSync(join(root.path, 'kubeconfig'), readFileSync(cluster.kubeconfig));
  });
  after(async () => {
    await cluster?.stop();
    await serve?.end();
    root?.remove();
  });

  async function kubectl(...args: string[]): Promise<Outcome> {
    const [program, ...words] = inRootWithProcesses(root.path, ['/bin/kubectl', ...args]);
    const child = spawn(program, words, {
      env: { PATH: '/bin', HOME: '/tmp', KUBECONFIG: '/kubeconfig' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr };
  }

  test('version says that it is one', async () => {
    const { stdout } = await kubectl('trace', 'version', '-o', 'json');
    assert.equal(parseVersion(stdout).clientVersion.executable, true);
  });

  test('get nodes finds the trace of API server and etcd in serve', async () => {
    const { code, stdout, stderr } = await kubectl('trace', 'get', 'nodes', '-o', 'json');
    assert.equal(code, 0, stderr);
    const { verdict, trace } = parseDocument(stdout);
    assert.equal(verdict, 'complete');
    const measured = (trace?.spans ?? []).filter(({ inferred }) => !inferred).map(({ component }) => component);
    assert.ok(measured.includes('apiserver') && measured.includes('etcd'), measured.join());
    const drawn = await kubectl('trace', 'show', 'last');
    assert.match(drawn.stdout, /^trace [0-9a-f]{32} {2}complete: /m);
  });

  test('run -- runs kubectl, and traces its requests', async () => {
    const { code, stdout, stderr } = await kubectl(
      'trace',
      'run',
      '--',
      'kubectl',
      'create',
      'configmap',
      'made',
      '-oname',
    );
    assert.deepEqual([code, stdout], [0, 'configmap/made\n'], stderr);
    assert.match(stderr, /apiserver {2}POST \/api\/v1\/namespaces\/default\/configmaps /);
    assert.match(stderr, /complete: /);
  });

  test('a command of kubectl goes through the proxy', async () => {
    const { code, stdout, stderr } = await kubectl('trace', 'describe', 'configmap', 'made');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Name: +made$/m);
    assert.match(stderr, /complete: [^]*GET \/api\/v1\/namespaces\/default\/configmaps\/made /);
  });

  test('pod says why one does not start', async () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: [{ name: 'web', image: 'web' }] },
    };
    const { status } = await cluster.call('POST', '/api/v1/namespaces/default/pods', { body: pod });
    assert.equal(status, 201);
    const { stdout, stderr } = await kubectl('trace', 'pod', 'web', '-o', 'json');
    const { verdict } = parsePodDocument(stdout);
    assert.ok(verdict !== null, stderr);
  });

  test('completion offers commands', async () => {
    const { stdout, stderr } = await kubectl('trace', '__complete', 'gloss');
    assert.match(stdout, /^glossary\t/);
    assert.equal(stderr, '');
  });
});
