import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { endpointProblems, hostPort } from '../../../src/control-plane/endpoint.ts';

const cases: readonly (readonly [endpoint: string, problems: readonly string[]])[] = [
  ['10.96.0.7:4317', []],
  ['[fd00::7]:4317', []],
  ['collector.example.org:4317', []],
  ['unix:///run/collector.sock', []],
  ['dns:///collector.example.org:4317', []],
  ['127.0.0.1:4317', ['loopback?']],
  ['localhost:4317', ['loopback?']],
  ['[::1]:4317', ['loopback?']],
  ['10.96.0.7', ['noPort']],
  ['10.96.0.7:4318', ['httpPort?']],
  ['10.96.0.7:443', ['tls?']],
  ['http://10.96.0.7:4317', ['scheme']],
  ['https://collector.example.org', ['tls']],
  ['jaeger.tracing.svc:4317', ['clusterDNS']],
  ['jaeger.tracing.svc.cluster.local:4317', ['clusterDNS']],
  ['jaeger.tracing.svc:4318', ['httpPort?', 'clusterDNS']],
  ['', ['malformed']],
  ['10.96.0.7:', ['malformed']],
  ['10.96.0.7:70000', ['malformed']],
  ['10.96.0.7:4317\nevil: true', ['malformed']],
];

suite('the problems of an endpoint', () => {
  for (const [endpoint, expected] of cases) {
    test(`${JSON.stringify(endpoint)}: ${expected.join(', ') || 'none'}`, () => {
      const found = endpointProblems(endpoint).map(({ kind, isCertain }) => `${kind}${isCertain ? '' : '?'}`);
      assert.deepEqual(found, expected);
    });
  }
});

test('an endpoint has a host and a port', () => {
  assert.deepEqual(hostPort('[fd00::7]:4317'), { host: 'fd00::7', port: 4317 });
  assert.deepEqual(hostPort('collector'), { host: 'collector', port: undefined });
});
