import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { kubeadmFile } from '../../../../support/kubeadm-manifests.ts';
import { SimulatedNode } from '../../../../support/simulated-node.ts';
import { Operations, runOn } from './fixture.ts';

function newNode(t: TestContext): SimulatedNode {
  const node = new SimulatedNode();
  t.after(() => node.remove());
  return node;
}

const error = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: it failed`), { code, path: '/etc/kubernetes' });

/** The operations of a run without faults, and the states before and after it. */
async function reference(t: TestContext) {
  const node = newNode(t);
  const before = node.snapshot();
  const configuration = node.configuration;
  const operations = new Operations();
  const ran = await runOn(node, 'apply', { files: operations.files });
  assert.deepEqual([ran.code, ran.reason], [0, undefined], ran.stderr);
  const after = node.snapshot();
  const traced = node.configuration;
  const undo = new Operations();
  assert.equal((await runOn(node, 'undo', { files: undo.files })).code, 0);
  assert.deepEqual(node.snapshot(), before);
  assert.equal(node.configuration, configuration);
  assert.deepEqual(node.misread, []);
  return { before, after, configuration, traced, apply: operations.done, undo: undo.done };
}

test('the operations of an apply: everything that needs space comes before the first change', async (t) => {
  const { apply } = await reference(t);
  const first = apply.findIndex((each) => each === 'rename /etc/kubernetes/tracing/config.yaml');
  assert.ok(first > 8, apply.join('\n'));
  assert.deepEqual(
    apply.slice(first).filter((each) => !each.startsWith('remove')),
    [
      'rename /etc/kubernetes/tracing/config.yaml',
      'rename /etc/kubernetes/manifests/etcd.yaml',
      'rename /etc/kubernetes/manifests/kube-apiserver.yaml',
      'rename /etc/kubernetes/kubectl-trace/journal.json',
    ],
  );
});

suite('an apply that is killed', () => {
  for (const recovery of ['apply', 'undo'] as const) {
    test(`at any step: the next ${recovery} ${recovery === 'apply' ? 'finishes it' : 'restores the bytes'}`, async (t) => {
      const { before, after, configuration, traced, apply } = await reference(t);
      for (const [at, operation] of apply.entries()) {
        const node = newNode(t);
        const operations = new Operations(at, 'kill');
        const killed = await runOn(node, 'apply', { files: operations.files, killed: operations.killed });
        assert.equal(killed.code, 'killed', operation);
        const ran = await runOn(node, recovery);
        assert.equal(ran.code, 0, `${operation}: ${ran.message}`);
        assert.deepEqual(node.snapshot(), recovery === 'apply' ? after : before, operation);
        assert.equal(node.configuration, recovery === 'apply' ? traced : configuration, operation);
        assert.deepEqual(node.misread, [], operation);
        assert.notEqual(node.look(), undefined, `${operation}: the API server responds`);
        // What the second apply made can be undone as well.
        assert.equal((await runOn(node, 'undo')).code, 0);
        assert.deepEqual(node.snapshot(), before, operation);
        assert.equal(node.configuration, configuration);
      }
    });
  }
});

test('an undo that is killed at any step is finished by the next one', async (t) => {
  const { before, configuration, undo } = await reference(t);
  for (const [at, operation] of undo.entries()) {
    const node = newNode(t);
    assert.equal((await runOn(node, 'apply')).code, 0);
    const operations = new Operations(at, 'kill');
    const killed = await runOn(node, 'undo', { files: operations.files, killed: operations.killed });
    assert.equal(killed.code, 'killed', operation);
    const ran = await runOn(node, 'undo');
    assert.equal(ran.code, 0, `${operation}: ${ran.message}`);
    assert.deepEqual(node.snapshot(), before, operation);
    assert.equal(node.configuration, configuration, operation);
    assert.deepEqual(node.misread, [], operation);
  }
});

suite('a disk that is full, or a folder that is read-only', () => {
  for (const [code, kinds] of [
    ['ENOSPC', /^(?:write|makeFolder|makeLink) /],
    ['EROFS', /^(?:write|makeFolder|rename \/etc\/kubernetes\/kubectl-trace\/) ?/],
    ['EACCES', /^(?:write|makeFolder|makeLink) /],
  ] as const) {
    test(`${code} at any step: nothing is changed, and the error says what to do`, async (t) => {
      const { before, after, configuration } = await reference(t);
      const counting = new Operations(Infinity, undefined, kinds);
      await runOn(newNode(t), 'apply', { files: counting.files });
      assert.ok(counting.done.length >= 6);
      for (const [at, operation] of counting.done.entries()) {
        const node = newNode(t);
        const operations = new Operations(at, error(code), kinds);
        const ran = await runOn(node, 'apply', { files: operations.files });
        assert.deepEqual([ran.code, ran.reason], [2, 'NodeNotWritable'], operation);
        // The journal's last rename comes when everything is done: the next run finds nothing to do.
        if (at === counting.done.length - 1 && operation.startsWith('rename')) {
          assert.match(ran.hint, /run this again/);
          assert.equal((await runOn(node, 'apply')).code, 0);
          assert.deepEqual(node.snapshot(), after);
          continue;
        }
        assert.match(ran.hint, /nothing was changed/);
        assert.deepEqual(node.snapshot(), before, operation);
        assert.equal(node.configuration, configuration, operation);
        assert.equal((await runOn(node, 'apply')).code, 0, operation);
        assert.deepEqual(node.snapshot(), after, operation);
      }
    });
  }

  test('an undo on a full disk changes nothing', async (t) => {
    const { before, after } = await reference(t);
    for (let at = 0; at < 3; at++) {
      const node = newNode(t);
      assert.equal((await runOn(node, 'apply')).code, 0);
      const operations = new Operations(at, error('ENOSPC'), /^write /);
      const ran = await runOn(node, 'undo', { files: operations.files });
      assert.deepEqual([ran.code, ran.reason], [2, 'NodeNotWritable']);
      assert.deepEqual(node.snapshot(), after);
      assert.equal((await runOn(node, 'undo')).code, 0);
      assert.deepEqual(node.snapshot(), before);
    }
  });
});

suite('a component that does not come back', () => {
  for (const component of ['etcd', 'kube-apiserver'] as const) {
    test(`${component}: the manifests are restored, and nothing is left`, async (t) => {
      const node = newNode(t);
      const before = node.snapshot();
      const { configuration } = node;
      node.broken = (each, text) => each === component && text === kubeadmFile('1.37.2', `${component}.traced`);
      const ran = await runOn(node, 'apply');
      assert.deepEqual([ran.code, ran.reason], [1, 'RolledBack'], ran.message);
      assert.match(ran.message, new RegExp(`^${component} is not back within 60 s: .*; the manifests are restored`));
      assert.deepEqual(node.snapshot(), before);
      assert.equal(node.configuration, configuration);
      assert.notEqual(node.look(), undefined);
      assert.deepEqual(node.misread, []);
    });
  }

  test('the kubelet starts the restored one late, as after some crashes: it is waited for longer', async (t) => {
    const node = newNode(t);
    const before = node.snapshot();
    const traced = kubeadmFile('1.37.2', 'kube-apiserver.traced');
    node.broken = (component, text) => component === 'kube-apiserver' && text === traced;
    node.looks = (component, text) => (component === 'etcd' && text === kubeadmFile('1.37.2', 'etcd') ? 200 : 3);
    const ran = await runOn(node, 'apply');
    assert.deepEqual([ran.code, ran.reason], [1, 'RolledBack'], ran.message);
    assert.deepEqual(node.snapshot(), before);
  });

  test('not with the restored manifests either: the backups stay, and --undo goes on', async (t) => {
    const node = newNode(t);
    const before = node.snapshot();
    let isBroken = false;
    node.broken = (component, text) => {
      isBroken ||= component === 'kube-apiserver' && text === kubeadmFile('1.37.2', 'kube-apiserver.traced');
      return isBroken;
    };
    const ran = await runOn(node, 'apply');
    assert.deepEqual([ran.code, ran.reason], [1, 'RollbackFailed']);
    assert.match(ran.hint, /\/etc\/kubernetes\/kubectl-trace; run setup kubeadm --undo/);
    assert.equal(node.read('kube-apiserver'), kubeadmFile('1.37.2', 'kube-apiserver'));
    node.broken = () => false;
    assert.equal((await runOn(node, 'undo')).code, 0);
    assert.deepEqual(node.snapshot(), before);
  });

  test('after a kill in the middle: the next apply restores the bytes from before the first one', async (t) => {
    const node = newNode(t);
    const before = node.snapshot();
    const operations = new Operations(1, 'kill', /^rename \/etc\/kubernetes\/manifests\//);
    await runOn(node, 'apply', { files: operations.files, killed: operations.killed });
    assert.equal(node.read('etcd'), kubeadmFile('1.37.2', 'etcd.traced'));
    node.broken = (component, text) => component === 'kube-apiserver' && text.includes('tracing');
    assert.equal((await runOn(node, 'apply')).reason, 'RolledBack');
    assert.deepEqual(node.snapshot(), before);
  });
});

test('Ctrl-C while a component restarts restores the manifests', async (t) => {
  const node = newNode(t);
  const before = node.snapshot();
  const controller = new AbortController();
  const operations = new Operations();
  const files: typeof operations.files = (real) => ({
    ...real,
    rename: async (from, to) => {
      await real.rename(from, to);
      if (to.endsWith('/kube-apiserver.yaml') && to.includes('/manifests/') && from.endsWith('new')) controller.abort();
    },
  });
  const ran = await runOn(node, 'apply', { files, interrupted: controller.signal });
  assert.deepEqual([ran.code, ran.reason], [130, 'RolledBack']);
  assert.deepEqual(node.snapshot(), before);
});
