import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCluster } from '../../../src/kube/cluster.ts';
import { TraceCommandError } from '../../../src/errors.ts';
import { testRuntime } from './fixture.ts';
import { folderOf } from './folder.ts';

// A kubeconfig is written by many tools, and by hand: whatever its shape, the end is a connection or a usage error.
const complete = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'here',
  preferences: { colors: true, extensions: [{ name: 'a', extension: {} }] },
  clusters: [
    {
      name: 'one',
      cluster: {
        server: 'https://127.0.0.1:1',
        'insecure-skip-tls-verify': true,
        'tls-server-name': 'kubernetes',
        'proxy-url': 'http://127.0.0.1:1',
        'disable-compression': true,
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }],
      },
    },
  ],
  users: [
    {
      name: 'me',
      user: {
        as: 'someone',
        'as-uid': 'u',
        'as-groups': ['g'],
        'as-user-extra': { scope: ['s'] },
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'no-such-plugin',
          args: ['a'],
          env: [{ name: 'A', value: 'b' }],
          installHint: 'none',
          interactiveMode: 'Never',
          provideClusterInfo: true,
        },
      },
    },
    { name: 'with-token', user: { token: 't', tokenFile: 'token' } },
    { name: 'with-password', user: { username: 'u', password: 'p' } },
    {
      name: 'with-certificate',
      user: {
        'client-certificate': 'c.crt',
        'client-key': 'c.key',
        'client-certificate-data': 'YQ==',
        'client-key-data': 'YQ==',
      },
    },
    {
      name: 'with-provider',
      user: { 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://127.0.0.1:1' } } },
    },
  ],
  contexts: [{ name: 'here', context: { cluster: 'one', user: 'me', namespace: 'shop', extensions: [] } }],
  extensions: [{ name: 'b', extension: 7 }],
};

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...children.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** A copy with another value at the path. */
function withValue(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === Number(key) ? withValue(item, rest, other) : item));
  }
  const mapping = value as Record<string, unknown>;
  return { ...mapping, [key]: withValue(mapping[key], rest, other) };
}

const OTHERS: readonly unknown[] = [
  null,
  '',
  ' ',
  'word',
  'a\nb',
  'a\0b',
  '日本',
  '__proto__',
  0,
  -1.5,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  [{}],
  ['word'],
  { word: 'word' },
  { name: 'here' },
  JSON.parse('{"__proto__": {"token": "x"}, "constructor": 1}') as unknown,
];

const USERS = complete.users.map(({ name }) => name);

test('another value anywhere in a kubeconfig ends in a connection or in a usage error', async (context) => {
  const folder = await folderOf(context, { token: 't' });
  const file = join(folder, 'config');
  const runtime = testRuntime({ cwd: folder, home: folder, env: { PATH: '/bin:/usr/bin' } });
  const reasons = new Set<string>();
  for (const user of USERS) {
    // Each user with its own part of the file; the rest of it is the same for all of them.
    const index = USERS.indexOf(user);
    const mine = pathsOf(complete).filter(
      ([list, item]) => list !== 'users' || item === undefined || Number(item) === index,
    );
    for (const path of user === 'me' ? mine : mine.filter(([list]) => list === 'users')) {
      for (const other of OTHERS) {
        const told = `${user}: ${path.join('.')} = ${JSON.stringify(other)}`;
        await writeFile(file, JSON.stringify(withValue(complete, path, other)));
        try {
          const cluster = await openCluster({ kubeconfig: file, user }, runtime, '0.1.0');
          cluster.close();
        } catch (error) {
          assert.ok(error instanceof TraceCommandError, `${told}: ${(error as Error).stack}`);
          // A plugin that runs, and an issuer that is asked, are failed requests.
          const { exitCode, reason, message, hint } = error;
          const isPlugin = reason === 'CredentialPluginFailed' || reason === 'AuthProviderFailed';
          assert.equal(exitCode, isPlugin ? 1 : 2, `${told}: ${reason} ${message}`);
          assert.ok(message.length > 0 && hint !== '', told);
          reasons.add(reason);
        }
      }
    }
  }
  assert.ok(reasons.has('MalformedKubeconfig') && reasons.has('InvalidKubeconfig'));
});
