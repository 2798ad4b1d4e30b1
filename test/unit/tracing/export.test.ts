import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import { exportURL, exportWork } from '../../../src/tracing/export.ts';
import { UsageError } from '../../../src/errors.ts';
import type { ClientWork } from '../../../src/propagation/client-work.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { systemClock, testRuntime } from '../kube/fixture.ts';
import { spanID, traceID } from '../../support/spans.ts';

type Env = Readonly<Record<string, string>>;

const urls: readonly (readonly [flag: string | undefined, env: Env, url: string | undefined])[] = [
  [undefined, {}, undefined],
  ['default', {}, 'http://localhost:4317'],
  ['http://c:4317', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317' }, 'http://c:4317'],
  [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317' }, 'http://e:4317'],
  ['default', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317' }, 'http://e:4317'],
  [
    undefined,
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:1', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t:2' },
    'https://t:2',
  ],
  ['none', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317' }, undefined],
  [
    undefined,
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
    undefined,
  ],
  [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317', OTEL_TRACES_EXPORTER: 'none' }, undefined],
  [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317', OTEL_SDK_DISABLED: 'true' }, undefined],
  ['default', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://e:4317', OTEL_SDK_DISABLED: 'true' }, 'http://e:4317'],
  [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
];
for (const [flag, env, url] of urls) {
  test(`--export ${flag ?? '(not given)'} and ${JSON.stringify(env)}: ${url ?? 'nowhere'}`, () =>
    assert.equal(exportURL(flag, env), url));
}

test('--export: an invalid URL is rejected before any request', () => {
  for (const flag of ['localhost:4317', 'http://', 'ftp://x:1', 'http://c:4318/v1/traces']) {
    assert.throws(() => exportURL(flag, {}), UsageError, flag);
  }
});

const work: ClientWork = {
  traceID: traceID('a1'),
  spanID: spanID('c0'),
  parentSpanID: null,
  name: 'kubectl trace get nodes',
  start: epochNanos(1_795_478_400_000_000_000n),
  end: epochNanos(1_795_478_400_010_000_000n),
  errorMessage: null,
  version: '0.1.0',
  requests: [],
};

test('--export: a collector that accepts the connection and never responds costs two seconds and a warning', async (context) => {
  const sockets: Socket[] = [];
  const { promise: connected, resolve: connect } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.push(socket);
    connect();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  let slept = 0;
  let told = '';
  const runtime = testRuntime({
    err: { write: (text) => void (told += text) },
    clock: {
      ...systemClock,
      // The two seconds are over when the collector has been reached.
      sleep: (millis) => {
        slept = millis;
        return connected;
      },
    },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await exportWork(work, url, runtime);
  assert.equal(slept, 2000);
  assert.equal(told, `warning: this command's own spans were not exported to ${url}: no response in 2 s\n`);
});

test('--export: an unreachable collector costs a warning', async () => {
  let told = '';
  await exportWork(work, 'http://127.0.0.1:9', testRuntime({ err: { write: (text) => void (told += text) } }));
  assert.match(
    told,
    /^warning: this command's own spans were not exported to http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED.*\n$/,
  );
});
