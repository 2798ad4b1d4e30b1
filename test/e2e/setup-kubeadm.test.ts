import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, suite, test, type TestContext } from 'node:test';
import { serve } from '../support/http-server.ts';
import { kubeadmFile } from '../support/kubeadm-manifests.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { SimulatedNode } from '../support/simulated-node.ts';

const home = cleanHome();
after(() => home.remove());

/** A node with a simulated kubelet, and its API server over HTTP. */
class Scene {
  readonly node = new SimulatedNode();
  /** Called with the number of each request from 1, before its response. */
  onRequest: (count: number) => void = () => {};
  /** No response comes before this. */
  gate: Promise<unknown> = Promise.resolve();
  #count = 0;
  #url = '';

  static async open(t: TestContext): Promise<Scene> {
    const scene = new Scene();
    t.after(() => scene.node.remove());
    scene.#url = (
      await serve(t, (request, response) => void scene.gate.then(() => scene.#answer(request, response)))
    ).url;
    return scene;
  }

  /** Runs the built program on the node. `killAt`: SIGKILL when this request arrives. */
  run(args: readonly string[], killAt = Infinity): Promise<Outcome> {
    let child: ChildProcess | undefined;
    this.#count = 0;
    this.onRequest = (count) => void (count >= killAt && child?.kill('SIGKILL'));
    const own = ['setup', 'kubeadm', '--rootfs', this.node.root, '--server', this.#url];
    return kubectlTrace(home.path, [...own, ...args], { onStart: (started) => (child = started) });
  }

  apply(killAt?: number): Promise<Outcome> {
    return this.run(['--apply', '--endpoint', '127.0.0.1:4317', '--wait', '0s'], killAt);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.onRequest((this.#count += 1));
    const { method, url = '' } = request;
    const pods = this.node.look();
    if (pods === undefined) {
      request.destroy();
      return;
    }
    const send = (object: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(object));
    };
    if (url.includes('/pods')) send({ kind: 'PodList', items: pods });
    else if (!url.includes('/configmaps/kubeadm-config'))
      send({ kind: 'Namespace', metadata: { name: 'kube-system' } });
    else if (method === 'GET') send(this.#configMap());
    else {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { data } = JSON.parse(Buffer.concat(parts).toString()) as { data: { ClusterConfiguration: string } };
        this.node.configuration = data.ClusterConfiguration;
        send(this.#configMap());
      });
    }
  }

  #configMap(): unknown {
    const data = { ClusterConfiguration: this.node.configuration };
    return { kind: 'ConfigMap', metadata: { name: 'kubeadm-config', resourceVersion: '7' }, data };
  }
}

suite('setup kubeadm with the built program', () => {
  test('applies, applies again and undoes', async (t) => {
    const scene = await Scene.open(t);
    const before = scene.node.snapshot();
    const { configuration } = scene.node;
    const dry = await scene.run(['--dry-run', '--endpoint', '127.0.0.1:4317']);
    assert.match(dry.stdout, /^\+ {4}- --tracing-config-file=/m);
    assert.deepEqual(scene.node.snapshot(), before);
    const applied = await scene.apply();
    assert.deepEqual([applied.code, applied.stderr], [0, '']);
    assert.match(applied.stdout, /kube-apiserver\.yaml configured\nconfigmap\/kubeadm-config configured\n/);
    assert.equal(scene.node.read('kube-apiserver'), kubeadmFile('1.37.2', 'kube-apiserver.traced'));
    assert.match((await scene.apply()).stdout, /kube-apiserver\.yaml unchanged\n/);
    const undone = await scene.run(['--undo']);
    assert.deepEqual([undone.code, undone.stderr], [0, '']);
    assert.deepEqual(scene.node.snapshot(), before);
    assert.equal(scene.node.configuration, configuration);
    assert.deepEqual(scene.node.misread, []);
  });

  test('killed with SIGKILL at any request, it is finished by the next run and undone by --undo', async (t) => {
    for (let killAt = 1; ; killAt++) {
      const scene = await Scene.open(t);
      const before = scene.node.snapshot();
      const { configuration } = scene.node;
      const killed = await scene.apply(killAt);
      if (killed.code === 0) {
        // More requests than an apply sends.
        assert.ok(killAt > 8, `${killAt} requests`);
        return;
      }
      assert.equal(killed.code, null, killed.stderr);
      if (killAt % 2 === 0) assert.equal((await scene.apply()).code, 0, `request ${killAt}`);
      const undone = await scene.run(['--undo']);
      assert.equal(undone.code, 0, `request ${killAt}: ${undone.stderr}`);
      assert.deepEqual(scene.node.snapshot(), before, `request ${killAt}`);
      assert.equal(scene.node.configuration, configuration);
      assert.deepEqual(scene.node.misread, []);
    }
  });

  test('two at once: one changes the node, and the other is refused with the reason', async (t) => {
    for (const killAt of [Infinity, 2]) {
      const scene = await Scene.open(t);
      const before = scene.node.snapshot();
      // A killed run leaves its lock.
      if (killAt < Infinity) assert.equal((await scene.apply(killAt)).code, null);
      const both = [scene.apply(), scene.apply()];
      scene.gate = Promise.race(both);
      const [applied, refused] = (await Promise.all(both)).toSorted((one, other) => one.code! - other.code!);
      assert.deepEqual([applied?.code, applied?.stderr, refused?.code], [0, '', 2], refused?.stderr ?? '');
      assert.match(
        refused!.stderr,
        /^error: setup kubeadm already changes this node: process \d+, since 20\S+Z\nhint: nothing was changed; /,
      );
      assert.equal((await scene.run(['--undo'])).code, 0);
      assert.deepEqual(scene.node.snapshot(), before);
    }
  });

  test('an API server that never returns: the manifests are restored', async (t) => {
    const scene = await Scene.open(t);
    const before = scene.node.snapshot();
    scene.node.broken = (_, text) => text.includes('--tracing-config-file=');
    const args = ['--apply', '--endpoint', '127.0.0.1:4317', '--restart-timeout', '8s'];
    const { code, stderr } = await scene.run(args);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: kube-apiserver is not back within 8 s: .*; the manifests are restored, and the API server responds\n/m,
    );
    assert.match(stderr, /\nhint: on this node: crictl ps -a/);
    assert.deepEqual(scene.node.snapshot(), before);
  });

  test('off a control-plane node, and without an endpoint, it says what to do', async (t) => {
    const scene = await Scene.open(t);
    const without = await scene.run(['--apply']);
    assert.equal(without.code, 2);
    assert.match(without.stderr, /^error: setup kubeadm --apply needs --endpoint HOST:PORT\nhint: /);
    const elsewhere = await kubectlTrace(home.path, ['setup', 'kubeadm', '--undo', '--rootfs', home.path]);
    assert.equal(elsewhere.code, 2);
    assert.match(elsewhere.stderr, /this is no control-plane node of kubeadm\nhint: run this as root/);
  });
});
