import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, suite, test, type TestContext } from 'node:test';
import { serve } from '../support/http-server.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDiagnosis, type DiagnosisDocument } from '../support/schema.ts';

/** An API server, kubelets and pods that send what none should: sizes, numbers and texts. */
const home = cleanHome();
after(() => home.remove());

const HOSTILE = '/../\u001b[2J\u001b]0;owned\u0007\u202e\r\n✗ failed  forged';
const BIG = 50 * 1024 * 1024;

type Responses = Readonly<Record<string, (url: URL) => unknown>>;

const pod = (name: string, labels: object, flags: readonly string[] = []): object => ({
  metadata: { name, namespace: 'kube-system', labels },
  spec: {
    nodeName: 'cp-1',
    hostNetwork: true,
    containers: [{ name: name.replace(/-cp-1.*/s, ''), image: 'registry.k8s.io/x:v1.37.2', command: ['x', ...flags] }],
  },
});

/** The other paths do not exist. */
async function doctor(t: TestContext, responses: Responses, args: readonly string[]): Promise<Outcome> {
  const all: Responses = {
    '/version': () => ({ gitVersion: 'v1.37.2', major: '1', minor: '37' }),
    '/api/v1/nodes': () => ({ items: [] }),
    ...responses,
  };
  const { url } = await serve(t, (request: IncomingMessage, response: ServerResponse) => {
    const asked = new URL(request.url ?? '', 'http://localhost');
    const found = all[asked.pathname]?.(asked);
    const body = found === undefined ? '{}' : typeof found === 'string' ? found : JSON.stringify(found);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body);
  });
  return kubectlTrace(home.path, ['doctor', '--server', url, ...args]);
}

async function diagnosis(t: TestContext, responses: Responses): Promise<DiagnosisDocument> {
  return parseDiagnosis((await doctor(t, responses, ['-o', 'json'])).stdout);
}

const lookedAt = ({ checks }: DiagnosisDocument, id: string): string =>
  checks.find((check) => check.id === id)?.looked.join('\n') ?? '';

suite('texts of a cluster', () => {
  const names: Responses = {
    '/version': () => ({ gitVersion: `v1.37.2${HOSTILE}`, major: '1', minor: '37' }),
    '/api/v1/nodes': () => ({
      items: [
        {
          metadata: { name: `node${HOSTILE}`, labels: { [`a${HOSTILE}`]: HOSTILE } },
          spec: { providerID: `aws:///${HOSTILE}` },
          status: {
            nodeInfo: { kubeletVersion: `v1.37.2${HOSTILE}`, osImage: HOSTILE },
            conditions: [{ type: 'Ready', status: 'True' }],
          },
        },
      ],
    }),
    '/api/v1/namespaces/kube-system/pods': () => ({
      items: [
        pod(`kube-apiserver-cp-1${HOSTILE}`, {}, [`--tracing-config-file=/etc/${HOSTILE}`, `--${HOSTILE}`]),
        pod(`etcd-cp-1${HOSTILE}`, {}, [`--enable-distributed-tracing=${HOSTILE}`]),
      ],
    }),
    '/apis/authentication.k8s.io/v1/selfsubjectreviews': () => ({
      status: { userInfo: { username: `me${HOSTILE}`, groups: [HOSTILE] } },
    }),
    '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases': () => ({
      items: [{ metadata: { name: `apiserver-${HOSTILE}`, labels: { 'kubernetes.io/hostname': HOSTILE } } }],
    }),
  };

  // A template prints values as they are into a pipe, as kubectl does.
  for (const form of ['tree', 'wide', 'json', 'yaml']) {
    test(`neither move the cursor nor forge a line: -o ${form}`, async (t) => {
      const { stdout, stderr } = await doctor(t, names, ['-o', form, '--width', '100']);
      assert.match(stdout, /kube-apiserver-cp-1/);
      assert.doesNotMatch(stderr, /^error: /m);
      // oxlint-disable-next-line no-control-regex
      assert.doesNotMatch(`${stdout}${stderr}`, /[\u0000-\u0009\u000b-\u001f\u007f]/);
      // YAML in a pipe has letters as they are.
      if (form !== 'yaml') assert.doesNotMatch(stdout, /\u202e/);
      assert.doesNotMatch(stdout, /^✗ failed {2}forged/m);
    });
  }
});

suite('sizes', () => {
  test('10,000 pods of kube-system: the pods of the control plane are read by their label', async (t) => {
    const control = { component: 'kube-apiserver', tier: 'control-plane' };
    const document = await diagnosis(t, {
      '/api/v1/namespaces/kube-system/pods': ({ searchParams }) => {
        if (searchParams.get('labelSelector') !== null)
          return { items: [pod('kube-apiserver-cp-1', control, ['--tracing-config-file=/etc/x'])] };
        const limit = Number(searchParams.get('limit') ?? 10_000);
        return { items: Array.from({ length: limit }, (_, index) => pod(`agent-${index}`, {})) };
      },
    });
    assert.match(lookedAt(document, 'tracing'), /kube-apiserver-cp-1 has --tracing-config-file/);
  });

  test('pods of a control plane without that label are read too', async (t) => {
    const document = await diagnosis(t, {
      '/api/v1/namespaces/kube-system/pods': ({ searchParams }) => ({
        items: searchParams.get('labelSelector') === null ? [pod('kube-apiserver-cp-1', {}, ['--secure-port=1'])] : [],
      }),
    });
    assert.match(lookedAt(document, 'tracing'), /kube-apiserver-cp-1 lacks --tracing-config-file/);
  });

  test('flags, logs and a configuration of 50 MB are not read to their ends', async (t) => {
    const big = (): string => ' '.repeat(BIG);
    const document = await diagnosis(t, {
      '/flagz': big,
      '/api/v1/nodes': () => ({
        items: [{ metadata: { name: 'n' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }],
      }),
      '/api/v1/nodes/n/proxy/configz': big,
      '/api/v1/namespaces/kube-system/pods': () => ({ items: [pod('kube-apiserver-cp-1', {})] }),
      '/api/v1/namespaces/kube-system/pods/kube-apiserver-cp-1/log': big,
    });
    for (const [id, what] of [
      ['tracing', '/flagz'],
      ['kubelet', 'configz of n'],
      ['export', 'log of kube-apiserver-cp-1'],
    ] as const) {
      const line = lookedAt(document, id)
        .split('\n')
        .find((each) => each.startsWith(what));
      assert.match(line ?? '', /larger than|too large|more than/, `${id}: ${lookedAt(document, id)}`);
    }
  });

  test('traces of 17 MiB are not read to their end', async (t) => {
    const traces = `{"result": {"resourceSpans": []}}${' '.repeat(17 * 1024 * 1024)}`;
    const backend = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(traces);
    });
    const { checks, causes } = parseDiagnosis(
      (await doctor(t, {}, ['-o', 'json', '--backend', `jaeger=${backend.url}`])).stdout,
    );
    assert.deepEqual(causes, ['BackendUnreachable']);
    assert.match(checks.find(({ id }) => id === 'backend')?.summary ?? '', /larger than the bound of 16 MiB/);
  });
});
