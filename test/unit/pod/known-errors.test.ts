import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { explain } from '../../../src/pod/errors/known-error.ts';
import { NETWORK_ERRORS } from '../../../src/pod/errors/network-errors.ts';
import { PULL_ERRORS } from '../../../src/pod/errors/pull-errors.ts';
import { RUNTIME_ERRORS } from '../../../src/pod/errors/runtime-errors.ts';
import { START_ERRORS } from '../../../src/pod/errors/start-errors.ts';
import { VOLUME_ERRORS } from '../../../src/pod/errors/volume-errors.ts';
import { ERROR_TABLES, exampleContext } from '../../support/kubelet-tables.ts';
import { drawSnapshot } from '../../support/pod-snapshot.ts';

const context = exampleContext(drawSnapshot({}));

suite('a known error text', () => {
  for (const [step, errors] of Object.entries(ERROR_TABLES)) {
    for (const [index, { example }] of errors.entries()) {
      test(`${step}: ${example} matches its own entry, not an earlier one`, () => {
        assert.equal(
          errors.findIndex(({ pattern }) => pattern.test(example)),
          index,
        );
      });
    }
  }
});

/** Texts as runtimes write them, and what has to be said. */
const TEXTS: readonly (readonly [table: typeof PULL_ERRORS, text: string, words: RegExp, owner: string])[] = [
  [
    PULL_ERRORS,
    'failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.test/token: 429 Too Many Requests',
    /429/,
    'registry',
  ],
  [
    PULL_ERRORS,
    'failed to do request: Head "https://reg.test/v2/a/manifests/1": proxyconnect tcp: dial tcp: lookup proxy.test on 10.96.0.10:53: no such host',
    /the proxy of the runtime of node NODE cannot be used: .*proxy\.test/,
    'cluster-admin',
  ],
  [
    PULL_ERRORS,
    'failed to do request: Head "https://reg.test/v2/a/manifests/1": Forbidden',
    /the proxy .* does not let it reach the registry \(Forbidden\)/,
    'cluster-admin',
  ],
  [
    PULL_ERRORS,
    'initializing source docker://reg.test/a:1: pinging container registry reg.test: Get "https://reg.test/v2/": Proxy Authentication Required',
    /the proxy .*\(Proxy Authentication Required\)/,
    'cluster-admin',
  ],
  [
    PULL_ERRORS,
    'Head "https://reg.test/v2/a/manifests/1": unexpected status from HEAD request to https://reg.test/v2/a/manifests/1: 503 Service Unavailable',
    /the registry fails with 503 Service Unavailable/,
    'registry',
  ],
  [
    PULL_ERRORS,
    'not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image',
    /manifest of schema 1/,
    'author',
  ],
  [
    PULL_ERRORS,
    'failed commit on ref "layer-sha256:c": "layer-sha256:c" failed size validation: 12 != 56: failed precondition',
    /does not match the manifest/,
    'registry',
  ],
  [
    PULL_ERRORS,
    'failed commit on ref "layer-sha256:c": commit failed: rename a b: read-only file system',
    /cannot store or unpack it/,
    'cluster-admin',
  ],
  [
    VOLUME_ERRORS,
    'Output: mount: /x: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.',
    /lacks the mount helper/,
    'cluster-admin',
  ],
  [
    VOLUME_ERRORS,
    'MountVolume.SetUp failed for volume "kube-api-access-x" : [object "shop"/"kube-root-ca.crt" not registered, failed to fetch token: serviceaccounts "web" not found]',
    /there is no ServiceAccount web/,
    'author',
  ],
  [
    NETWORK_ERRORS,
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
    /node NODE has no free IP address/,
    'cluster-admin',
  ],
  [
    NETWORK_ERRORS,
    'plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.254',
    /node NODE has no free IP address for the pod: no IP addresses available in range set: 10\.244/,
    'cluster-admin',
  ],
  [
    NETWORK_ERRORS,
    'Multus: [shop/web/1]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (macvlan) in namespace (shop): not found',
    /there is no NetworkAttachmentDefinition macvlan/,
    'author',
  ],
  [
    PULL_ERRORS,
    'dial tcp: lookup reg.test on [fd00::a]:53: server misbehaving',
    /reg\.test does not resolve \(server misbehaving, DNS server \[fd00::a\]\)/,
    'author',
  ],
  [
    PULL_ERRORS,
    'Get "https://reg.test/v2/": dial tcp: lookup reg.test on 10.96.0.10:53: read udp 10.0.0.1:4711->10.96.0.10:53: i/o timeout',
    /reg\.test does not resolve \(i\/o timeout, DNS server 10\.96\.0\.10\)/,
    'author',
  ],
  [
    PULL_ERRORS,
    'failed to do request: Head "https://reg.test/v2/a/manifests/1": dial tcp 203.0.113.9:443: connect: connection refused',
    /cannot be reached, or stopped sending \(connection refused\)/,
    'registry',
  ],
  [
    PULL_ERRORS,
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    /context deadline exceeded/,
    'registry',
  ],
  [PULL_ERRORS, 'reading manifest 1 in reg.test/web: manifest unknown', /the registry has no IMAGE/, 'author'],
  [PULL_ERRORS, 'reg.test/web:1: not found', /the registry has no IMAGE/, 'author'],
  [
    PULL_ERRORS,
    'failed to extract layer sha256:aa: mount callback failed on /tmp/x: unlinkat: operation not permitted: unknown',
    /cannot store or unpack it: .*operation not permitted/,
    'cluster-admin',
  ],
  [
    PULL_ERRORS,
    'unexpected status from HEAD request to https://reg.test/v2/a/manifests/1: 502 Bad Gateway',
    /fails with 502 Bad Gateway/,
    'registry',
  ],
  [
    RUNTIME_ERRORS,
    'failed to reserve sandbox name "web_shop_1_0": name "web_shop_1_0" is reserved for "aa"',
    /still holds the name/,
    'cluster-admin',
  ],
  [
    RUNTIME_ERRORS,
    'runc create failed: unable to apply cgroup configuration: mkdir /sys/fs/cgroup/x: no space left on device',
    /the cgroup cannot be created: .*no space left on device/,
    'cluster-admin',
  ],
  [
    RUNTIME_ERRORS,
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/crio/crio.sock: connect: no such file or directory"',
    /is not running/,
    'cluster-admin',
  ],
  [RUNTIME_ERRORS, 'seccomp: config provided but seccomp not supported', /seccomp profile cannot be applied/, 'author'],
  [
    START_ERRORS,
    'exec: "/bin/server": stat /bin/server: no such file or directory: unknown',
    /does not have the program/,
    'author',
  ],
  [START_ERRORS, 'exec /app: exec format error', /not built for linux\/amd64/, 'author'],
  [
    START_ERRORS,
    'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root',
    /runAsNonRoot forbids/,
    'author',
  ],
  [
    VOLUME_ERRORS,
    'Multi-Attach error for volume "pvc-2" Volume is already used by pod(s) web-0, web-1 and 1 pod(s) in different namespaces',
    /pvc-2 .* pod\(s\) web-0, web-1 and 1 pod\(s\) in different namespaces/,
    'author',
  ],
  [
    VOLUME_ERRORS,
    'AttachVolume.Attach failed for volume "pvc-1" : CSINode n1 does not contain driver csi.test',
    /driver is not registered on node NODE/,
    'cluster-admin',
  ],
  [
    RUNTIME_ERRORS,
    'failed to create fsnotify watcher: no space left on device',
    /limit of its kernel/,
    'cluster-admin',
  ],
  [
    RUNTIME_ERRORS,
    'mkdir /var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/new-1: no space left on device',
    /the disk of node NODE is full/,
    'cluster-admin',
  ],
  [
    PULL_ERRORS,
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
    /the runtime of node NODE is not running/,
    'cluster-admin',
  ],
];

suite('an error text of a runtime or a driver', () => {
  for (const [table, text, words, owner] of TEXTS) {
    test(text, () => {
      const found = explain(table, text, context);
      assert.match(found?.message ?? 'nothing', words);
      assert.equal(found?.owner, owner);
    });
  }

  test('with a known word only in a path does not match that word', () => {
    const text = 'failed to stat "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/x": input/output error';
    assert.equal(explain(RUNTIME_ERRORS, text, context), undefined);
  });

  test('a failed lookup of a host other than the registry blames a mirror or proxy, not the image name', () => {
    const who = (host: string): string | undefined =>
      explain(PULL_ERRORS, `dial tcp: lookup ${host}: no such host`, { ...context, image: 'reg.test/web:1' })?.who;
    assert.match(who('reg.test') ?? '', /image name/);
    assert.match(who('proxy.test') ?? '', /mirror or proxy/);
  });

  test('without a table entry has no explanation', () => {
    for (const errors of Object.values(ERROR_TABLES))
      assert.equal(explain(errors, 'the moon is full', context), undefined);
  });

  test('a command to change the image name is suggested only if the name may be wrong', () => {
    const inDoubt = (text: string): boolean => explain(PULL_ERRORS, text, context)?.nameInDoubt === true;
    assert.equal(inDoubt('manifest unknown'), true);
    assert.equal(inDoubt('pull QPS exceeded'), false);
    assert.equal(inDoubt('no space left on device'), false);
    assert.equal(inDoubt('no match for platform in manifest: not found'), false);
  });

  test('an image name with shell syntax is quoted in commands', () => {
    const evil = { ...context, image: 'a;reboot' };
    const next = explain(PULL_ERRORS, 'no match for platform in manifest: not found', evil)?.next ?? [];
    assert.equal(next[0]?.command, "docker manifest inspect 'a;reboot'");
  });
});
