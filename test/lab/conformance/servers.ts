import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { executablesOf } from '../cluster/build.ts';
import { freePorts } from '../cluster/ports.ts';
import { Supervision } from '../cluster/supervision.ts';
import { nodePrograms } from '../cluster/node/versions.ts';
import { defaultKubernetes, modules, serversOf, stamp, stripped, type Program } from '../cluster/versions.ts';

/** A plugin of kubectl that the suite tests. */
export const convert: Program = {
  name: 'kubectl-convert',
  version: defaultKubernetes,
  module: `${modules}kubernetes`,
  package: 'k8s.io/kubernetes/cmd/kubectl-convert',
  ldflags: `${stripped} ${stamp(defaultKubernetes)}`,
  expected: '1 to 3 minutes',
  variable: 'KUBECTL_TRACE_TEST_KUBECTL_CONVERT',
};

/** The paths of kubectl, its plugin and the servers. */
export async function programs(): Promise<Record<string, string>> {
  const servers = serversOf().filter(({ name }) => name !== 'jaeger');
  const manager = nodePrograms.filter(({ name }) => name === 'kube-controller-manager');
  return executablesOf([...servers, ...manager, convert], {});
}

export interface SuiteServers {
  readonly port: number;
  /** A folder that is removed with the servers. */
  readonly folder: string;
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver and kube-controller-manager as the suite's own hack/make-rules/test-cmd.sh does, but on
 * free ports. `root`: the suite's working folder.
 */
export async function startServers(root: string, paths: Readonly<Record<string, string>>): Promise<SuiteServers> {
  const supervision = await Supervision.begin();
  const { folder } = supervision;
  const [etcd, port, manager] = (await freePorts(3)) as [number, number, number];
  const client = `http://127.0.0.1:${etcd}`;
  const key = join(folder, 'service-account.key');
  const kubeconfig = join(folder, 'kubeconfig');
  const start = (name: string, args: readonly string[]): Promise<void> =>
    supervision.start({
      name,
      command: paths[name]!,
      args,
      env: process.env,
      cwd: root,
      log: join(folder, `${name}.log`),
    });
  try {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await writeFile(kubeconfig, JSON.stringify(adminKubeconfig(port)), { mode: 0o600 });
    await start('etcd', [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      '--listen-peer-urls=http://127.0.0.1:0',
    ]);
    await start('kube-apiserver', [
      '--bind-address=127.0.0.1',
      '--authorization-mode=RBAC,AlwaysAllow',
      `--secure-port=${port}`,
      '--enable-admission-plugins=LimitRanger,ResourceQuota',
      '--disable-admission-plugins=ServiceAccount,DefaultStorageClass,DefaultTolerationSeconds,MutatingAdmissionWebhook,ValidatingAdmissionWebhook,StorageObjectInUseProtection',
      `--etcd-servers=${client}`,
      '--runtime-config=api/v1',
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--cert-dir=${folder}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      '--client-ca-file=hack/testdata/ca/ca.crt',
      '--token-auth-file=hack/testdata/auth-tokens.csv',
      // The default takes the address of an interface; no node reaches this server.
      '--endpoint-reconciler-type=none',
    ]);
    await untilReady(port, join(folder, 'kube-apiserver.log'), supervision);
    await start('kube-controller-manager', [
      '--cluster-signing-cert-file=hack/testdata/ca/ca.crt',
      '--cluster-signing-key-file=hack/testdata/ca/ca.key',
      `--kubeconfig=${kubeconfig}`,
      `--secure-port=${manager}`,
      `--cert-dir=${folder}`,
    ]);
    return { port, folder, stop: () => supervision.finish() };
  } catch (error) {
    await supervision.finish();
    throw error;
  }
}

/** The user of the suite, whose token stands in hack/testdata/auth-tokens.csv. */
export const adminKubeconfig = (port: number): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  users: [{ name: 'test-admin', user: { token: 'admin-token' } }],
  clusters: [{ name: 'local', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
  contexts: [{ name: 'test', context: { cluster: 'local', user: 'test-admin' } }],
  'current-context': 'test',
});

async function untilReady(port: number, log: string, supervision: Supervision): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const ended = supervision.server('kube-apiserver')?.ended;
    if (ended !== undefined) throw new Error(`kube-apiserver: ${ended}\n${(await readFile(log, 'utf8')).slice(-2000)}`);
    if (await isReady(port)) return;
    await sleep(100);
  }
  throw new Error(`kube-apiserver does not respond: ${(await readFile(log, 'utf8')).slice(-2000)}`);
}

/** The server signs its own certificate. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { headers: { authorization: 'Bearer admin-token' }, rejectUnauthorized: false, timeout: 2000 };
    const sent = request(`https://127.0.0.1:${port}/readyz`, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on('error', () => resolve(false)).on('timeout', () => sent.destroy());
    sent.end();
  });
}
