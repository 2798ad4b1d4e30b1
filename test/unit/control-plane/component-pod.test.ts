import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { componentPod, flagsOf, isMounted } from '../../../src/control-plane/component-pod.ts';

/** As kubeadm 1.33 writes it, shortened. */
const pod = {
  metadata: { name: 'etcd-one', namespace: 'kube-system', annotations: { 'kubernetes.io/config.mirror': 'abc' } },
  spec: {
    nodeName: 'one',
    hostNetwork: true,
    containers: [
      {
        name: 'etcd',
        image: 'registry.k8s.io/etcd:3.5.24-0',
        command: ['etcd', '--data-dir=/var/lib/etcd', '--experimental-enable-distributed-tracing=true'],
        volumeMounts: [{ mountPath: '/var/lib/etcd', name: 'etcd-data' }],
      },
    ],
    volumes: [{ name: 'etcd-data', hostPath: { path: '/var/lib/etcd', type: 'DirectoryOrCreate' } }],
  },
};

suite('a pod of the control plane', () => {
  test('has its component, version, flags and mounts', () => {
    const found = componentPod(pod)!;
    assert.deepEqual([found.component, found.node, found.hostNetwork], ['etcd', 'one', true]);
    assert.deepEqual(found.version, { major: 3, minor: 5, patch: 24 });
    assert.equal(found.flags.get('experimental-enable-distributed-tracing'), 'true');
    assert.deepEqual(found.mounts, [{ mountPath: '/var/lib/etcd', hostPath: '/var/lib/etcd' }]);
  });

  test('is known by its program where the container has another name', () => {
    const container = { name: 'main', command: ['/usr/local/bin/kube-apiserver', '--v=2'] };
    assert.equal(componentPod({ spec: { containers: [container] } })?.component, 'kube-apiserver');
  });

  test('is no other pod', () => {
    const scheduler = { spec: { containers: [{ name: 'kube-scheduler', command: ['kube-scheduler'] }] } };
    for (const other of [scheduler, {}, null, 'text', { spec: { containers: [null, 'text'] } }]) {
      assert.equal(componentPod(other), undefined);
    }
  });
});

test('flags are read in each form that Go accepts', () => {
  const words = ['etcd', '--a=1', '-b=2', '--c', '3', '--d', '--e=', '--f=x=y', 'free'];
  assert.deepEqual(Object.fromEntries(flagsOf(words)), { a: '1', b: '2', c: '3', d: 'true', e: '', f: 'x=y' });
});

test('a file is mounted alone or inside its folder, not beside it', () => {
  const mounts = [
    { mountPath: '/etc/kubernetes/tracing', hostPath: undefined },
    { mountPath: '/etc/one.yaml', hostPath: undefined },
  ];
  const isIn = (path: string): boolean => isMounted({ mounts }, path);
  assert.deepEqual(
    [isIn('/etc/kubernetes/tracing/config.yaml'), isIn('/etc/one.yaml'), isIn('/etc/kubernetes/tracing-2/config.yaml')],
    [true, true, false],
  );
});
