import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { parse } from '../../../../../src/commands/parse.ts';
import { addTracing } from '../../../../../src/control-plane/kubeadm/static-pod.ts';
import { apiserverTracing, kubeadmFile } from '../../../../support/kubeadm-manifests.ts';
import { SimulatedNode } from '../../../../support/simulated-node.ts';
import { runOn } from './fixture.ts';

function newNode(t: TestContext): SimulatedNode {
  const node = new SimulatedNode();
  t.after(() => node.remove());
  return node;
}

test('an apply prints what it did, how to undo it, and a second one changes nothing', async (t) => {
  const node = newNode(t);
  const first = await runOn(node, 'apply');
  assert.equal(first.code, 0, first.message);
  assert.equal(
    first.stdout,
    `/etc/kubernetes/tracing/config.yaml configured
/etc/kubernetes/manifests/etcd.yaml configured
/etc/kubernetes/manifests/kube-apiserver.yaml configured
configmap/kubeadm-config configured
undo: kubectl trace setup kubeadm --undo
before a control-plane node joins: copy /etc/kubernetes/tracing to it
`,
  );
  const state = node.snapshot();
  for (const component of ['etcd', 'kube-apiserver'] as const) {
    assert.equal(node.read(component), kubeadmFile('1.37.2', `${component}.traced`));
  }
  const second = await runOn(node, 'apply');
  assert.equal(second.code, 0);
  assert.match(
    second.stdout,
    /etcd\.yaml unchanged\n.*kube-apiserver\.yaml unchanged\nconfigmap\/kubeadm-config unchanged\n/,
  );
  assert.deepEqual(node.snapshot(), state);
});

test('backups and journal are outside the manifests folder, and only root reads them', async (t) => {
  const node = newNode(t);
  await runOn(node, 'apply');
  const own = Object.entries(node.snapshot()).filter(([path]) => path.includes('kubectl-trace'));
  assert.deepEqual(
    own.map(([path, state]) => [path, state.split(' ')[state.startsWith('folder') ? 1 : 0]]),
    [
      ['etc/kubernetes/kubectl-trace', '700'],
      ['etc/kubernetes/kubectl-trace/etcd.yaml', '600'],
      ['etc/kubernetes/kubectl-trace/journal.json', '600'],
      ['etc/kubernetes/kubectl-trace/kube-apiserver.yaml', '600'],
    ],
  );
});

test('the folder and the file of the configuration are readable with any umask', async (t) => {
  const node = newNode(t);
  const before = process.umask(0o077);
  t.after(() => process.umask(before));
  assert.equal((await runOn(node, 'apply')).code, 0);
  const { 'etc/kubernetes/tracing': folder, 'etc/kubernetes/tracing/config.yaml': file } = node.snapshot();
  assert.deepEqual([folder, file!.split(' ')[0]], ['folder 755', '644']);
});

test('a dry run prints the difference and changes nothing, and so does that of an undo', async (t) => {
  const node = newNode(t);
  const before = node.snapshot();
  const { stdout, code } = await runOn(node, 'apply', { dryRun: true });
  assert.equal(code, 0);
  assert.match(stdout, /^--- \/dev\/null\n\+\+\+ \/etc\/kubernetes\/tracing\/config\.yaml\n/);
  assert.match(stdout, /\n\+ {4}- --tracing-config-file=\/etc\/kubernetes\/tracing\/config\.yaml\n/);
  assert.match(stdout, /\n\+ {4}- --distributed-tracing-address=127\.0\.0\.1:4317\n/);
  assert.match(stdout, /\n--- configmap\/kubeadm-config ClusterConfiguration\n/);
  assert.deepEqual(node.snapshot(), before);
  await runOn(node, 'apply');
  const after = node.snapshot();
  const undo = await runOn(node, 'undo', { dryRun: true });
  assert.match(undo.stdout, /\n- {4}- --tracing-config-file=/);
  assert.deepEqual(node.snapshot(), after);
});

suite('several control-plane nodes', () => {
  test('kubeadm-config is changed with the last one, and the others are named', async (t) => {
    const node = newNode(t);
    node.others.set('lab2', false).set('lab3', true);
    const before = node.configuration;
    const first = await runOn(node, 'apply');
    assert.match(first.stdout, /kubeadm-config unchanged: it is changed with the last control-plane node\n/);
    assert.match(first.stdout, /\nnext, on lab2: kubectl trace setup kubeadm --apply --endpoint 127\.0\.0\.1:4317\n/);
    assert.doesNotMatch(first.stdout, /on lab3/);
    assert.equal(node.configuration, before);
    node.others.set('lab2', true);
    assert.match((await runOn(node, 'apply')).stdout, /kubeadm-config configured\n/);
    assert.notEqual(node.configuration, before);
  });

  test('the command for the next one has the settings of this one', async (t) => {
    const node = newNode(t);
    node.others.set('lab2', false);
    const flags = '--sampling-rate=100 --etcd-version 3.7.3 --kubernetes-version 1.37.2 --restart-timeout 9m';
    const { invocation } = parse(['setup', 'kubeadm', '--apply', ...flags.split(' ')], {});
    assert.ok(invocation.kind === 'setup' && invocation.task.kind === 'kubeadm');
    const { repeated, samplingRate } = invocation.task;
    const { stdout } = await runOn(node, 'apply', { samplingRate: samplingRate!, repeated });
    assert.match(
      stdout,
      /\nnext, on lab2: kubectl trace setup kubeadm --apply --endpoint 127\.0\.0\.1:4317 --sampling-rate 100 --kubernetes-version 1\.37\.2 --etcd-version 3\.7\.3 --restart-timeout 9m\n/,
    );
  });

  test('an undo changes kubeadm-config with the last one that traces', async (t) => {
    const node = newNode(t);
    const before = node.configuration;
    node.others.set('lab2', true).set('lab3', true);
    await runOn(node, 'apply');
    const traced = node.configuration;
    assert.notEqual(traced, before);
    const dry = await runOn(node, 'undo', { dryRun: true });
    assert.doesNotMatch(dry.stdout, /kubeadm-config/);
    assert.match(dry.stderr, /kubeadm-config is not changed while other nodes trace: lab2, lab3/);
    const first = await runOn(node, 'undo');
    assert.match(first.stdout, /kubeadm-config unchanged: lab2, lab3 still trace; .* last control-plane node\n/);
    assert.equal(node.configuration, traced);
    // As the last node, which was set up before the ConfigMap was changed.
    node.others.set('lab2', false).set('lab3', false);
    node.configuration = before;
    await runOn(node, 'apply');
    node.configuration = traced;
    node.others.clear();
    assert.match((await runOn(node, 'undo')).stdout, /kubeadm-config configured\n/);
    assert.equal(node.configuration, before);
  });
});

suite('an undo reverts only what the apply has made', () => {
  /** A node that was set up by hand, with the printed lines. */
  const tracedByHand = async (t: TestContext): Promise<SimulatedNode> => {
    const node = newNode(t);
    await runOn(node, 'apply');
    rmSync(join(node.root, 'etc/kubernetes/kubectl-trace'), { recursive: true });
    return node;
  };

  test('nothing on a node that was traced by hand', async (t) => {
    const node = await tracedByHand(t);
    const [state, configuration] = [node.snapshot(), node.configuration];
    assert.equal((await runOn(node, 'apply')).code, 0);
    const ran = await runOn(node, 'undo');
    assert.equal(ran.code, 0, ran.message);
    assert.equal(
      ran.stdout,
      `/etc/kubernetes/manifests/etcd.yaml unchanged: it traced before the apply
/etc/kubernetes/manifests/kube-apiserver.yaml unchanged: it traced before the apply
configmap/kubeadm-config unchanged
`,
    );
    assert.equal(node.configuration, configuration);
    assert.deepEqual(node.snapshot(), state);
  });

  test('the ConfigMap alone, and the API server alone', async (t) => {
    const node = await tracedByHand(t);
    const original = kubeadmFile('1.37.2', 'ClusterConfiguration');
    node.configuration = original;
    writeFileSync(node.path('kube-apiserver'), kubeadmFile('1.37.2', 'kube-apiserver'));
    while (node.look() === undefined);
    const state = node.snapshot();
    await runOn(node, 'apply');
    assert.notEqual(node.configuration, original);
    assert.equal((await runOn(node, 'undo')).code, 0);
    assert.deepEqual(node.snapshot(), state);
    assert.equal(node.configuration, original);
  });

  test('not an argument of kubeadm-config that has another value since', async (t) => {
    const node = newNode(t);
    await runOn(node, 'apply');
    node.configuration = node.configuration!.replace('"127.0.0.1:4317"', '"10.0.0.9:4317"');
    assert.equal((await runOn(node, 'undo')).code, 0);
    assert.match(node.configuration, /- name: distributed-tracing-address\n +value: "10\.0\.0\.9:4317"\n/);
    assert.doesNotMatch(node.configuration, /enable-distributed-tracing|tracing-config-file/);
  });

  test('also when the manifest was edited, and the apply repeated', async (t) => {
    const node = newNode(t);
    await runOn(node, 'apply');
    const [traced, text] = [kubeadmFile('1.37.2', 'etcd.traced'), kubeadmFile('1.37.2', 'etcd')];
    for (const each of [traced, text]) node.know(`# ticket 12\n${each}`);
    writeFileSync(node.path('etcd'), `# ticket 12\n${traced}`);
    while (node.look() === undefined);
    assert.match((await runOn(node, 'apply')).stdout, /etcd\.yaml unchanged\n/);
    assert.equal((await runOn(node, 'undo')).code, 0);
    assert.equal(node.read('etcd'), `# ticket 12\n${text}`);
  });

  test('a missing backup is named, and the flags are removed', async (t) => {
    const node = newNode(t);
    await runOn(node, 'apply');
    rmSync(join(node.root, 'etc/kubernetes/kubectl-trace/etcd.yaml'));
    assert.match((await runOn(node, 'undo')).stdout, /etcd\.yaml edited: its backup is missing/);
    assert.equal(node.read('etcd'), kubeadmFile('1.37.2', 'etcd'));
  });
});

test('a repeated apply that fails takes the arguments out of kubeadm-config with the rest', async (t) => {
  const node = newNode(t);
  const [before, configuration] = [node.snapshot(), node.configuration];
  await runOn(node, 'apply');
  for (const component of ['etcd', 'kube-apiserver'] as const) {
    writeFileSync(node.path(component), kubeadmFile('1.37.2', component));
  }
  while (node.look() === undefined);
  node.broken = (component, text) => component === 'kube-apiserver' && text.includes('tracing');
  assert.equal((await runOn(node, 'apply')).reason, 'RolledBack');
  assert.deepEqual(node.snapshot(), before);
  assert.equal(node.configuration, configuration);
});

suite('kubeadm-config', () => {
  test('that another client changes meanwhile is read again', async (t) => {
    const node = newNode(t);
    let conflicts = 2;
    const onReplace = () => {
      if (conflicts-- <= 0) return undefined;
      node.configuration = node.configuration!.replace(/clusterName: .*/, `clusterName: c${conflicts}`);
      return 'conflict' as const;
    };
    assert.equal((await runOn(node, 'apply', { onReplace })).code, 0);
    assert.match(node.configuration!, /clusterName: c0\n/);
    assert.match(node.configuration!, /name: tracing-config-file/);
  });

  test('that does not exist, or is edited by hand, is reported, and the node traces', async (t) => {
    const without = newNode(t);
    without.configuration = undefined;
    assert.match((await runOn(without, 'apply')).stdout, /not found: kubeadm upgrade would remove the flags\n/);
    const edited = newNode(t);
    edited.configuration = edited.configuration!.replace('apiServer: {}', 'apiServer: {timeoutForControlPlane: 4m0s}');
    const ran = await runOn(edited, 'apply');
    assert.deepEqual([ran.code, ran.reason], [1, 'UnexpectedConfiguration']);
    assert.equal(edited.read('etcd'), kubeadmFile('1.37.2', 'etcd.traced'));
    assert.equal((await runOn(edited, 'undo')).code, 0);
    assert.equal(edited.read('etcd'), kubeadmFile('1.37.2', 'etcd'));
  });
});

suite('after kubeadm upgrade has written the manifests again', () => {
  const upgraded = (text: string): string => text.replace('v1.37.2', 'v1.37.3').replace('3.7.3-0', '3.7.4-0');

  test('an undo removes the flags alone, and not the new image', async (t) => {
    const node = newNode(t);
    await runOn(node, 'apply');
    for (const component of ['etcd', 'kube-apiserver'] as const) {
      const text = upgraded(node.read(component));
      for (const known of [text, upgraded(kubeadmFile('1.37.2', component))]) node.know(known);
      writeFileSync(node.path(component), text);
    }
    const ran = await runOn(node, 'undo');
    assert.equal(ran.code, 0, ran.message);
    assert.match(ran.stdout, /etcd\.yaml edited: another program has changed it since\n/);
    assert.equal(node.read('etcd'), upgraded(kubeadmFile('1.37.2', 'etcd')));
    assert.equal(node.read('kube-apiserver'), upgraded(kubeadmFile('1.37.2', 'kube-apiserver')));
  });

  test('without the flags: the next apply adds them again, and its undo restores the new bytes', async (t) => {
    const node = newNode(t);
    await runOn(node, 'apply');
    const text = upgraded(kubeadmFile('1.37.2', 'kube-apiserver'));
    node.know(text);
    node.know(addTracing(text, apiserverTracing));
    writeFileSync(node.path('kube-apiserver'), text);
    while (node.look() === undefined);
    const again = await runOn(node, 'apply');
    assert.equal(again.code, 0, again.message);
    assert.equal(node.read('kube-apiserver'), addTracing(text, apiserverTracing));
    assert.equal((await runOn(node, 'undo')).code, 0);
    assert.equal(node.read('kube-apiserver'), text);
  });
});

suite('refused, with nothing changed', () => {
  const refused = async (t: TestContext, prepare: (node: SimulatedNode) => void, reason: string, message: RegExp) => {
    const node = newNode(t);
    prepare(node);
    const before = node.snapshot();
    const ran = await runOn(node, 'apply');
    assert.deepEqual([ran.code, ran.reason], [reason === 'APIServerUnavailable' ? 1 : 2, reason], ran.message);
    assert.match(`${ran.message}\n${ran.hint}`, message);
    assert.deepEqual(node.snapshot(), before);
  };

  test('a manifest that was edited by hand in an unexpected way', (t) =>
    refused(
      t,
      (node) =>
        writeFileSync(node.path('kube-apiserver'), node.read('kube-apiserver').replace('- kube-apiserver', '- sh')),
      'UnexpectedManifest',
      /kube-apiserver\.yaml is not changed: its command does not begin with kube-apiserver\nnothing was changed/,
    ));

  test('a manifest that is a symbolic link', (t) =>
    refused(
      t,
      (node) => {
        renameSync(node.path('etcd'), join(node.root, 'etcd.yaml'));
        symlinkSync(join(node.root, 'etcd.yaml'), node.path('etcd'));
      },
      'UnexpectedManifest',
      /symbolic link/,
    ));

  test('a manifest with a byte that is not UTF-8, which could not be restored', (t) =>
    refused(
      t,
      (node) => {
        const text = Buffer.from(`${node.read('etcd')}# caf\u00e9\n`, 'latin1');
        writeFileSync(node.path('etcd'), text);
        node.know(text.toString());
      },
      'UnexpectedManifest',
      /etcd\.yaml is not changed: it is not UTF-8/,
    ));

  test('no control-plane node', (t) =>
    refused(t, (node) => rmSync(node.path('kube-apiserver')), 'NotAControlPlaneNode', /--rootfs \/host/));

  test('a TracingConfiguration of others', (t) =>
    refused(
      t,
      (node) => {
        mkdirSync(join(node.root, 'etc/kubernetes/tracing'));
        writeFileSync(join(node.root, 'etc/kubernetes/tracing/config.yaml'), 'kind: TracingConfiguration\n');
      },
      'UnexpectedFile',
      /exists, and has other settings/,
    ));

  test('an API server that does not respond', (t) =>
    refused(
      t,
      (node) => (node.broken = (component) => component === 'etcd'),
      'APIServerUnavailable',
      /10\.213\.0\.1:6443\nnothing was changed/,
    ));
});

test('other settings need an undo first; the undo without an apply says so', async (t) => {
  const node = newNode(t);
  assert.match((await runOn(node, 'undo')).stdout, /^nothing to undo: /);
  await runOn(node, 'apply');
  const state = node.snapshot();
  const others = [
    [{ endpoint: '10.0.0.5:4317' }, 'this node was set up with --endpoint 127.0.0.1:4317, not 10.0.0.5:4317'],
    [{ samplingRate: 100 }, 'this node was set up with --sampling-rate 0, not 100'],
    [
      { endpoint: '10.0.0.5:4317', samplingRate: 100 },
      'this node was set up with --endpoint 127.0.0.1:4317, not 10.0.0.5:4317, and --sampling-rate 0, not 100',
    ],
  ] as const;
  for (const [options, message] of others) {
    const ran = await runOn(node, 'apply', options);
    assert.deepEqual([ran.code, ran.reason, ran.message], [2, 'OtherSettings', message]);
    assert.match(ran.hint, /setup kubeadm --undo first/);
    assert.deepEqual(node.snapshot(), state);
  }
});

suite('without a journal', () => {
  const lostJournal = async (t: TestContext): Promise<SimulatedNode> => {
    const node = newNode(t);
    assert.equal((await runOn(node, 'apply')).code, 0);
    rmSync(join(node.root, 'etc/kubernetes/kubectl-trace/journal.json'));
    return node;
  };

  for (const action of ['undo', 'apply'] as const) {
    for (const dryRun of [false, true]) {
      test(`${action}${dryRun ? ' --dry-run' : ''} refuses, and leaves the only backups`, async (t) => {
        const node = await lostJournal(t);
        const state = node.snapshot();
        const ran = await runOn(node, action, { dryRun });
        assert.deepEqual([ran.code, ran.reason, ran.stdout], [2, 'JournalMissing', '']);
        assert.match(ran.message, /^\/etc\/kubernetes\/kubectl-trace\/journal\.json is missing, but .*\/etcd\.yaml /);
        assert.match(ran.hint, /^nothing was changed; .*mv .*etcd\.yaml \/etc\/kubernetes\/manifests\/etcd\.yaml/);
        assert.deepEqual(node.snapshot(), state);
      });
    }
  }

  test('the command in the hint restores the manifests, and the next run finds nothing to undo', async (t) => {
    const node = await lostJournal(t);
    for (const component of ['etcd', 'kube-apiserver'] as const) {
      const { hint } = await runOn(node, 'undo');
      const [, from = '', to = ''] = /mv (\S+) (\S+)/.exec(hint) ?? [];
      assert.match(to, new RegExp(`/${component}.yaml$`));
      renameSync(join(node.root, from), join(node.root, to));
      assert.equal(node.read(component), kubeadmFile('1.37.2', component));
    }
    assert.match((await runOn(node, 'undo')).stdout, /^nothing to undo: /);
  });
});
