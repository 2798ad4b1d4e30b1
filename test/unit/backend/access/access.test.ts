import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { BackendAccessFlags } from '../../../../src/backend-access.ts';
import { readAccess, type BackendAccess } from '../../../../src/backend/access/access.ts';
import { UsageError } from '../../../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-access-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const env = { TOKEN: 's3cret', EMPTY: '', LINES: 'a\nb' };

const read = (flags: Partial<BackendAccessFlags>): Promise<BackendAccess> =>
  readAccess({ explicit: [], literalSecrets: [], ...flags }, { cwd: folder, env, fetch });
const headersOf = async (flags: Partial<BackendAccessFlags>): Promise<unknown> => (await read(flags)).headers;

suite('headers', () => {
  const token = file('token', 's3cret\r\n');
  for (const [given, wanted] of [
    ['X-Scope-OrgID: team-a', { 'x-scope-orgid': 'team-a' }],
    [`X-Api-Key: @${token}`, { 'x-api-key': 's3cret' }],
    ['X-Api-Key: $TOKEN', { 'x-api-key': 's3cret' }],
    ['X-Api-Key:${TOKEN}', { 'x-api-key': 's3cret' }],
    ['Authorization: Bearer $TOKEN', { authorization: 'Bearer s3cret' }],
    [`Authorization: Bearer @${token}`, { authorization: 'Bearer s3cret' }],
    ['Authorization: ApiKey abc==', { authorization: 'ApiKey abc==' }],
    ['X-Money: costs $5: ok', { 'x-money': 'costs $5: ok' }],
    ['X-Empty:', { 'x-empty': '' }],
  ] as const) {
    test(given, async () => assert.deepEqual(await headersOf({ headers: [given] }), wanted));
  }
  test('several; the last one of a name counts', async () => {
    assert.deepEqual(await headersOf({ headers: ['A: 1', 'b: 2', 'a: 3'] }), { a: '3', b: '2' });
  });
  test('a token file, and a name with a password', async () => {
    assert.deepEqual(await headersOf({ tokenFile: token }), { authorization: 'Bearer s3cret' });
    const basic = { authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}` };
    assert.deepEqual(await headersOf({ username: 'me', password: '$TOKEN' }), basic);
    assert.deepEqual(await headersOf({ username: 'me', password: `@${token}` }), basic);
    assert.deepEqual(await headersOf({ username: 'me', password: 's3cret' }), basic);
  });
  test('a tenant is sent in the header of the kind', async () =>
    assert.equal((await read({ tenant: 'a|b' })).tenant, 'a|b'));
});

suite('refused before anything is sent, without repeating a secret', () => {
  file('empty', '');
  file('two-lines', 's3cret\ns3cret\n');
  for (const [name, flags, message] of [
    ['no header', { headers: ['s3cret'] }, /--backend-header is not a header/],
    ['no name', { headers: [': s3cret'] }, /is not a header/],
    ['a name that is none', { headers: ['my s3cret: x'] }, /is not a header/],
    ['a header of ours', { headers: ['Traceparent: s3cret'] }, /cannot set traceparent/],
    ['no such file', { headers: ['A: @none'] }, /--backend-header a: open none: no such file or directory/],
    ['an empty file', { tokenFile: 'empty' }, /--backend-token-file: empty is empty/],
    ['a file of two lines', { headers: ['A: @two-lines'] }, /a line end/],
    ['a folder', { tokenFile: '.' }, /it is a directory/],
    ['no such variable', { headers: ['A: $NONE'] }, /the environment variable NONE is not set/],
    ['an empty variable', { headers: ['A: $EMPTY'] }, /EMPTY is not set/],
    ['a variable of two lines', { headers: ['A: $LINES'] }, /a line end/],
    ['a password alone', { password: 's3cret' }, /without --backend-username/],
    ['a name alone', { username: 'me' }, /without --backend-password/],
    ['two ways', { username: 'me', password: 's3cret', tokenFile: 'two-lines' }, /cannot be used together/],
    [
      'two ways, one a header',
      { headers: ['Authorization: s3cret'], username: 'me', password: 'x' },
      /more than one way/,
    ],
    ['a tenant with a blank', { tenant: 'a b' }, /without blanks/],
    ['a certificate without a key', { clientCertificate: 'token' }, /belong together/],
    ['a CA that is not read', { certificateAuthority: 'none' }, /--backend-ca: none cannot be read \(ENOENT\)/],
    ['a CA that is none', { certificateAuthority: 'token' }, /is not valid PEM/],
    ['a CA that is not asked for', { certificateAuthority: 'token', insecureSkipTLSVerify: true }, /used together/],
  ] as const) {
    test(name, async () => {
      const error = await read(flags).then(
        () => assert.fail('it was taken'),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cret/);
    });
  }
});
