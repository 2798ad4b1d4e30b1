import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { run } from '../../../../src/run.ts';
import { serve } from '../../../support/http-server.ts';
import { testRuntime } from '../../kube/fixture.ts';

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** `GET /version`, in the order in which they came. */
  readonly requests: readonly string[];
}

/** `setup` against a server with these bodies by path; it refuses other paths. */
async function setup(
  context: TestContext,
  bodies: Readonly<Record<string, unknown>>,
  ...args: string[]
): Promise<Printed> {
  const { url, requests } = await serve(context, (request, response) => {
    const body = bodies[request.url!.split('?')[0]!];
    const status = { kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'no', code: 403 };
    response.writeHead(body === undefined ? 403 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? status));
  });
  let [stdout, stderr] = ['', ''];
  const runtime = testRuntime({
    env: { KUBECONFIG: '/nonexistent' },
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
  });
  const code = await run(['setup', ...args, '--server', url], runtime, '0.1.0');
  return { code, stdout, stderr, requests: requests.map(({ method, url: path }) => `${method} ${path}`) };
}

const version = (gitVersion: string): object => ({ major: '1', minor: gitVersion.split('.')[1], gitVersion });

const node = (parts: object): object => ({ kind: 'NodeList', items: [{ metadata: { name: 'one' }, ...parts }] });

const pod = (name: string, image: string, command: readonly string[]): object => ({
  metadata: { name: `${name}-one`, annotations: { 'kubernetes.io/config.mirror': '0123' } },
  spec: { containers: [{ name, image, command }] },
});

suite('setup without a kind', () => {
  test('needs nothing but the version where that names the distribution', async (t) => {
    const { code, stdout } = await setup(t, { '/version': version('v1.33.1+rke2r1') });
    assert.equal(code, 0);
    assert.match(stdout, /Detected RKE2: the API server's version is v1\.33\.1\+rke2r1\./);
    assert.match(stdout, /systemctl restart rke2-server/);
  });

  test('reads the versions of etcd and of the container runtime', async (t) => {
    const { stdout } = await setup(t, {
      '/version': version('v1.33.1'),
      '/api/v1/nodes': node({ status: { nodeInfo: { containerRuntimeVersion: 'containerd://2.1.4' } } }),
      '/api/v1/namespaces/kube-system/pods': {
        items: [
          pod('kube-apiserver', 'registry.k8s.io/kube-apiserver:v1.33.1', ['kube-apiserver']),
          pod('etcd', 'registry.k8s.io/etcd:3.6.4-0', ['etcd']),
        ],
      },
    });
    assert.match(stdout, /Tracing for static pods: Kubernetes 1\.33\.1, etcd 3\.6\.4/);
    assert.match(stdout, /--enable-distributed-tracing=true/);
    assert.match(stdout, /containerd\.service\.d\/tracing\.conf/);
  });

  test('leaves etcd out of a K3s with kine', async (t) => {
    const { stdout } = await setup(t, {
      '/version': version('v1.33.1+k3s1'),
      '/api/v1/nodes': node({ metadata: { name: 'one', labels: { 'node-role.kubernetes.io/control-plane': 'true' } } }),
    });
    assert.match(stdout, /no etcd, spans to/);
    assert.match(stdout.replaceAll('\n# ', ' '), /kine does not trace: traces end at the API server/);
    assert.doesNotMatch(stdout, /etcd-arg/);
  });

  const impossible: readonly (readonly [gitVersion: string, title: string, hint: RegExp])[] = [
    ['v1.31.2-eks-7f9249a', 'Amazon EKS', /containers-roadmap#2080.*setup metrics-reader/],
    ['v1.33.1-gke.1744000', 'Google GKE', /no setting for tracing.*--metrics/],
  ];
  for (const [gitVersion, title, hint] of impossible) {
    test(`says what is possible on ${title}`, async (t) => {
      const { code, stdout, stderr } = await setup(t, { '/version': version(gitVersion) });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, new RegExp(`^error: this is ${title}: the API server's version is `));
      assert.match(stderr, hint);
    });
  }

  test('says what it could not read where the kind is not known', async (t) => {
    const { code, stderr } = await setup(t, { '/version': version('v1.33.1') });
    assert.equal(code, 1);
    assert.match(stderr, /nodes could not be read; pods of kube-system could not be read/);
    assert.match(stderr, /hint: name it, for example: .* setup systemd/);
  });

  test('only reads', async (t) => {
    const { requests } = await setup(t, { '/version': version('v1.33.1+k3s1') });
    assert.deepEqual(
      requests.filter((request) => !request.startsWith('GET ')),
      [],
    );
  });

  test('shows no control character of a cluster', async (t) => {
    const { stdout } = await setup(t, {
      '/version': version('v1.33.1'),
      '/api/v1/nodes': node({
        metadata: {
          name: 'one\u001b[31m\nrm -rf /',
          annotations: { 'kubeadm.alpha.kubernetes.io/cri-socket': '' },
        },
        status: { nodeInfo: { containerRuntimeVersion: 'containerd://2.1.4\u001b[31m' } },
      }),
    });
    assert.ok(!stdout.includes('\u001b'));
    assert.match(stdout, /node one\\u001b\[31m\\nrm -rf \//);
    assert.doesNotMatch(stdout, /^rm /m);
  });

  test('takes only a valid address of a Service', async (t) => {
    const services = { items: [{ spec: { clusterIP: '10.0.0.1\nevil' } }, { spec: { clusterIP: 'None' } }] };
    const { stdout } = await setup(t, {
      '/version': version('v1.33.1+k3s1'),
      '/api/v1/namespaces/tracing/services': services,
    });
    assert.match(stdout, /endpoint: "127\.0\.0\.1:4317"/);
  });
});

test('another kind than the detected one is printed with a remark', async (t) => {
  const { code, stdout } = await setup(t, { '/version': version('v1.33.1+k3s1') }, 'systemd');
  assert.equal(code, 0);
  assert.match(stdout.replaceAll('\n# ', ' '), /This cluster looks like K3s, not systemd/);
});

test('a server without a version fails, with what to do', async (t) => {
  const { code, stderr } = await setup(t, { '/version': {} });
  assert.equal(code, 1);
  assert.match(stderr, /does not say which version it is\nhint: give it: --kubernetes-version/);
});
