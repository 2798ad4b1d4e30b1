import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ServeInvocation } from '../../../../src/commands/serve/arguments.ts';
import { parse } from '../../../support/parse.ts';
import { UsageError } from '../../../../src/errors.ts';

const serve = (line: string, env: Record<string, string> = {}): ServeInvocation => {
  const invocation = parse(['serve', ...line.split(' ').filter((word) => word !== '')], env);
  assert.ok(invocation.kind === 'serve');
  return invocation;
};

const MIB = 2 ** 20;

suite('serve', () => {
  test('listens on the standard OTLP ports of the loopback interface by default', () => {
    assert.deepEqual(serve(''), {
      kind: 'serve',
      args: ['serve'],
      listen: { host: '127.0.0.1', port: 4317 },
      listenHTTP: { host: '127.0.0.1', port: 4318 },
      listenQuery: { host: '127.0.0.1', port: 16686 },
      maxBytes: 512 * MIB,
      maxAge: 24 * 3600e9,
    });
  });

  test('accepts every flag on the command line and from the environment', () => {
    const given = serve(
      '--listen [::1]:1 --listen-http none --listen-query :0 --database x.db --max-size 2Gi --max-age 90m --forward http://c:4318/v1/traces',
    );
    assert.deepEqual(given.listen, { host: '::1', port: 1 });
    assert.equal(given.listenHTTP, undefined);
    assert.deepEqual(given.listenQuery, { host: '::', port: 0 });
    assert.equal(given.database, 'x.db');
    assert.equal(given.maxBytes, 2 * 1024 * MIB);
    assert.equal(given.maxAge, 90 * 60e9);
    assert.equal(given.forward, 'http://c:4318');
    const fromEnvironment = serve('', { KUBECTL_TRACE_MAX_SIZE: '64Mi', KUBECTL_TRACE_LISTEN_HTTP: 'none' });
    assert.deepEqual([fromEnvironment.maxBytes, fromEnvironment.listenHTTP], [64 * MIB, undefined]);
  });

  for (const [text, bytes] of [
    ['5000000', 5_000_000],
    ['500M', 500e6],
    ['512MiB', 512 * MIB],
    ['1.5Gi', 1536 * MIB],
    ['8192K', 8_192_000],
  ] as const) {
    test(`--max-size ${text}`, () => assert.equal(serve(`--max-size ${text}`).maxBytes, bytes));
  }

  const refused: readonly (readonly [string, RegExp])[] = [
    ['x', /^unexpected argument "x"$/],
    ['--listen 4317', /^invalid argument "4317" for "--listen" flag: must be HOST:PORT, such as/],
    ['--listen 127.0.0.1:70000', /must be HOST:PORT/],
    ['--listen-query none', /needs "--socket PATH"/],
    ['--max-size 1Mi', /must be at least 4Mi$/],
    ['--max-size big', /must be a size such as 512Mi or 2Gi$/],
    ['--max-age 1', /must be a duration/],
    ['--tls-cert-file a --token-file c', /^--tls-cert-file, --tls-private-key-file and --token-file belong together$/],
    ['--token-file c', /belong together/],
    ['--insecure-loopback-otlp', /of no use without --tls-cert-file/],
    ['--forward collector:4318', /must be the address of a receiver of OTLP over HTTP/],
    ['--forward http://u:secret@c', /^invalid argument for "--forward" flag: .* no password$/],
    ['--backend local', /^unknown flag: --backend/],
  ];
  for (const [line, message] of refused) {
    test(`refuses ${line}`, () => {
      assert.throws(
        () => serve(line),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        },
      );
    });
  }
});

test('the three files secure serve, and spans may still come to loopback without them', () => {
  const files = '--tls-cert-file a --tls-private-key-file b --token-file c';
  const security = { certificate: 'a', key: 'b', token: 'c', plainLoopbackOTLP: false };
  assert.deepEqual(serve(files).security, security);
  const plain = serve(`${files} --insecure-loopback-otlp`).security;
  assert.deepEqual(plain, { ...security, plainLoopbackOTLP: true });
  assert.equal(serve('').security, undefined);
});

suite('the query address of serve', () => {
  const query = { host: '127.0.0.1', port: 16_686 };
  for (const [line, socket, listenQuery] of [
    ['', undefined, query],
    ['--socket s.sock', 's.sock', undefined],
    ['--socket s.sock --listen-query none', 's.sock', undefined],
    ['--socket s.sock --listen-query 127.0.0.1:16686', 's.sock', query],
  ] as const) {
    test(line === '' ? 'by default' : line, () => {
      const invocation = serve(line);
      assert.deepEqual([invocation.socket, invocation.listenQuery], [socket, listenQuery]);
    });
  }
});
