import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { serve } from '../support/http-server.ts';
import { cleanHome, kubectlTrace, type Outcome, type RunOptions } from '../support/kubectl-trace.ts';
import { parseDiagnosis, type DiagnosisDocument } from '../support/schema.ts';

/** A cluster that traces every request. Other clusters are in test/lab/doctor, whose results are recorded. */
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const run = (args: readonly string[], { env, ...options }: RunOptions = {}): Promise<Outcome> =>
  kubectlTrace(home.path, ['doctor', ...args], { ...options, env: { KUBECONFIG: cluster().kubeconfig, ...env } });

const backend = (): string => `jaeger=${cluster().backendURL}`;

async function diagnose(args: readonly string[], options: RunOptions = {}): Promise<DiagnosisDocument> {
  const { code, stdout, stderr } = await run([...args, '-o', 'json'], options);
  const document = parseDiagnosis(stdout);
  assert.equal(document.exitCode, code, stderr);
  return document;
}

const stateOf = ({ checks }: DiagnosisDocument, id: string): string | undefined =>
  checks.find((check) => check.id === id)?.state;

suite('on a healthy cluster', () => {
  for (const user of ['admin', 'masters', 'monitoring', 'cert']) {
    test(`${user} is shown no cause, and the canary is found`, async () => {
      const document = await diagnose(['--context', user, '--backend', backend()]);
      assert.deepEqual(document.causes, []);
      assert.equal(document.exitCode, 0);
      assert.equal(document.brokenLink, null);
      const { foundBy } = document.canary?.backend ?? {};
      assert.equal(foundBy, user === 'masters' || user === 'monitoring' ? 'trace-id' : 'audit-id');
      assert.equal(stateOf(document, 'canary'), 'ok');
    });
  }

  test('a user without permissions sees what could not be seen, and what an administrator would run', async () => {
    const document = await diagnose(['--context', 'nobody', '--backend', backend()]);
    assert.deepEqual(document.causes, []);
    const permissions = document.checks.find(({ id }) => id === 'permissions');
    assert.equal(permissions?.state, 'unknown');
    assert.match(permissions.summary, /you may not get \/metrics.*list pods in kube-system/);
    assert.ok(permissions.fix.some((line) => line.trim() === 'kubectl get --raw /flagz'));
    assert.equal(stateOf(document, 'replicas'), 'unknown');
    assert.equal(stateOf(document, 'canary'), 'ok');
  });

  test('every check has a line with a sign and a word, and only those in need of it have more', async () => {
    const { code, stdout } = await run(['--context', 'masters', '--backend', backend()]);
    assert.equal(code, 0);
    const heads = stdout.split('\n').filter((line) => /^[✓‼✗·] (?:ok|warning|failed|unknown) /.test(line));
    assert.equal(heads.length, 17);
    assert.doesNotMatch(stdout, /looked at/);
    const wide = await run(['--context', 'masters', '--backend', backend(), '-o', 'wide', '--ascii', '--width', '80']);
    assert.match(wide.stdout, /^\+ ok {7}API server {7}https:/m);
    assert.match(wide.stdout, /^ {4}looked at {2}GET https:/m);
    assert.ok(wide.stdout.split('\n').every((line) => line.length <= 80));
  });

  test('no credential is in any output', async () => {
    for (const args of [['-o', 'wide'], ['-o', 'json'], ['-v=9']]) {
      const { stdout, stderr } = await run(['--backend', backend(), ...args]);
      assert.ok(!`${stdout}${stderr}`.includes(cluster().token('admin')));
    }
  });
});

suite('the trace backend', () => {
  test('that does not respond is named, and nothing else', async () => {
    const document = await diagnose(['--backend', 'jaeger=http://127.0.0.1:9']);
    assert.deepEqual([document.causes, document.brokenLink, document.exitCode], [['BackendUnreachable'], 'backend', 3]);
  });

  test('that does not exist is named, and nothing else', async () => {
    const document = await diagnose([]);
    assert.deepEqual([document.causes, document.brokenLink, document.exitCode], [['NoBackend'], 'backend', 3]);
  });
});

suite('what the program itself shows', () => {
  const folder = (name: string, file: string): string => {
    const path = join(home.path, name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, file), '#!/bin/sh\n');
    chmodSync(join(path, file), 0o755);
    return `${path}:${process.env['PATH']}`;
  };

  test('another kubectl-trace before ours on the PATH', async () => {
    const env = { PATH: folder('shadow', 'kubectl-trace') };
    const document = await diagnose(['--context', 'masters', '--backend', backend()], { env });
    assert.deepEqual([document.causes, document.exitCode], [['ProgramShadowed'], 0]);
  });

  test('a file that kubectl takes for a command of ours', async () => {
    const env = { PATH: folder('hijack', 'kubectl-trace-get') };
    const document = await diagnose(['--context', 'masters', '--backend', backend()], { env });
    assert.deepEqual(document.causes, ['ProgramHijacked']);
  });
});

suite('with --tracer-user', () => {
  test('a user of system:monitoring who may impersonate: the canary is found by its trace ID', async () => {
    const document = await diagnose(['--tracer-user', 'monitoring', '--backend', backend()]);
    assert.deepEqual([document.causes, document.exitCode], [[], 0]);
    assert.equal(document.canary?.backend?.foundBy, 'trace-id');
  });

  test('one who may not impersonate is named, and what makes one who may', async () => {
    const document = await diagnose(['--tracer-user', 'nobody', '--backend', backend()]);
    assert.deepEqual([document.causes, document.brokenLink, document.exitCode], [['Refused'], null, 3]);
    const identity = document.checks.find(({ id }) => id === 'identity');
    assert.match(identity?.fix.join() ?? '', /needs the verb impersonate .* setup identity grants them/);
  });

  test('a server that does not respond is named as without it', async () => {
    const document = await diagnose(['--tracer-user', 'monitoring', '--server', 'https://127.0.0.1:9']);
    assert.deepEqual([document.causes, document.brokenLink, document.exitCode], [['Unreachable'], 'reach', 1]);
  });

  test('one whom the kubeconfig does not have is an error of every command, which says what makes one', async () => {
    const { code, stderr } = await run(['--tracer-user', 'absent']);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: auth info "absent" does not exist\nhint: .*; kubectl trace setup identity makes a tracer/,
    );
  });
});

suite('without a usable API server', () => {
  test('an address that does not respond ends with exit status 1', async () => {
    const document = await diagnose(['--server', 'https://127.0.0.1:9']);
    assert.deepEqual([document.causes, document.brokenLink, document.exitCode], [['Unreachable'], 'reach', 1]);
    assert.deepEqual(
      document.checks.map(({ id }) => id),
      ['reach', 'installation'],
    );
  });

  test('an expired client certificate is named', async () => {
    const day = 86_400_000;
    const kubeconfig = join(home.path, 'expired');
    const validity = { from: Date.now() - 3 * day, to: Date.now() - 2 * day };
    writeFileSync(kubeconfig, cluster().kubeconfigOf('kubernetes-admin', ['kubeadm:cluster-admins'], validity));
    const document = await diagnose([], { env: { KUBECONFIG: kubeconfig } });
    assert.deepEqual([document.causes, document.exitCode], [['CertificateExpired'], 1]);
  });

  test('a refused token is named', async () => {
    const document = await diagnose(['--context', 'wrong-token']);
    assert.deepEqual([document.causes, document.exitCode], [['Refused'], 1]);
  });

  test('hostile text is escaped on the terminal', async (t) => {
    const hostile = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ gitVersion: 'v1.37.2\u001b[2J\u202e', major: '1', minor: '37', items: [], groups: [] }),
      );
    });
    const { stdout } = await run(['--server', hostile.url, '-o', 'wide', '--backend', 'jaeger=http://127.0.0.1:9']);
    assert.match(stdout, /v1\.37\.2/);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(stdout, /[\u001b\u202e]/);
  });
});

test('bad arguments are refused before anything is sent', async () => {
  assert.equal((await run(['nodes'])).code, 2);
  assert.equal((await run(['-o', 'otlp'])).code, 2);
  const absent = await run(['--tracing-config-file', join(home.path, 'absent'), '-o', 'json']);
  assert.equal(absent.code, 2);
  assert.equal(parseDiagnosis(absent.stdout).error?.reason, 'InvalidTracingConfiguration');
});
