import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from '../../../../src/commands/parse.ts';
import type { SetupTask } from '../../../../src/commands/setup/arguments.ts';
import { UsageError } from '../../../../src/errors.ts';

const task = (line: string): SetupTask => {
  const { invocation } = parse(['setup', ...line.split(' ').filter((word) => word !== '')], {});
  assert.ok(invocation.kind === 'setup');
  return invocation.task;
};

const defaults = {
  endpoint: undefined,
  samplingRate: undefined,
  kubeletSamplingRate: 1_000_000,
  kubernetesVersion: undefined,
  etcdVersion: undefined,
};

suite('setup', () => {
  test('detects the kind of cluster without one', () => {
    assert.deepEqual(task(''), { kind: 'files', setup: undefined, options: defaults });
  });

  test('takes a kind with its endpoint, rates and versions', () => {
    assert.deepEqual(
      task('k3s --endpoint [fd00::1]:4317 --sampling-rate 5 --kubelet-sampling-rate 0 --kubernetes-version v1.33.1'),
      {
        kind: 'files',
        setup: 'k3s',
        options: {
          ...defaults,
          endpoint: '[fd00::1]:4317',
          samplingRate: 5,
          kubeletSamplingRate: 0,
          kubernetesVersion: { major: 1, minor: 33, patch: 1 },
        },
      },
    );
  });

  test('takes a backend, an identity and a reader of metrics', () => {
    assert.deepEqual(task('backend jaeger'), { kind: 'backend', backend: 'jaeger', image: undefined });
    assert.deepEqual(task('backend serve --image r:5000/x@sha256:0a'), {
      kind: 'backend',
      backend: 'serve',
      image: 'r:5000/x@sha256:0a',
    });
    assert.deepEqual(task('identity -y --duration 1h'), {
      kind: 'identity',
      name: 'kubectl-trace',
      duration: 3_600e9,
      undo: false,
      yes: true,
    });
    assert.deepEqual(task('metrics-reader --subject group:sre --apply'), {
      kind: 'metrics-reader',
      subject: { kind: 'Group', name: 'sre' },
      apply: true,
      undo: false,
      yes: false,
    });
  });

  const refused: readonly (readonly [line: string, message: RegExp])[] = [
    ['kubeadmin', /^unknown kind of cluster "kubeadmin"/],
    ['kubeadm extra', /^unexpected argument "extra"/],
    ['--kubernetes-version 1.33', /^You must give the kind of cluster/],
    ['kind --kubernetes-version newest', /must be a version such as 1\.33\.1/],
    ['kind --kubernetes-version=', /^invalid argument "" for "--kubernetes-version" flag: must be a version/],
    ['kind --etcd-version=', /must be a version/],
    ['kind --endpoint jaeger.tracing.svc:4317', /name of the cluster's DNS/],
    ['kind --endpoint https://x:4317', /no TLS/],
    ['kind --endpoint 10.0.0.1', /has no port/],
    ['kind --endpoint unix:///run/x.sock', /must be HOST:PORT/],
    ['kind --sampling-rate 1000001', /from 0 to 1000000/],
    ['kind --sampling-rate -1', /from 0 to 1000000/],
    ['backend', /^You must give a backend/],
    ['backend tempo', /^unknown backend "tempo"/],
    ['backend serve', /needs --image/],
    ['backend serve --image r:5000/x', /^--image r:5000\/x must have a tag other than "latest", or a digest$/],
    ['backend jaeger --image r/x:latest', /must have a tag/],
    ['backend jaeger --image $(x)', /must be the name of an image/],
    ['identity --duration 1m', /at least 10m/],
    ['identity --tracer-name ../x', /lower-case letters/],
    ['identity --endpoint 10.0.0.1:4317', /^--endpoint is not for this/],
    ['metrics-reader --subject alice', /user:NAME or group:NAME/],
    ['kind --undo', /^--undo is not for this/],
    ['kubeadm --apply --undo', /cannot be used together/],
    ['metrics-reader --apply --undo --yes', /^--apply and --undo cannot be used together$/],
    ['kubeadm --apply --rootfs host', /must be an absolute path/],
    ['kubeadm --dry-run=server', /must be client or none/],
  ];
  for (const [line, message] of refused) {
    test(`refuses ${line}`, () => {
      assert.throws(
        () => task(line),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});

for (const line of ['kind --dry-run', 'kind --undo', 'k3s --apply']) {
  test(`says that nothing is changed without ${line}`, () => {
    assert.throws(
      () => task(line),
      (error) =>
        error instanceof UsageError && /^setup k\w+ prints files and commands, and changes nothing; /.test(error.hint!),
    );
  });
}

test('a misspelt kind is suggested', () => {
  assert.throws(
    () => task('kubeamd'),
    (error) => error instanceof UsageError && error.hint === 'Did you mean "kubeadm"?',
  );
});
