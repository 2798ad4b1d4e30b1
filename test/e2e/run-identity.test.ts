import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { load } from 'js-yaml';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { runKubectl } from '../contract/kubectl.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { requestsOf, RunScene } from './run-scene.ts';

/** Whom the real API server sees, and what that user may do, with `run` and without it. The oracle is kubectl alone. */

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());
const scene = new RunScene(cluster, home.path);
const kubeconfig = join(home.path, 'acting.yaml');

interface KubeconfigFile {
  users: { name: string; user: Record<string, unknown> }[];
}

/** Every user of the cluster, acting as another one. */
function actingKubeconfig(
  actsAs: object = {
    as: 'restricted',
    'as-uid': 'uid-1',
    'as-groups': ['dev', 'qa'],
    'as-user-extra': { reason: ['drill'] },
  },
): string {
  const config = load(readFileSync(cluster().kubeconfig, 'utf8')) as KubeconfigFile;
  for (const { user } of config.users) Object.assign(user, actsAs);
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  return kubeconfig;
}

const WHOAMI = ['auth', 'whoami', '-o', 'json'];

const userOf = (stdout: string): unknown => (JSON.parse(stdout) as { status: { userInfo: unknown } }).status.userInfo;

const alone = (flags: readonly string[], command: readonly string[]): ReturnType<typeof runKubectl> =>
  runKubectl(cluster().binaries.kubectl, ['--context', 'masters', ...flags, ...command], {
    KUBECONFIG: actingKubeconfig(),
  });

suite('a command acts as the same user with and without run', () => {
  const rows: readonly (readonly string[])[] = [
    [],
    ['--as', 'jane'],
    ['--as', 'jane', '--as-group', 'ops'],
    ['--as-group', 'ops'],
    ['--as', 'jane', '--as-uid', 'uid-2'],
    ['--as-user-extra', 'scopes=a'],
  ];
  for (const flags of rows) {
    test(`kubectl ${flags.join(' ')}`.trim(), async () => {
      const { stdout, stderr } = await alone(flags, WHOAMI);
      const ran = await scene.plain(['--context', 'masters'], ['kubectl', ...flags, ...WHOAMI], {
        env: { KUBECONFIG: actingKubeconfig() },
      });
      assert.notEqual(stdout, '', stderr);
      assert.deepEqual(userOf(ran.stdout), userOf(stdout));
    });
  }
});

suite('headers of a hostile client leave the identity and its permissions as they are', () => {
  const review = {
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    method: 'POST',
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    printBody: true,
  };
  const secrets = { path: '/api/v1/secrets' };
  const hostile: readonly Readonly<Record<string, string | readonly string[]>>[] = [
    {},
    { 'Impersonate-Foo': 'x' },
    { 'Impersonate-User': '' },
    { 'Impersonate-Uid': '', 'Impersonate-Group': '', 'Impersonate-Extra-Reason': '' },
    { Connection: 'impersonate-user, impersonate-group, authorization' },
    { 'X-Remote-User': 'system:admin', 'X-Remote-Group': 'system:masters' },
  ];
  for (const headers of hostile) {
    test(JSON.stringify(headers), async () => {
      const expected = await alone([], WHOAMI);
      const allowed = await alone([], ['auth', 'can-i', 'list', 'secrets', '-A']);
      assert.match(allowed.stdout, /^no/);
      const ran = await scene.plain(
        ['--context', 'masters'],
        requestsOf({ ...review, headers: { ...headers, 'content-type': 'application/json' } }, { ...secrets, headers }),
        { env: { KUBECONFIG: actingKubeconfig() } },
      );
      const [who = '', status] = ran.stdout.trim().split('\n');
      assert.deepEqual(userOf(who), userOf(expected.stdout), ran.stderr);
      assert.equal(status, '403');
    });
  }

  test('an empty user name before another does not give back the permissions of the real user', async () => {
    const ran = await scene.plain(
      ['--context', 'masters'],
      requestsOf({ ...secrets, headers: { 'Impersonate-User': ['', 'restricted'] } }),
      { env: { KUBECONFIG: actingKubeconfig({ as: 'restricted' }) } },
    );
    assert.equal(ran.stdout.trim(), '403', ran.stderr);
  });
});
