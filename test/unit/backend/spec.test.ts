import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBackendSpec } from '../../../src/backend/spec.ts';
import { UsageError } from '../../../src/errors.ts';

test('a URL, with or without a kind, without a trailing slash', () => {
  const url = 'http://127.0.0.1:16686';
  assert.deepEqual(parseBackendSpec(url), { kind: undefined, url });
  assert.deepEqual(parseBackendSpec(`${url}/`), { kind: undefined, url });
  assert.deepEqual(parseBackendSpec(`jaeger=${url}/jaeger/ui//`), { kind: 'jaeger', url: `${url}/jaeger/ui` });
  assert.deepEqual(parseBackendSpec(' Jaeger=HTTPS://Traces.Example/ '), {
    kind: 'jaeger',
    url: 'https://traces.example',
  });
  assert.deepEqual(parseBackendSpec('http://[::1]:16686'), { kind: undefined, url: 'http://[::1]:16686' });
});

test('local: the store of kubectl trace serve, or a running serve at an address', () => {
  assert.deepEqual(parseBackendSpec('local'), { kind: 'local', url: '' });
  const url = 'http://127.0.0.1:16686';
  assert.deepEqual(parseBackendSpec(`local=${url}`), { kind: 'local', url });
});

const bad: readonly (readonly [string, string, RegExp, RegExp])[] = [
  ['jeager=http://x', 'UnknownBackendKind', /"jeager"/, /jaeger=URL/],
  ['localhost:16686', 'InvalidBackend', /no http/, /^try http:\/\/localhost:16686$/],
  ['jaeger=', 'InvalidBackend', /no http/, /KIND/],
  ['', 'InvalidBackend', /no http/, /KIND/],
  ['grpc://host:4317', 'InvalidBackend', /grpc:/, /16686/],
  ['http://', 'InvalidBackend', /not a valid URL/, /^$/],
  ['http://host/?a=b', 'InvalidBackend', /"\?"/, /^$/],
  ['http://host/#x', 'InvalidBackend', /"#"/, /^$/],
  ['https://user:secret@host', 'InvalidBackend', /password/, /^$/],
];
for (const [given, reason, message, hint] of bad) {
  test(`not a backend: ${JSON.stringify(given)}`, () => {
    assert.throws(
      () => parseBackendSpec(given),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.reason, reason);
        assert.match(error.message, message);
        assert.match(error.hint ?? '', hint);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /secret/);
        return true;
      },
    );
  });
}
