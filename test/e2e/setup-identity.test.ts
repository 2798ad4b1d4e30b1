import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { load } from 'js-yaml';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { startSigningCluster, type SigningCluster } from '../support/signing-cluster.ts';

/* setup identity against a real API server and a real signer. The steps of the suite follow each other. */

const home = cleanHome();
const folder = join(home.path, '.kube');
const config = join(folder, 'config');
const tracerFile = join(folder, 'kubectl-trace.kubeconfig.yaml');
let signing: SigningCluster | undefined;

before(async () => {
  signing = await startSigningCluster({ samplingRatePerMillion: 0 });
  mkdirSync(folder);
  copyFileSync(signing.cluster.kubeconfig, config);
});
after(async () => {
  await signing?.stop();
  home.remove();
});

const cluster = (): SigningCluster['cluster'] => signing!.cluster;

const run = (args: readonly string[], input = '', kubeconfig = `${config}:${tracerFile}`): Promise<Outcome> =>
  kubectlTrace(home.path, args, { input, env: { KUBECONFIG: kubeconfig } });

/** Names of the objects that setup has made. */
async function madeObjects(): Promise<readonly string[]> {
  const paths = [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    '/apis/certificates.k8s.io/v1/certificatesigningrequests',
  ];
  const lists = await Promise.all(
    paths.map((path) => cluster().call('GET', `${path}?labelSelector=app.kubernetes.io/managed-by%3Dkubectl-trace`)),
  );
  return lists.flatMap(({ body }) => {
    const { kind, items } = JSON.parse(body) as { kind: string; items: { metadata: { name: string } }[] };
    return items.map(({ metadata }) => `${kind.replace(/List$/, '')} ${metadata.name}`);
  });
}

interface KubeconfigDocument {
  readonly users: readonly [{ readonly name: string; readonly user: Readonly<Record<string, string>> }];
}

const traced = async (args: readonly string[]): Promise<{ outcome: Outcome; document: Record<string, unknown> }> => {
  const backend = ['--backend', `jaeger=${cluster().backendURL}`, '--wait', '20s', '-o', 'json'];
  const outcome = await run([...args, ...backend]);
  return { outcome, document: JSON.parse(outcome.stdout) as Record<string, unknown> };
};

suite('setup identity', () => {
  test('changes nothing without confirmation', async () => {
    for (const input of ['n\n', '', 'yes please\n']) {
      const { code, stderr, stdout } = await run(['setup', 'identity'], input);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, /Every process that can read this file can act as you/);
      assert.match(stderr, /error: nothing was changed: it was not confirmed/);
    }
    assert.deepEqual(await madeObjects(), []);
    assert.deepEqual(readdirSync(folder), ['config']);
  });

  test('has nothing to do for a user whose trace context is accepted', async () => {
    const { code, stdout } = await run(['setup', 'identity', '--context', 'monitoring', '--yes']);
    assert.equal(code, 0);
    assert.match(stdout, /^nothing to do: monitoring is in system:monitoring/);
    assert.deepEqual(readdirSync(folder), ['config']);
  });

  test('is refused where the user may not make it, and leaves nothing behind', async () => {
    const { code, stderr } = await run(['setup', 'identity', '--context', 'nobody', '--yes']);
    assert.equal(code, 1);
    assert.match(stderr, /Error from server \(Forbidden\): certificatesigningrequests/);
    assert.deepEqual(await madeObjects(), []);
    assert.deepEqual(readdirSync(folder), ['config']);
  });

  test('makes a user in system:monitoring after confirmation, with its own key', async () => {
    const { code, stdout, stderr } = await run(['setup', 'identity', '--duration', '10m'], 'y\n');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /verified: kubectl-trace acts as kubernetes-admin/);
    assert.match(stdout, new RegExp(`export KUBECONFIG=${config}:${tracerFile}`));
    assert.equal(statSync(tracerFile).mode & 0o777, 0o600);
    const { users } = load(readFileSync(tracerFile, 'utf8')) as KubeconfigDocument;
    const certificate = new X509Certificate(Buffer.from(users[0].user['client-certificate-data']!, 'base64'));
    assert.equal(certificate.subject, 'O=system:monitoring\nCN=kubectl-trace:kubernetes-admin');
    const minutes = (certificate.validToDate.getTime() - Date.now()) / 60_000;
    assert.ok(minutes > 5 && minutes <= 10.1, `valid for ${minutes} minutes`);
    assert.match(Buffer.from(users[0].user['client-key-data']!, 'base64').toString(), /^-----BEGIN PRIVATE KEY-----/);
    // The request has done its work.
    assert.deepEqual(
      (await madeObjects()).map((each) => each.replace(/-[0-9a-f]{10}$/, '')),
      ['ClusterRole kubectl-trace-tracer', 'ClusterRoleBinding kubectl-trace-tracer'],
    );
  });

  test('grants constrained impersonation of this user alone', async () => {
    const [, name = ''] = (await madeObjects())[0]!.split(' ');
    const { body } = await cluster().call('GET', `/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`);
    const { rules } = JSON.parse(body) as {
      readonly rules: readonly { readonly resourceNames?: readonly string[]; readonly verbs: readonly string[] }[];
    };
    const acting = rules.filter(({ verbs }) => verbs.includes('impersonate:user-info'));
    assert.deepEqual(
      acting.map(({ resourceNames }) => resourceNames),
      [['kubernetes-admin'], ['kubeadm:cluster-admins', 'system:authenticated'], ['kubernetes-admin']],
    );
    const others = rules.filter((rule) => !acting.includes(rule)).flatMap(({ verbs }) => verbs);
    assert.deepEqual(
      others.filter((verb) => !verb.startsWith('impersonate-on:user-info:')),
      [],
    );
  });

  test('makes the trace context of a request accepted', async () => {
    const without = await run(['get', 'namespaces', '--backend', `jaeger=${cluster().backendURL}`, '-o', 'json']);
    assert.equal((JSON.parse(without.stdout) as { verdict: string }).verdict, 'missing');
    const { outcome, document } = await traced(['get', 'namespaces', '--tracer-user', 'kubectl-trace']);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.equal(document['verdict'], 'complete');
    const [request] = document['requests'] as readonly { readonly lookup: object }[];
    const { foundBy, contextKept, traceID } = request!.lookup as Record<string, unknown>;
    const { traceID: own } = document['command'] as { readonly traceID: string };
    assert.deepEqual([foundBy, contextKept, traceID], ['trace-id', true, own]);
  });

  test('gives the permissions of the current user and no others', async () => {
    const path = '/api/v1/namespaces/kube-system/secrets';
    const asUser = await run(['raw', 'GET', path, '--tracer-user', 'kubectl-trace', '--wait', '0']);
    assert.equal(asUser.code, 0, asUser.stderr);
    const refused: readonly (readonly string[])[] = [
      // The tracer itself has no permission.
      ['--context', 'kubectl-trace'],
      // It may act as no other user, and not in another group.
      ['--context', 'kubectl-trace', '--as', 'super-admin'],
      ['--context', 'kubectl-trace', '--as', 'kubernetes-admin', '--as-group', 'system:masters'],
      ['--context', 'kubectl-trace', '--as', 'system:serviceaccount:kube-system:default'],
    ];
    for (const flags of refused) {
      const { code, stderr } = await run(['raw', 'GET', path, ...flags, '--wait', '0']);
      assert.equal(code, 1, flags.join(' '));
      assert.match(stderr, /\(Forbidden\)/, flags.join(' '));
    }
  });

  test('loses a permission when the current user loses it', async () => {
    const name = 'kubeadm:cluster-admins';
    const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
    const { body } = await cluster().call('GET', `${bindings}/${name}`);
    await cluster().call('DELETE', `${bindings}/${name}`);
    try {
      const secrets = ['raw', 'GET', '/api/v1/secrets', '--tracer-user', 'kubectl-trace', '--wait', '0'];
      let outcome = await run(secrets);
      for (let attempt = 0; outcome.code === 0 && attempt < 20; attempt++) outcome = await run(secrets);
      assert.match(outcome.stderr, /secrets is forbidden: User "kubernetes-admin"/);
    } finally {
      const { metadata, ...rest } = JSON.parse(body) as { metadata: { name: string } };
      await cluster().call('POST', bindings, { body: { ...rest, metadata: { name: metadata.name } } });
    }
  });

  test('renews an identity in place', async () => {
    const old = readFileSync(tracerFile, 'utf8');
    let outcome = await run(['setup', 'identity', '--yes']);
    // The binding of the test before has to reach the authorizer.
    for (let attempt = 0; outcome.code !== 0 && attempt < 20; attempt++)
      outcome = await run(['setup', 'identity', '--yes']);
    assert.equal(outcome.code, 0, outcome.stderr);
    assert.notEqual(readFileSync(tracerFile, 'utf8'), old);
    assert.equal((await madeObjects()).length, 2);
  });

  test('is refused for a second server or user of the same name, and the first one stays', async () => {
    const [written, made] = [readFileSync(tracerFile, 'utf8'), await madeObjects()];
    const { port } = new URL(cluster().server);
    const second = join(folder, 'second');
    const text = readFileSync(config, 'utf8');
    writeFileSync(second, text.replaceAll(cluster().server, `https://localhost:${port}`));
    const other = await run(['setup', 'identity', '--yes'], '', `${second}:${tracerFile}`);
    assert.deepEqual([other.code, other.stdout], [2, ''], other.stderr);
    assert.match(
      other.stderr,
      new RegExp(`${tracerFile} is for ${cluster().server}, and this is https://localhost:${port}`),
    );
    assert.match(other.stderr, /nothing was changed; give another name: --tracer-name NAME/);
    const user = await run(['setup', 'identity', '--context', 'nobody', '--yes']);
    assert.equal(user.code, 2, user.stderr);
    assert.match(user.stderr, /is for another user of https:.* than nobody/);
    assert.equal(readFileSync(tracerFile, 'utf8'), written);
    assert.deepEqual(await madeObjects(), made);
  });

  test('--undo removes all of it', async () => {
    const copy = join(home.path, 'copy.yaml');
    copyFileSync(tracerFile, copy);
    const { code, stdout, stderr } = await run(['setup', 'identity', '--undo'], 'y\n');
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /removed ClusterRoleBinding .*\nremoved ClusterRole .*\nremoved .*kubectl-trace\.kubeconfig\.yaml\n/,
    );
    assert.deepEqual(await madeObjects(), []);
    assert.equal(existsSync(tracerFile), false);
    const secrets = ['raw', 'GET', '/api/v1/secrets', '--tracer-user', 'kubectl-trace', '--wait', '0'];
    let outcome = await run(secrets, '', `${config}:${copy}`);
    for (let attempt = 0; outcome.code === 0 && attempt < 20; attempt++)
      outcome = await run(secrets, '', `${config}:${copy}`);
    assert.match(outcome.stderr, /\(Forbidden\)/);
    assert.match((await run(['setup', 'identity', '--undo', '--yes'])).stdout, /^nothing to remove/);
  });

  test('does not replace a file of another program', async () => {
    writeFileSync(tracerFile, 'apiVersion: v1\nkind: Config\n');
    const { code, stderr } = await run(['setup', 'identity', '--yes']);
    assert.equal(code, 1);
    assert.match(stderr, /exists, and another program wrote it/);
    assert.equal(readFileSync(tracerFile, 'utf8'), 'apiVersion: v1\nkind: Config\n');
    assert.deepEqual(await madeObjects(), []);
  });
});

suite('setup metrics-reader', () => {
  const path = '/metrics';

  test('prints a role for the current user, changes nothing, and applies it on request', async () => {
    const printed = await run(['setup', 'metrics-reader', '--subject', 'user:nobody'], '', config);
    assert.match(
      printed.stdout,
      /\n# Nothing was changed\. Apply it: kubectl trace setup metrics-reader --subject user:nobody --apply\n/,
    );
    assert.match(printed.stdout, /nonResourceURLs:\n {2}- \/metrics\n {2}verbs:\n {2}- get\n/);
    assert.deepEqual(await madeObjects(), []);
    const refused = await run(['raw', 'GET', path, '--context', 'nobody', '--wait', '0'], '', config);
    assert.match(refused.stderr, /Forbidden/);
    const applied = await run(['setup', 'metrics-reader', '--subject', 'user:nobody', '--apply'], 'y\n', config);
    assert.equal(applied.code, 0, applied.stderr);
    let read = await run(['raw', 'GET', path, '--context', 'nobody', '--wait', '0'], '', config);
    for (let attempt = 0; read.code !== 0 && attempt < 20; attempt++)
      read = await run(['raw', 'GET', path, '--context', 'nobody', '--wait', '0'], '', config);
    assert.equal(read.code, 0, read.stderr);
  });

  test('--undo removes it', async () => {
    const { code, stdout } = await run(['setup', 'metrics-reader', '--undo', '--yes'], '', config);
    assert.equal(code, 0);
    assert.match(stdout, /^removed ClusterRoleBinding and ClusterRole kubectl-trace-metrics-reader\n/);
    assert.deepEqual(await madeObjects(), []);
  });
});
