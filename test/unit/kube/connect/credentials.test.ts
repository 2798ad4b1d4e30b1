import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadCredentials } from '../../../../src/kube/connect/credentials.ts';
import type { UserEntry } from '../../../../src/kube/connect/kubeconfig-entry.ts';
import { ALLOW_ALL } from '../../../../src/kube/connect/plugin-policy.ts';
import { HERE } from '../../../support/platforms.ts';
import { folderOf } from '../folder.ts';

const load = (user: UserEntry, server = 'https://127.0.0.1:6443') =>
  loadCredentials({ clusterName: 'red', userName: 'me', cluster: { server }, user }, TERMS);

const kuberc = { policy: ALLOW_ALL, file: undefined, warning: undefined };
const TERMS = { env: process.env, platform: HERE, kuberc };

test('a token is a bearer token', async () => {
  assert.equal((await load({ token: 'abc' })).authorization, 'Bearer abc');
});

test('a token file is read without its line end, and wins over the token beside it', async (context) => {
  const tokenFile = join(await folderOf(context, { token: 'from-file\n' }), 'token');
  assert.equal((await load({ token: 'abc', tokenFile })).authorization, 'Bearer from-file');
});

test('user name and password are basic authentication', async () => {
  assert.equal((await load({ username: 'u', password: 'p:w' })).authorization, `Basic ${btoa('u:p:w')}`);
});

test('nothing that identifies the user goes over plain http', async () => {
  assert.equal((await load({ token: 'abc' }, 'http://127.0.0.1:8080')).authorization, undefined);
});

test('token and password together are refused, without saying either', async () => {
  await assert.rejects(load({ token: 'abc', username: 'u', password: 'p' }), {
    exitCode: 2,
    message: 'more than one authentication method found for me; found [token basicAuth], only one is allowed',
  });
});

test('a certificate needs its key', async () => {
  await assert.rejects(load({ clientCertificateData: 'YQ==' }), {
    exitCode: 2,
    message: /client-key must be specified/,
  });
});

test('files that do not exist are named, with what they are for', async () => {
  await assert.rejects(load({ clientCertificate: '/nope.crt', clientKey: '/nope.key' }), {
    exitCode: 2,
    message: [
      'Error in configuration: ',
      '* unable to read client-cert /nope.crt for me due to open /nope.crt: no such file or directory',
      '* unable to read client-key /nope.key for me due to open /nope.key: no such file or directory',
    ].join('\n'),
  });
});

test('an exec plugin gets its ExecCredential request, and its token is used', async (context) => {
  const script = `#!/bin/sh
info=$(printf %s "$KUBERNETES_EXEC_INFO" | tr -d '"{}' | tr -c 'a-zA-Z0-9./:,-' '_')
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s|%s"}}' "$GIVEN" "$info"
`;
  const command = join(await folderOf(context, { plugin: script }), 'plugin');
  await chmod(command, 0o700);
  const exec = {
    command,
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'IfAvailable',
    env: [{ name: 'GIVEN', value: 'yes' }],
    provideClusterInfo: true,
  };
  const { authorization } = await load({ exec });
  assert.match(authorization ?? '', /^Bearer yes\|kind:ExecCredential,apiVersion:client.authentication.k8s.io\/v1,/);
  assert.match(authorization ?? '', /server:https:\/\/127.0.0.1:6443/);
});

for (const [what, script, message] of [
  ['is not there', undefined, /exec: fork\/exec .*plugin: no such file or directory$/],
  ['fails', '#!/bin/sh\nexit 3\n', /exec: executable .*plugin failed with exit code 3$/],
  ['says nonsense', '#!/bin/sh\necho s3cr3t\n', /decoding stdout: it is not JSON$/],
  ['prints without an end', '#!/bin/sh\nexec yes s3cr3t\n', /exec: executable .*plugin printed more than 1 MiB$/],
  [
    'prints too much and does not end',
    '#!/bin/sh\nyes s3cr3t | head -c 3000000\nexec sleep 1000\n',
    /exec: executable .*plugin printed more than 1 MiB$/,
  ],
  [
    'is of another version',
    '#!/bin/sh\necho \'{"apiVersion":"v2","status":{"token":"s3cr3t"}}\'\n',
    /plugin returned version v2$/,
  ],
  [
    'gives half a certificate',
    `#!/bin/sh\necho '{"apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"s3cr3t"}}'\n`,
    /only certificate or key, not both$/,
  ],
  [
    'gives nothing',
    `#!/bin/sh\necho '{"apiVersion":"client.authentication.k8s.io/v1","status":{}}'\n`,
    /didn't return a token or cert\/key pair$/,
  ],
] as const) {
  test(`an exec plugin that ${what} is a failed request, and its output is not shown`, async (context) => {
    const folder = await folderOf(context, script === undefined ? {} : { plugin: script });
    const command = join(folder, 'plugin');
    if (script !== undefined) await chmod(command, 0o700);
    const exec = { command, apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' };
    await assert.rejects(load({ exec }), (error: Error & { exitCode: number; hint: string }) => {
      assert.equal(error.exitCode, 1);
      assert.match(error.message, /^Unable to connect to the server: getting credentials: /);
      assert.match(error.message, message);
      assert.doesNotMatch(`${error.message} ${error.hint}`, /s3cr3t/);
      return true;
    });
  });
}
