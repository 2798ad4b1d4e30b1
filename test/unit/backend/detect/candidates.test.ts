import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { candidates, type Described } from '../../../../src/backend/detect/candidates.ts';

type Parts = Partial<Omit<Described, 'ports'>> & { readonly ports: readonly (readonly [name: string, port: number])[] };

const service = ({ ports, ...parts }: Parts): Described => ({
  namespace: 'observability',
  name: 'it',
  labels: {},
  headless: false,
  ...parts,
  ports: ports.map(([name, port]) => ({ name, port })),
});
const found = (...services: readonly Parts[]): unknown =>
  candidates(services.map((one) => service(one))).map(
    ({ name, port, scheme, kinds }) => `${kinds.join()} ${scheme}:${name}:${port}`,
  );
const named = (name: string): Readonly<Record<string, string>> => ({ 'app.kubernetes.io/name': name });

suite('a Service that may be a trace backend, from charts and operators', () => {
  for (const [what, parts, wanted] of [
    [
      'Jaeger 2 by its chart',
      {
        name: 'a-jaeger',
        labels: named('jaeger'),
        ports: [
          ['http-query', 16686],
          ['grpc-query', 16685],
        ],
      },
      'jaeger http:a-jaeger:16686',
    ],
    [
      'Jaeger by its chart until 3.x',
      {
        name: 'a-jaeger-query',
        labels: named('jaeger'),
        ports: [
          ['query', 80],
          ['grpc', 16685],
        ],
      },
      'jaeger http:a-jaeger-query:80',
    ],
    [
      'Jaeger by its operator on OpenShift',
      { name: 'a-query', labels: { app: 'jaeger' }, ports: [['https-query', 443]] },
      'jaeger https:a-query:443',
    ],
    [
      'Jaeger 2 run by the OpenTelemetry operator',
      {
        name: 'a-collector',
        ports: [
          ['jaeger', 16686],
          ['otlp-grpc', 4317],
        ],
      },
      'jaeger http:a-collector:16686',
    ],
    [
      'Jaeger of Istio',
      {
        name: 'tracing',
        labels: { app: 'jaeger' },
        ports: [
          ['http-query', 80],
          ['grpc-query', 16685],
        ],
      },
      'jaeger http:tracing:80',
    ],
    [
      'Tempo',
      { name: 'tempo', labels: named('tempo'), ports: [['tempo-prom-metrics', 3200]] },
      'tempo http:tempo:3200',
    ],
    [
      'Tempo of an old chart',
      { name: 'tempo', labels: named('tempo'), ports: [['http', 3100]] },
      'tempo http:tempo:3100',
    ],
    [
      'Tempo, distributed',
      {
        name: 'a-query-frontend',
        labels: named('tempo'),
        ports: [
          ['http-metrics', 3200],
          ['grpc', 9095],
        ],
      },
      'tempo http:a-query-frontend:3200',
    ],
    ['Zipkin', { name: 'zipkin', labels: named('zipkin'), ports: [['http-query', 9411]] }, 'zipkin http:zipkin:9411'],
    [
      'VictoriaTraces',
      { name: 'a-victoria-traces-single-server', ports: [['http', 10428]] },
      'victoriatraces http:a-victoria-traces-single-server:10428',
    ],
  ] as const) {
    test(what, () => assert.deepEqual(found(parts), [wanted]));
  }
});

suite('a Service that is not a backend', () => {
  for (const [what, parts] of [
    [
      'a collector',
      {
        name: 'a-opentelemetry-collector',
        ports: [
          ['otlp', 4317],
          ['otlp-http', 4318],
        ],
      },
    ],
    ['an agent', { name: 'jaeger-agent', labels: named('jaeger'), ports: [['http', 80]] }],
    ['a headless duplicate', { name: 'a-jaeger', headless: true, ports: [['http-query', 16686]] }],
    ['Loki', { name: 'loki', labels: named('loki'), ports: [['http-metrics', 3100]] }],
    [
      'a web shop',
      {
        name: 'web',
        ports: [
          ['http', 80],
          ['https', 443],
        ],
      },
    ],
    ['Kubernetes', { name: 'kubernetes', namespace: 'default', ports: [['https', 443]] }],
  ] as const) {
    test(what, () => assert.deepEqual(found(parts), []));
  }
});

test('the likeliest candidate is probed first, and the number of probes is bounded', () => {
  const services = Array.from({ length: 30 }, (_one, index) => ({
    name: `z-${String(index).padStart(2, '0')}`,
    ports: [['x', 9411] as const],
  }));
  const all = candidates(
    [...services, { name: 'jaeger', ports: [['query', 16686] as const] }].map((one) => service(one)),
  );
  assert.equal(all.length, 12);
  assert.equal(all[0]?.name, 'jaeger');
  assert.equal(all[1]?.name, 'z-00');
});
