import assert from 'node:assert/strict';
import { readdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { providerToken } from '../../../../src/kube/connect/auth-provider.ts';
import { saveProvider } from '../../../../src/kube/connect/kubeconfig-file.ts';
import { loadKubeconfig } from '../../../../src/kube/connect/kubeconfig.ts';
import { TestIssuer } from '../../../support/oidc-issuer.ts';
import { folderOf } from '../folder.ts';
import { HERE } from '../../../support/platforms.ts';

async function issuerOf(context: TestContext): Promise<TestIssuer> {
  const issuer = await TestIssuer.start();
  context.after(() => issuer.stop());
  return issuer;
}

const settingsOf = (issuer: TestIssuer, more: Record<string, string>): Record<string, string> => ({
  'idp-issuer-url': issuer.url,
  'client-id': issuer.client.id,
  'client-secret': issuer.client.secret,
  ...more,
});

const connectTo = (issuer: TestIssuer) => () =>
  Promise.resolve({ authorities: [issuer.authority], proxyAgent: undefined, platform: HERE });

const users = (config: object): string =>
  JSON.stringify({ users: [{ name: 'jane', user: { 'auth-provider': { name: 'oidc', config } } }] });

test('a token that another command has refreshed since is used, and its refresh token is left alone', async (context) => {
  const issuer = await issuerOf(context);
  const token = issuer.idToken('jane', 600);
  const newer = settingsOf(issuer, { 'id-token': token, 'refresh-token': 'second' });
  const path = join(await folderOf(context, { config: users(newer) }), 'config');
  const older = settingsOf(issuer, { 'id-token': issuer.idToken('jane', -5), 'refresh-token': 'first' });
  assert.equal(await providerToken({ name: 'oidc', config: older, path }, 'jane', connectTo(issuer)), token);
  assert.deepEqual(issuer.asked, []);
});

test('a token that ends within ten seconds is refreshed: the clocks of others may be ahead', async (context) => {
  const issuer = await issuerOf(context);
  issuer.answer(() => ({ status: 200, body: { access_token: 'a', id_token: issuer.idToken('jane', 900) } }));
  const config = settingsOf(issuer, { 'id-token': issuer.idToken('jane', 600), 'refresh-token': 'first' });
  const path = join(await folderOf(context, { config: users(config) }), 'config');
  const at = (seconds: number) => () => Date.now() + seconds * 1000;
  const provider = { name: 'oidc', config, path };
  assert.equal(await providerToken(provider, 'jane', connectTo(issuer), at(580)), config['id-token']);
  assert.notEqual(await providerToken(provider, 'jane', connectTo(issuer), at(595)), config['id-token']);
  // The client is named in the header as a form has it (RFC 6749, 2.3.1), and its secret nowhere else.
  const [{ authorization, form } = { authorization: '', form: {} }] = issuer.asked;
  const named = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
  assert.equal(named, 'kubectl-tests:a+secret+of+the+client%3A+%25%26%2B');
  assert.deepEqual(form, { grant_type: 'refresh_token', refresh_token: 'first' });
});

test('of a kubeconfig only the settings change, through a link too; words that look like numbers stay words', async (context) => {
  const config = `# kept by nobody
current-context: "1e3"
users:
- {name: jane, user: {auth-provider: {name: oidc, config: {id-token: old, client-id: "0755"}}}}
- {name: joe, user: {username: "yes", password: "12:30:45"}}
`;
  const folder = await folderOf(context, { config });
  const link = join(folder, 'link');
  await symlink('config', link);
  const runtime = { cwd: folder, home: folder, env: {}, platform: HERE };
  const before = await loadKubeconfig('link', runtime);
  await saveProvider(link, 'jane', { 'id-token': 'new', 'client-id': '0755' });
  const after = await loadKubeconfig('link', runtime);
  assert.deepEqual(after.users.get('jane')?.authProvider?.config, { 'id-token': 'new', 'client-id': '0755' });
  assert.deepEqual([after.users.get('joe'), after.currentContext], [before.users.get('joe'), '1e3']);
  assert.match(await readFile(join(folder, 'config'), 'utf8'), /'12:30:45'/);
  assert.equal((await stat(join(folder, 'config'))).mode & 0o777, 0o600);
  assert.deepEqual((await readdir(folder)).toSorted(), ['config', 'link']);
});
