import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { EditRefused } from '../../../../src/control-plane/kubeadm/layout.ts';
import { addressOf, hasTracing, planNode, readManifest } from '../../../../src/control-plane/kubeadm/plan.ts';
import { addTracing } from '../../../../src/control-plane/kubeadm/static-pod.ts';
import { unifiedDiff } from '../../../../src/control-plane/kubeadm/unified-diff.ts';
import { apiserverTracing, ENDPOINT, etcdTracing, kubeadmFile } from '../../../support/kubeadm-manifests.ts';

const apiserver = readManifest(kubeadmFile('1.37.2', 'kube-apiserver'), 'kube-apiserver');
const etcd = readManifest(kubeadmFile('1.37.2', 'etcd'), 'etcd');
const options = { endpoint: ENDPOINT, samplingRate: undefined };
const at = (minor: number) => ({ ...apiserver, version: { major: 1, minor, patch: 0 } });

test('a node of 1.37 gets the flags of its versions and a TracingConfiguration v1', () => {
  const { pods, configuration, apiserverAddress } = planNode(apiserver, etcd, options);
  assert.deepEqual(pods, [etcdTracing('1.37.2'), apiserverTracing]);
  assert.equal(
    configuration,
    'apiVersion: apiserver.config.k8s.io/v1\nkind: TracingConfiguration\nendpoint: "127.0.0.1:4317"\nsamplingRatePerMillion: 0\n',
  );
  assert.equal(apiserverAddress, '10.213.0.1:6443');
  assert.equal(addressOf(etcd), 'https://10.213.0.1:2379');
});

test('a node of 1.30 with etcd 3.5 gets the experimental flags, v1beta1 and every request', () => {
  const earlier = { ...etcd, version: { major: 3, minor: 5, patch: 16 } };
  const { pods, configuration } = planNode(at(30), earlier, options);
  assert.deepEqual(pods[0], etcdTracing('1.30.0'));
  assert.match(configuration, /config\.k8s\.io\/v1beta1\n.*\n.*\nsamplingRatePerMillion: 1000000\n/);
});

test('without etcd on the node only kube-apiserver is changed', () => {
  assert.deepEqual(planNode(apiserver, undefined, options).pods, [apiserverTracing]);
});

test('refused: versions that do not trace, and images without a version', () => {
  const refusal = (run: () => unknown, reason: RegExp): void =>
    assert.throws(run, (error) => error instanceof EditRefused && reason.test(error.message));
  refusal(() => planNode(at(26), etcd, options), /alpha, behind a feature gate/);
  refusal(() => planNode({ ...apiserver, version: undefined }, etcd, options), /give --kubernetes-version/);
  refusal(() => planNode(apiserver, { ...etcd, version: undefined }, options), /give --etcd-version/);
  refusal(
    () => planNode(apiserver, { ...etcd, version: { major: 3, minor: 4, patch: 0 } }, options),
    /3\.5 is the first/,
  );
  refusal(() => planNode({ ...apiserver, annotations: {} }, etcd, options), /no annotation/);
  refusal(() => readManifest(kubeadmFile('1.37.2', 'etcd'), 'kube-apiserver'), /no container kube-apiserver/);
});

test('a pod has tracing when it has every flag with its value', () => {
  const traced = readManifest(kubeadmFile('1.37.2', 'etcd.traced'), 'etcd');
  assert.equal(hasTracing(traced, etcdTracing('1.37.2')), true);
  assert.equal(hasTracing(etcd, etcdTracing('1.37.2')), false);
  assert.equal(
    hasTracing(traced, { component: 'etcd', flags: [['distributed-tracing-address', '10.0.0.9:4317']] }),
    false,
  );
});

test('the version and the flags are those of the container that is edited, not of another one with the same program', () => {
  const text = kubeadmFile('1.37.2', 'etcd').replace(
    '  containers:\n',
    `  containers:
  - command:
    - etcd
    - --listen-metrics-urls=http://127.0.0.1:1
    image: registry.test/etcd:3.4.1
    name: probe
`,
  );
  const pod = readManifest(text, 'etcd');
  assert.deepEqual(pod.version, readManifest(kubeadmFile('1.37.2', 'etcd'), 'etcd').version);
  assert.equal(hasTracing(readManifest(addTracing(text, etcdTracing('1.37.2')), 'etcd'), etcdTracing('1.37.2')), true);
});

test('a diff shows the lines that differ, as diff -u prints them', () => {
  const [before, after] = [kubeadmFile('1.37.2', 'etcd'), kubeadmFile('1.37.2', 'etcd.traced')];
  assert.equal(
    unifiedDiff('/etc/kubernetes/manifests/etcd.yaml', before, after),
    `--- /etc/kubernetes/manifests/etcd.yaml
+++ /etc/kubernetes/manifests/etcd.yaml
@@ -31,6 +31,9 @@
     - --snapshot-count=10000
     - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
     - --watch-progress-notify-interval=5s
+    - --enable-distributed-tracing=true
+    - --distributed-tracing-address=127.0.0.1:4317
+    - --distributed-tracing-service-name=etcd
     image: registry.test/etcd:3.7.3-0
     imagePullPolicy: IfNotPresent
     livenessProbe:
`,
  );
  assert.equal(unifiedDiff('a', 'x\n', 'x\n'), '');
  assert.equal(unifiedDiff('a', '', 'x\ny\n'), '--- /dev/null\n+++ a\n@@ -0,0 +1,2 @@\n+x\n+y\n');
  assert.equal(unifiedDiff('a', 'x\ny\nz\n', 'x\nz\n'), '--- a\n+++ a\n@@ -1,3 +1,2 @@\n x\n-y\n z\n');
});

test('a diff of large texts needs memory for the lines alone, and names each changed line', () => {
  // In a process with a small heap: a table of both texts does not fit into it.
  const program = `
    import { unifiedDiff } from ${JSON.stringify(new URL('../../../../src/control-plane/kubeadm/unified-diff.ts', import.meta.url).href)};
    const comments = (word) => Array.from({ length: 60_000 }, (_, line) => '# ' + word + ' ' + line + '\\n').join('');
    const few = unifiedDiff('a', 'x\\n' + comments('old') + 'y\\n', 'x\\nfirst\\n' + comments('old') + 'last\\ny\\n');
    const all = unifiedDiff('a', comments('old'), comments('new')).split('\\n');
    console.log(JSON.stringify([few, all.length, all.slice(0, 4), all.slice(-3)]));
  `;
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=128', '--input-type=module', '--eval', program],
    { encoding: 'utf8', maxBuffer: 1e6, env: {} },
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), [
    `--- a
+++ a
@@ -1,4 +1,5 @@
 x
+first
 # old 0
 # old 1
 # old 2
@@ -59999,4 +60000,5 @@
 # old 59997
 # old 59998
 # old 59999
+last
 y
`,
    120_004,
    ['--- a', '+++ a', '@@ -1,60000 +1,60000 @@', '-# old 0'],
    ['+# new 59998', '+# new 59999', ''],
  ]);
});
