import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  addToConfiguration,
  removeFromConfiguration,
} from '../../../../src/control-plane/kubeadm/cluster-configuration.ts';
import { EditRefused } from '../../../../src/control-plane/kubeadm/layout.ts';
import {
  apiserverTracing,
  etcdTracing,
  hasConfiguration,
  kubeadmFile,
  recordedKubeadms,
  tracedPods,
} from '../../../support/kubeadm-manifests.ts';

const pods = [etcdTracing('1.37.2'), apiserverTracing];

/** As kubeadm stores it, with other arguments where they are given. */
const configuration = (version: string, apiServer = 'apiServer: {}\n', local = ''): string =>
  `${apiServer}apiVersion: kubeadm.k8s.io/${version}
clusterName: kubernetes
etcd:
  local:
    dataDir: /var/lib/etcd
${local}kind: ClusterConfiguration
scheduler: {}
`;

for (const version of recordedKubeadms.filter(hasConfiguration)) {
  test(`the configuration that kubeadm ${version} stores is edited and restored`, () => {
    const text = kubeadmFile(version, 'ClusterConfiguration');
    const own = tracedPods(version);
    const once = addToConfiguration(text, own);
    assert.equal(addToConfiguration(once, own), once);
    assert.equal(removeFromConfiguration(once, own), text);
  });
}

suite('extraArgs of each version', () => {
  test('a list since v1beta4', () => {
    for (const version of ['v1beta4', 'v1']) {
      assert.equal(
        addToConfiguration(configuration(version), pods),
        configuration(
          version,
          `apiServer:
  extraArgs:
  - name: tracing-config-file
    value: /etc/kubernetes/tracing/config.yaml
  extraVolumes:
  - hostPath: /etc/kubernetes/tracing
    mountPath: /etc/kubernetes/tracing
    name: tracing
    pathType: Directory
    readOnly: true
`,
          `    extraArgs:
    - name: enable-distributed-tracing
      value: "true"
    - name: distributed-tracing-address
      value: "127.0.0.1:4317"
    - name: distributed-tracing-service-name
      value: etcd
`,
        ),
      );
    }
  });

  test('a mapping in v1beta3', () => {
    assert.equal(
      addToConfiguration(configuration('v1beta3'), pods),
      configuration(
        'v1beta3',
        `apiServer:
  extraArgs:
    tracing-config-file: /etc/kubernetes/tracing/config.yaml
  extraVolumes:
  - hostPath: /etc/kubernetes/tracing
    mountPath: /etc/kubernetes/tracing
    name: tracing
    pathType: Directory
    readOnly: true
`,
        `    extraArgs:
      enable-distributed-tracing: "true"
      distributed-tracing-address: "127.0.0.1:4317"
      distributed-tracing-service-name: etcd
`,
      ),
    );
  });
});

const others: readonly (readonly [title: string, text: string])[] = [
  [
    'arguments of others in a list',
    configuration(
      'v1beta4',
      'apiServer:\n  extraArgs:\n  - name: v\n    value: "4" # ticket 12\n  timeoutForControlPlane: 4m0s\n',
    ),
  ],
  [
    'arguments of others in a mapping',
    configuration('v1beta3', 'apiServer:\n  extraArgs:\n    authorization-mode: Node,RBAC\n    v: "4"\n'),
  ],
  [
    'volumes of others',
    configuration('v1beta4', 'apiServer:\n  extraVolumes:\n  - hostPath: /x\n    mountPath: /x\n    name: x\n'),
  ],
  [
    'etcd with arguments of others',
    configuration('v1beta4', 'apiServer: {}\n', '    extraArgs:\n    - name: quota-backend-bytes\n      value: "8"\n'),
  ],
];
for (const [title, text] of others) {
  test(`${title} stay, and the removal restores the text`, () => {
    const once = addToConfiguration(text, pods);
    assert.notEqual(once, text);
    assert.equal(addToConfiguration(once, pods), once);
    assert.equal(removeFromConfiguration(once, pods), text);
    const lines = once.split('\n');
    assert.deepEqual(
      text.split('\n').filter((line) => !lines.includes(line)),
      title.startsWith('etcd') ? ['apiServer: {}'] : [],
    );
  });
}

test('an empty configuration without the component gets it; what has changed in between stays after a removal', () => {
  const once = addToConfiguration(configuration('v1beta4', ''), [apiserverTracing]);
  assert.match(once, /^apiServer:\n {2}extraArgs:\n/);
  const upgraded = once.replace('clusterName: kubernetes', 'clusterName: other');
  assert.equal(
    removeFromConfiguration(upgraded, [apiserverTracing]),
    configuration('v1beta4').replace('kubernetes\n', 'other\n'),
  );
});

const refused: readonly (readonly [title: string, text: string, reason: RegExp])[] = [
  [
    'another value',
    configuration('v1beta4', 'apiServer:\n  extraArgs:\n  - name: tracing-config-file\n    value: /x\n'),
    /already has another "tracing-config-file"/,
  ],
  [
    'another value in a mapping',
    configuration('v1beta3', 'apiServer:\n  extraArgs:\n    tracing-config-file: /x\n'),
    /already has another/,
  ],
  ['a version of the future', configuration('v2'), /version "kubeadm\.k8s\.io\/v2" is not known/],
  [
    'another kind',
    configuration('v1').replace('ClusterConfiguration', 'InitConfiguration'),
    /not a ClusterConfiguration/,
  ],
  ['brackets', configuration('v1', 'apiServer: {timeoutForControlPlane: 4m0s}\n'), /in brackets/],
];
for (const [title, text, reason] of refused) {
  test(`refused, with the reason: ${title}`, () => {
    assert.throws(
      () => addToConfiguration(text, pods),
      (error) => error instanceof EditRefused && reason.test(error.message),
    );
  });
}
