import assert from 'node:assert/strict';
import { chmodSync, chownSync, rmSync, writeFileSync } from 'node:fs';
import { suite, test, type TestContext } from 'node:test';
import { ServeCredentials } from '../../../src/serve/credentials.ts';
import { makeCredentials, type CredentialFolder } from '../../support/serve-credentials.ts';

const uid = process.getuid!();
const BASIC = (password: string, user = 'x'): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function folder(t: TestContext): CredentialFolder {
  const made = makeCredentials();
  t.after(() => made.remove());
  return made;
}

suite('a token', () => {
  test('is accepted as a bearer, and as the password of any user', (t) => {
    const { files, token } = folder(t);
    const credentials = new ServeCredentials(files, uid);
    for (const header of [`Bearer ${token}`, `bearer  ${token}`, BASIC(token), BASIC(token, '')]) {
      assert.equal(credentials.accepts(header), true, header);
    }
  });

  test('is not accepted when it is another, a part, in another scheme, or missing', (t) => {
    const { files, token } = folder(t);
    const credentials = new ServeCredentials(files, uid);
    const wrong = [undefined, '', 'Bearer', 'Bearer ', `Bearer ${token}x`, `Bearer ${token.slice(1)}`, token];
    for (const header of [...wrong, `Token ${token}`, BASIC(`${token}x`), `Basic ${token}`, BASIC('', token)]) {
      assert.equal(credentials.accepts(header), false, String(header));
    }
  });

  for (const [what, text, message] of [
    ['is too short', 'sh0rt', /too short: it needs 16 characters/],
    ['is missing', '\n', /must hold one token/],
    ['has blanks', 'two words that are long enough', /must hold one token/],
  ] as const) {
    test(`is refused if it ${what}, without being repeated`, (t) => {
      const { files } = folder(t);
      writeFileSync(files.token, text);
      assert.throws(
        () => new ServeCredentials(files, uid),
        (error: Error) => message.test(error.message) && (text.trim() === '' || !error.message.includes(text)),
      );
    });
  }
});

suite('files', () => {
  for (const [name, flag] of [
    ['token', '--token-file'],
    ['key', '--tls-private-key-file'],
  ] as const) {
    test(`the ${name} that others may read is refused`, (t) => {
      const { files } = folder(t);
      for (const mode of [0o644, 0o604, 0o620]) {
        chmodSync(files[name], mode);
        // Root may give its group the right to read, as the kubelet does, but not others.
        assert.throws(() => new ServeCredentials(files, uid), {
          reason: 'UnreadableSecret',
          message: `${flag}: open ${files[name]}: other users may read or write it`,
          hint: /^chmod 600 .*; for a Secret: defaultMode: 0440$/,
        });
      }
    });
  }

  test('of root that the group of the pod may read are a mounted Secret', { skip: uid !== 0 }, (t) => {
    const { files } = folder(t);
    for (const file of [files.token, files.key]) {
      chmodSync(file, 0o440);
      chownSync(file, 0, 10_001);
    }
    assert.doesNotThrow(() => new ServeCredentials(files, 10_001));
  });

  test('of another user are refused', { skip: uid !== 0 }, (t) => {
    const { files } = folder(t);
    chownSync(files.token, 10_002, 10_002);
    assert.throws(() => new ServeCredentials(files, 10_001), { message: /token: it belongs to another user/ });
  });

  test('that do not exist or do not belong together are refused with their flags', (t) => {
    const { files } = folder(t);
    const other = folder(t);
    assert.throws(() => new ServeCredentials({ ...files, key: other.files.key }, uid), {
      reason: 'InvalidCertificate',
      message: /^--tls-cert-file .* and --tls-private-key-file .* are not a certificate and its key in PEM$/,
    });
    rmSync(files.certificate);
    assert.throws(() => new ServeCredentials(files, uid), {
      message: `--tls-cert-file: open ${files.certificate}: no such file or directory`,
    });
  });

  test('are read again, and the earlier ones stay in use while they cannot be', (t) => {
    const { files, renew, token } = folder(t);
    const credentials = new ServeCredentials(files, uid);
    assert.equal(credentials.readAgain(), false);
    writeFileSync(files.token, 'a-second-token-of-some-length');
    renew(['other.example']);
    assert.equal(credentials.readAgain(), true);
    assert.deepEqual([credentials.accepts(`Bearer ${token}`), credentials.hasName('other.example')], [false, true]);
    writeFileSync(files.token, '');
    assert.throws(() => credentials.readAgain());
    assert.equal(credentials.accepts('Bearer a-second-token-of-some-length'), true);
  });
});
