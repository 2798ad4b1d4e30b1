import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BackendNotReached } from '../../../../../src/backend/http/not-reached.ts';
import type { Cluster, Exchange, KubeRequest } from '../../../../../src/kube/http/exchange.ts';
import type { ErrorReport } from '../../../../../src/report/report.ts';
import { openInCluster } from '../../../../../src/tracing/backend/in-cluster/open.ts';
import { answer, testRuntime } from '../../../kube/fixture.ts';

const metadata = { name: 'kubectl-trace-jaeger', namespace: 'observability' };
const service = { metadata, spec: { clusterIP: '10.0.0.7', ports: [{ name: 'query', port: 16686 }] } };

const sliceOf = (ready: boolean): object => ({
  ports: [{ name: 'query', port: 16686 }],
  endpoints: [{ conditions: { ready }, targetRef: { kind: 'Pod', name: 'kubectl-trace-jaeger-0' } }],
});

/** What a cluster has behind the Service of a Jaeger, and why there is no backend. */
async function obstacle(slices: readonly object[]): Promise<ErrorReport> {
  const respond = ({ path }: KubeRequest): Exchange => {
    if (path === '/api/v1/services') return answer(200, { items: [service] });
    if (path.includes('/proxy/'))
      return answer(503, { kind: 'Status', message: 'no endpoints available for service "kubectl-trace-jaeger"' });
    return path.includes('/endpointslices') ? answer(200, { items: slices }) : answer(200, service);
  };
  const cluster = {
    contextName: 'admin',
    server: 'https://cluster.test',
    namespace: 'default',
    send: async (request: KubeRequest) => respond(request),
    forward: () => Promise.reject(new BackendNotReached({ status: 'unavailable', message: 'the pod has ended' })),
    close: () => undefined,
  } as unknown as Cluster;
  const choice = { spec: undefined, again: true, access: undefined, via: undefined };
  const opened = await openInCluster(choice, { cluster, access: undefined, runtime: testRuntime() });
  assert.ok(opened.status === 'none');
  return opened.error;
}

suite('a Service that looks like a trace backend', () => {
  for (const [title, slices] of [
    ['its pod is not ready', [sliceOf(false)]],
    ['it has no pod', []],
  ] as const) {
    test(`is found and not ready where ${title}`, async () => {
      const { reason, message, hint } = await obstacle(slices);
      assert.equal(reason, 'BackendNotReady');
      assert.match(message, /^the trace backend kubectl-trace-jaeger in namespace observability is not ready: no pod/);
      assert.match(hint ?? '', /kubectl -n observability get pods/);
    });
  }

  test('is no backend where its pod is ready and does not respond', async () => {
    const { reason, details } = await obstacle([sliceOf(true)]);
    assert.equal(reason, 'NoBackend');
    assert.match(details?.join() ?? '', /the pod has ended/);
  });
});
