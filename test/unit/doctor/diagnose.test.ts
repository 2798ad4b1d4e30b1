import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterKind } from '../../../src/control-plane/kind.ts';
import { diagnose } from '../../../src/doctor/diagnose.ts';
import type { ExportProblem } from '../../../src/doctor/export-log.ts';
import type { Observed } from '../../../src/doctor/observed.ts';
import { CAUSES, CHECK_IDS, type Cause, type CheckID, type CheckResult } from '../../../src/doctor/result.ts';
import { nanos } from '../../../src/trace/time.ts';
import {
  canary,
  etcdPod,
  lostCanary,
  none,
  observed,
  read,
  refused,
  serverPod,
  version,
} from '../../support/observed.ts';

const cluster = { username: 'jane', groups: ['kubeadm:cluster-admins', 'system:authenticated'] };
const admin = { identity: read(cluster) };
const unseen = { flagz: refused, pods: refused, exports: new Map() } as const;
const measured = (ours: number, untraced: number, others: number) => read({ ours, untraced, others });
const managed = (kind: ClusterKind): Partial<Observed> => ({
  kind: { kind, evidence: ['as recorded'] },
  pods: read([]),
  exports: new Map(),
  flagz: none,
  canary: lostCanary(measured(1, 1, 0)),
});

/** What was observed, the causes that follow, and the first broken link. */
const CASES: Readonly<Record<string, readonly [Partial<Observed>, readonly Cause[], CheckID | null]>> = {
  'healthy as system:monitoring': [{}, [], null],
  'healthy as an ordinary administrator': [
    { ...admin, canary: canary({ foundBy: 'audit-id' }, measured(0, 0, 1)) },
    [],
    null,
  ],
  'healthy, and nothing else can be read': [
    { ...unseen, instances: refused, nodes: refused, kubelets: [], canary: canary({}, refused) },
    [],
    null,
  ],
  'healthy on 1.29 without exemplars': [
    { ...admin, version: version('v1.29.6'), canary: canary({ foundBy: 'audit-id' }, measured(0, 0, 0)) },
    [],
    null,
  ],
  'a backend whose search is behind': [
    { ...admin, canary: canary({ foundBy: null, services: [], isCertain: false }, measured(0, 0, 1)) },
    [],
    null,
  ],
  'etcd in the same process, as in k3s': [
    { pods: read([]), exports: new Map(), canary: canary({ services: ['apiserver'] }) },
    [],
    null,
  ],
  '1.21': [
    { version: version('v1.21.14'), canary: lostCanary(measured(0, 0, 0)), pods: read([]), flagz: none },
    ['TooOld'],
    'version',
  ],
  '1.25 without the gate': [
    { version: version('v1.25.16'), canary: lostCanary(none), flagz: none },
    ['FeatureGateOff'],
    'version',
  ],
  'tracing off, by exemplars alone': [{ ...unseen, canary: lostCanary(measured(1, 1, 0)) }, ['TracingOff'], 'tracing'],
  'tracing off, by /flagz alone': [
    { ...unseen, flagz: read([{ tracing: 'off' }]), canary: lostCanary(refused) },
    ['TracingOff'],
    'tracing',
  ],
  'tracing off, by the pod alone': [
    { flagz: none, pods: read([serverPod({ flagWords: [] })]), canary: lostCanary(refused) },
    ['TracingOff'],
    'tracing',
  ],
  EKS: [managed('eks'), ['ManagedControlPlane'], 'tracing'],
  GKE: [managed('gke'), ['ManagedControlPlane'], 'tracing'],
  AKS: [managed('aks'), ['ManagedControlPlane'], 'tracing'],
  OpenShift: [managed('openshift'), ['ManagedControlPlane'], 'tracing'],
  'not recorded, by its metrics': [{ ...admin, canary: lostCanary(measured(0, 0, 0)) }, ['NotSampled'], 'sampling'],
  'not recorded, by the file': [
    {
      ...admin,
      file: {
        path: 'f',
        apiVersion: 'apiserver.config.k8s.io/v1',
        endpoint: '10.0.0.9:4317',
        samplingRatePerMillion: 0,
      },
      canary: lostCanary(refused),
    },
    ['NotSampled'],
    'sampling',
  ],
  'exported with errors': [
    {
      exports: new Map([
        [
          'kube-apiserver-cp-1',
          read({ cause: 'EndpointNotGRPC', endsServer: false, line: 'rpc error', address: null }),
        ],
      ]),
      canary: lostCanary(),
    },
    ['EndpointNotGRPC'],
    'export',
  ],
  'errors of an hour ago, and its spans arrive': [
    {
      exports: new Map([
        [
          'kube-apiserver-cp-1',
          read({ cause: 'CollectorUnreachable', endsServer: false, line: 'rpc error', address: null }),
        ],
      ]),
    },
    [],
    null,
  ],
  'a file without a port, and the error that follows from it': [
    {
      file: {
        path: 'f',
        apiVersion: 'apiserver.config.k8s.io/v1',
        endpoint: '10.0.0.9',
        samplingRatePerMillion: 0,
      },
      exports: new Map([
        [
          'kube-apiserver-cp-1',
          read({ cause: 'EndpointTLS', endsServer: false, line: 'server preface: EOF', address: null }),
        ],
      ]),
      canary: lostCanary(),
    },
    ['EndpointInvalid'],
    'configuration',
  ],
  'a second API server that refuses its file': [
    {
      pods: read([serverPod(), serverPod({ pod: 'kube-apiserver-cp-2', waiting: 'CrashLoopBackOff' })]),
      exports: new Map([
        ['kube-apiserver-cp-1', read<ExportProblem | null>(null)],
        [
          'kube-apiserver-cp-2',
          read({ cause: 'EndpointInvalid', endsServer: true, line: 'unsupported scheme: http', address: null }),
        ],
      ]),
    },
    ['EndpointInvalid'],
    null,
  ],
  'an endpoint that looks wrong, and its spans arrive': [
    {
      file: {
        path: 'f',
        apiVersion: 'apiserver.config.k8s.io/v1',
        endpoint: 'otel.svc:4318',
        samplingRatePerMillion: 0,
      },
    },
    [],
    null,
  ],
  'exported without errors, to another place': [{ canary: lostCanary() }, ['OtherBackend'], 'services'],
  'nothing says why': [{ ...unseen, canary: lostCanary() }, ['SpansMissing'], null],
  'no response to the canary': [
    { ...admin, canary: read({ ...valueOfCanary(lostCanary(measured(0, 0, 0))), status: null, problem: 'too late' }) },
    ['Unreachable'],
    null,
  ],
  'no backend': [{ backend: none, canary: read({ ...valueOfCanary(), backend: none }) }, ['NoBackend'], 'backend'],
  'a name of cluster DNS for etcd': [
    {
      pods: read([
        serverPod(),
        etcdPod('3.6.4', '--enable-distributed-tracing=true', '--distributed-tracing-address=otel.obs.svc:4317'),
      ]),
      canary: canary({ services: ['apiserver'] }),
    },
    ['EndpointClusterDNS'],
    null,
  ],
  'etcd 3.5 with its own flags': [
    { pods: read([serverPod(), etcdPod('3.5.9', '--experimental-enable-distributed-tracing=true')]) },
    [],
    null,
  ],
  'etcd 3.6 with the old flags, which it knows': [
    { pods: read([serverPod(), etcdPod('3.6.4', '--experimental-enable-distributed-tracing=true')]) },
    [],
    null,
  ],
  'etcd 3.5 with flags of 3.6': [
    { pods: read([serverPod(), etcdPod('3.5.21', '--enable-distributed-tracing=true')]) },
    ['EtcdFlagsOfOtherVersion'],
    null,
  ],
  'etcd 3.7 with flags of 3.5': [
    { pods: read([serverPod(), etcdPod('3.7.3', '--experimental-enable-distributed-tracing=true')]) },
    ['EtcdFlagsOfOtherVersion'],
    null,
  ],
  'etcd without flags': [
    { pods: read([serverPod(), etcdPod('3.6.4')]), canary: canary({ services: ['apiserver'] }) },
    ['EtcdTracingOff'],
    null,
  ],
  'a kubelet without tracing': [
    { kubelets: [{ node: 'a', version: 'v1.37.2', tracing: read(null) }] },
    ['KubeletTracingOff'],
    null,
  ],
  'a kubelet that records nothing': [
    { kubelets: [{ node: 'a', version: 'v1.37.2', tracing: read({ endpoint: null, samplingRatePerMillion: 0 }) }] },
    ['KubeletNotSampled'],
    null,
  ],
  'a kubelet of 1.28': [
    { kubelets: [{ node: 'a', version: 'v1.28.15', tracing: read({ endpoint: null, samplingRatePerMillion: 1 }) }] },
    ['KubeletTooOld'],
    null,
  ],
  'a second API server whose pod lacks the flag': [
    {
      instances: read([
        { id: 'apiserver-a', host: 'cp-1' },
        { id: 'apiserver-b', host: 'cp-2' },
      ]),
      pods: read([serverPod(), serverPod({ pod: 'kube-apiserver-cp-2', flagWords: [] })]),
    },
    ['ReplicaWithoutTracing'],
    null,
  ],
  'a second API server that is not seen': [
    {
      ...unseen,
      instances: read([
        { id: 'apiserver-a', host: 'cp-1' },
        { id: 'apiserver-b', host: 'cp-2' },
      ]),
    },
    [],
    null,
  ],
  'a clock that is a minute ahead': [
    { clock: { aheadNanos: nanos(60e9), uncertaintyNanos: nanos(0.5e9) } },
    ['ClockSkew'],
    null,
  ],
  'a clock that may be right': [{ clock: { aheadNanos: nanos(2.3e9), uncertaintyNanos: nanos(0.5e9) } }, [], null],
};

function valueOfCanary(reading = canary()) {
  if (reading.status !== 'read') throw new Error('the canary is there');
  return reading.value;
}

suite('diagnose', () => {
  for (const [title, [changed, causes, broken]] of Object.entries(CASES)) {
    test(`${title}: ${causes.join(', ') || 'no cause'}`, () => {
      const diagnosis = diagnose(observed(changed));
      assert.deepEqual(diagnosis.causes, causes);
      assert.equal(diagnosis.brokenLink, broken);
    });
  }

  test('the checks come in the documented order', () => {
    assert.deepEqual(
      diagnose(observed()).checks.map(({ id }) => id),
      CHECK_IDS,
    );
  });

  test('a check that found something wrong names a cause and what to do; any other names none', () => {
    for (const [changed] of Object.values(CASES)) {
      for (const { id, state, causes, fix } of diagnose(observed(changed)).checks) {
        const isWrong = state === 'warning' || state === 'failed';
        // The canary repeats the cause of another check.
        if (isWrong && id !== 'canary') assert.ok(causes.length > 0 && fix.length > 0, id);
        if (!isWrong) assert.deepEqual(causes, [], id);
      }
    }
  });

  test('a user who may read nothing sees why in each line, and what to do only once', () => {
    const rule = 'list pods in kube-system';
    const pods = { status: 'refused', rule } as const;
    const { checks } = diagnose(observed({ ...unseen, pods, backend: none, canary: lostCanary(refused) }));
    const checkOf = (id: CheckID): CheckResult | undefined => checks.find((check) => check.id === id);
    for (const id of ['etcd', 'export'] as const) {
      assert.match(checkOf(id)?.summary ?? '', /you may not list pods in kube-system/, id);
    }
    for (const id of ['tracing', 'etcd', 'export'] as const) assert.deepEqual(checkOf(id)?.fix, [], id);
  });

  test('an etcd that is not among the pods that can be seen has its flags in the fix', () => {
    const { checks } = diagnose(
      observed({ pods: read([serverPod()]), exports: new Map(), backend: none, canary: lostCanary() }),
    );
    const etcd = checks.find(({ id }) => id === 'etcd');
    assert.match(etcd?.summary ?? '', /not among the pods/);
    assert.match(etcd?.fix.join() ?? '', /--enable-distributed-tracing=true/);
  });

  test('a backend that is found and not ready has its pods for a fix, and is not to be named', () => {
    const backend = { status: 'failed', problem: 'the trace backend jaeger is not ready' } as const;
    const backendHint = 'see why: kubectl -n observability get pods';
    const { checks, causes } = diagnose(observed({ backend, backendHint, canary: lostCanary() }));
    assert.deepEqual(causes.slice(0, 1), ['BackendUnreachable']);
    assert.deepEqual(checks.find(({ id }) => id === 'backend')?.fix, [backendHint]);
  });

  test('an expired certificate of a tracer user is made again by setup identity', () => {
    const reach = { status: 'failed', reason: 'Unauthorized', message: 'no', hint: null } as const;
    const expired = { reach, certificateEndsInMillis: -1000 };
    const fixOf = (changed: Partial<Observed>): string | undefined =>
      diagnose(observed({ ...expired, ...changed })).checks[0]?.fix[0];
    assert.match(fixOf({}) ?? '', /^kubeadm certs renew/);
    assert.match(
      fixOf({ tracerUser: 'my tracer' }) ?? '',
      /setup identity --tracer-name 'my tracer' {4}makes a new one$/,
    );
  });

  test('a certificate that is not valid yet is named, with the clock as what to compare', () => {
    const reach = { status: 'failed', reason: 'Unauthorized', message: 'no', hint: null } as const;
    const times = { certificateBeginsInMillis: 5 * 3_600_000, certificateEndsInMillis: 4 * 86_400_000 };
    const [check] = diagnose(observed({ reach, ...times })).checks;
    assert.match(check?.summary ?? '', /refuses your client certificate, .+ not valid for another 5h$/);
    assert.match(check?.fix[0] ?? '', /^compare the clock of this machine/);
    const [valid] = diagnose(observed({ reach, ...times, certificateBeginsInMillis: -1000 })).checks;
    assert.equal(valid?.summary, 'no');
  });

  test('the last hours of a certificate are not called 0 days', () => {
    const reach = { status: 'reached', durationNanos: nanos(1_000_000) } as const;
    const summaryOf = (certificateEndsInMillis: number): string | undefined =>
      diagnose(observed({ reach, certificateEndsInMillis })).checks[0]?.summary;
    assert.match(summaryOf(4 * 60_000) ?? '', /; your client certificate ends in 4m$/);
    assert.match(summaryOf(13 * 86_400_000) ?? '', /; your client certificate ends in 13d$/);
    assert.doesNotMatch(summaryOf(100 * 86_400_000) ?? '', /certificate/);
  });

  test('without a response of the API server only two checks are made', () => {
    const reach = { status: 'failed', reason: 'ConnectionRefused', message: 'no', hint: null } as const;
    const { checks, causes } = diagnose(observed({ reach }));
    assert.deepEqual([checks.map(({ id }) => id), causes], [['reach', 'installation'], ['Unreachable']]);
  });
});

test('every cause is one of a case here, of a story or of an end-to-end test', () => {
  const elsewhere: readonly Cause[] = [
    'Unreachable',
    'Refused',
    'CertificateExpired',
    'ConfigurationNotMounted',
    'EndpointTLS',
    'EndpointLoopback',
    'CollectorUnreachable',
    'CollectorRefuses',
    'BackendUnreachable',
    'ProgramShadowed',
    'ProgramHijacked',
  ];
  const here = new Set([...Object.values(CASES).flatMap(([, causes]) => causes), ...elsewhere]);
  assert.deepEqual(
    [...CAUSES].filter((cause) => !here.has(cause)),
    [],
  );
});
