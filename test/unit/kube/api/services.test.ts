import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProxyURL, proxyPath, proxyRefusal } from '../../../../src/kube/api/service-proxy.ts';
import { podBehind, portName } from '../../../../src/kube/api/pods-of-service.ts';
import { servicesOf, servicesRequest } from '../../../../src/kube/api/services.ts';
import { exchange } from '../fixture.ts';

const answer = (status: number, body: unknown): ReturnType<typeof exchange> =>
  exchange({ status, body: Buffer.from(JSON.stringify(body)) });

test('the Services of all namespaces, or of one, without leaving a span', () => {
  assert.equal(servicesRequest(null).path, '/api/v1/services');
  assert.equal(servicesRequest('a').path, '/api/v1/namespaces/a/services');
  assert.equal(servicesRequest(null).unsampled, true);
});

test('a list of Services has the ports and addresses of each', () => {
  const metadata = { name: 'jaeger', namespace: 'a', labels: { app: 'jaeger' } };
  const ports = [
    { name: 'query', port: 80, protocol: 'TCP' },
    { port: 9411 },
    { name: 'udp', port: 6831, protocol: 'UDP' },
  ];
  const list = {
    items: [{ metadata, spec: { ports } }, { metadata, spec: { clusterIP: 'None' } }, { metadata: {} }, 7],
  };
  const service = {
    namespace: 'a',
    name: 'jaeger',
    labels: { app: 'jaeger' },
    ports: [
      { name: 'query', port: 80 },
      { name: '', port: 9411 },
    ],
    headless: false,
  };
  assert.deepEqual(servicesOf(answer(200, list)), [service, { ...service, ports: [], headless: true }]);
  assert.equal(servicesOf(answer(403, { kind: 'Status' })), undefined);
  assert.equal(servicesOf(answer(200, 'x')), undefined);
});

test('an address below the service proxy', () => {
  const address = { namespace: 'istio-system', name: 'tracing', port: 80, scheme: 'http' } as const;
  const url = `https://10.0.0.1:6443/base${proxyPath(address)}/jaeger/api`;
  assert.deepEqual(parseProxyURL(url), { server: 'https://10.0.0.1:6443/base', address });
  for (const other of ['http://jaeger:16686', 'https://a/api/v1/namespaces/x/services/tracing/proxy']) {
    assert.equal(parseProxyURL(other), undefined);
  }
});

test('the API server’s own refusals are distinguished from a backend’s', () => {
  const status = { kind: 'Status', message: 'no' };
  assert.deepEqual(proxyRefusal(answer(403, status)), { why: 'forbidden', message: 'no' });
  assert.deepEqual(proxyRefusal(answer(404, status)), { why: 'gone', message: 'no' });
  assert.deepEqual(proxyRefusal(answer(503, status)), { why: 'unreachable', message: 'no' });
  assert.equal(proxyRefusal(answer(404, { error: { httpCode: 404 } })), undefined);
  assert.equal(proxyRefusal(answer(200, status)), undefined);
});

test('the pod behind a port, by the port’s name', () => {
  const service = answer(200, { spec: { ports: [{ name: 'query', port: 80 }, { port: 81 }] } });
  assert.equal(portName(service, 80), 'query');
  assert.equal(portName(service, 81), '');
  assert.equal(portName(service, 82), undefined);
  const endpoint = (name: string, ready: boolean): object => ({
    conditions: { ready },
    targetRef: { kind: 'Pod', name },
  });
  const slices = answer(200, {
    items: [
      { ports: [{ name: 'grpc', port: 4317 }], endpoints: [endpoint('other', true)] },
      {
        ports: [{ name: 'query', port: 16686 }],
        endpoints: [endpoint('late', false), { addresses: [] }, endpoint('b', true)],
      },
    ],
  });
  assert.deepEqual(podBehind(slices, 'a', 'query'), { namespace: 'a', name: 'b', port: 16686 });
  assert.equal(podBehind(slices, 'a', 'none'), undefined);
  assert.equal(podBehind(answer(403, {}), 'a', 'query'), undefined);
});
