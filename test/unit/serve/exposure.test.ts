import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isLoopback, permittedAddress } from '../../../src/serve/exposure.ts';

suite('an address', () => {
  for (const address of ['127.0.0.1', '127.0.0.2', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1']) {
    test(`is loopback: ${address}`, () => assert.equal(isLoopback(address), true));
  }
  const others = ['0.0.0.0', '::', '10.0.0.5', '172.18.0.1', '128.0.0.1', '::ffff:10.0.0.5', '::2', 'fe80::1%eth0'];
  for (const address of [...others, 'localhost', '127.0.0.1.example.org', '']) {
    test(`is not loopback: ${JSON.stringify(address)}`, () => assert.equal(isLoopback(address), false));
  }
});

suite('without TLS and a token', () => {
  const isSecured = false;
  const refused = (message: RegExp) => ({ reason: 'TLSRequired', exitCode: 2, message });

  for (const host of ['127.0.0.1', '::1']) {
    test(`${host} is listened on`, async () => {
      assert.deepEqual(await permittedAddress({ host, port: 4317 }, { isSecured }), { host, port: 4317 });
    });
  }
  for (const [host, name] of [
    ['0.0.0.0', '0.0.0.0:4317'],
    ['::', '[::]:4317'],
    ['10.0.0.5', '10.0.0.5:4317'],
  ] as const) {
    test(`${host} is refused, with the way out`, async () => {
      await assert.rejects(permittedAddress({ host, port: 4317 }, { isSecured }), {
        reason: 'TLSRequired',
        exitCode: 2,
        message: `refusing to listen on ${name} without TLS and a token: every client that reaches this address could send spans and read them`,
        hint: 'give --tls-cert-file, --tls-private-key-file and --token-file, or listen on 127.0.0.1',
      });
    });
  }

  test('a name is judged by its address, which is the one that is listened on', async () => {
    const at = (address: string) => ({ isSecured, resolve: async () => address });
    assert.deepEqual(await permittedAddress({ host: 'here', port: 1 }, at('127.0.0.1')), {
      host: '127.0.0.1',
      port: 1,
    });
    await assert.rejects(permittedAddress({ host: 'localhost', port: 1 }, at('10.0.0.5')), refused(/10\.0\.0\.5:1/));
  });

  test('an unknown name is refused', async () => {
    const resolve = async (): Promise<string> => Promise.reject(new Error('getaddrinfo ENOTFOUND nowhere'));
    const listening = permittedAddress({ host: 'nowhere', port: 1 }, { isSecured, resolve });
    await assert.rejects(listening, { reason: 'CannotListen', message: /nowhere: getaddrinfo ENOTFOUND/ });
  });
});

test('with TLS and a token every address is listened on', async () => {
  const address = { host: '0.0.0.0', port: 4317 };
  assert.deepEqual(await permittedAddress(address, { isSecured: true }), address);
});
