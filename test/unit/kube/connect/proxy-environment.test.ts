import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyOf } from '../../../../src/kube/connect/proxy-environment.ts';

type Env = Readonly<Record<string, string>>;

const of = (server: string, env: Env): string | undefined => proxyOf(new URL(server), env);
const PROXY = 'http://proxy.test:3128';

test('HTTPS_PROXY is for https, HTTP_PROXY for http; upper case comes first', () => {
  assert.equal(of('https://kube.test', { HTTPS_PROXY: PROXY }), PROXY);
  assert.equal(of('https://kube.test', { https_proxy: PROXY }), PROXY);
  assert.equal(of('https://kube.test', { HTTPS_PROXY: PROXY, https_proxy: 'http://other' }), PROXY);
  assert.equal(of('https://kube.test', { HTTP_PROXY: PROXY, ALL_PROXY: PROXY }), undefined);
  assert.equal(of('http://kube.test', { HTTP_PROXY: PROXY }), PROXY);
  assert.equal(of('https://kube.test', { HTTPS_PROXY: 'proxy.test:3128' }), PROXY);
  assert.equal(of('https://kube.test', { HTTPS_PROXY: 'socks5://proxy.test' }), 'socks5://proxy.test');
  assert.equal(of('https://kube.test', {}), undefined);
});

test('loopback never has a proxy', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
    assert.equal(of(`https://${host}:6443`, { HTTPS_PROXY: PROXY }), undefined, host);
  }
});

const excluded: readonly (readonly [list: string, server: string, excluded: boolean])[] = [
  ['kube.test', 'https://kube.test:6443', true],
  ['kube.test', 'https://a.kube.test', true],
  ['kube.test', 'https://notkube.test', false],
  ['.kube.test', 'https://kube.test', false],
  ['.kube.test', 'https://a.kube.test', true],
  ['*.kube.test', 'https://a.kube.test', true],
  ['*.kube.test', 'https://kube.test', false],
  ['KUBE.test', 'https://kube.TEST', true],
  ['a.test, kube.test', 'https://kube.test', true],
  ['kube.test:6443', 'https://kube.test:6443', true],
  ['kube.test:6443', 'https://kube.test', false],
  ['kube.test:443', 'https://kube.test', true],
  ['*', 'https://kube.test', true],
  ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/8', 'https://kube.test', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.1.2.3:80', 'https://10.1.2.3', false],
  ['fd00::/8', 'https://[fd00::1]', true],
  ['[fd00::1]:443', 'https://[fd00::1]', true],
  [',, ,', 'https://kube.test', false],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
];
for (const [list, server, isExcluded] of excluded) {
  test(`NO_PROXY=${list}: ${server} ${isExcluded ? 'has none' : 'has one'}`, () =>
    assert.equal(of(server, { HTTPS_PROXY: PROXY, NO_PROXY: list }), isExcluded ? undefined : PROXY));
}
