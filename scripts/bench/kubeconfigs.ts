import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../../test/lab/cluster/cluster.ts';

/** A kubeconfig of one kind, and the options by which curl does the same. */
export interface Access {
  readonly name: string;
  readonly kubeconfig: string;
  readonly curl: readonly string[];
}

interface Config {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; 'certificate-authority-data'?: string };
  }[];
  readonly contexts: readonly { readonly name: string; readonly context: { readonly user: string } }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
}

/** The kinds of kubeconfig: a token, a client certificate, an exec plugin, and no verification of the server. */
export function accessesOf(cluster: TestCluster, folder: string): readonly Access[] {
  const view = ['config', 'view', '--raw', '-o', 'json', '--kubeconfig', cluster.kubeconfig];
  const config = JSON.parse(execFileSync(cluster.binaries.kubectl, view, { encoding: 'utf8' })) as Config;
  const userOf = (name: string): Readonly<Record<string, string>> =>
    config.users.find((user) => user.name === name)?.user ?? {};
  const { token = '' } = userOf('masters');
  const certificate = userOf('cert');
  const text = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const decoded = (key: string): string => Buffer.from(certificate[key] ?? '', 'base64').toString();
  const [cert, key] = [
    text('client.crt', decoded('client-certificate-data')),
    text('client.key', decoded('client-key-data')),
  ];
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } };
  const plugin = text('plugin', `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
  chmodSync(plugin, 0o700);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
  const [authority, bearer] = [
    ['--cacert', cluster.certificateAuthority],
    ['-H', `Authorization: Bearer ${token}`],
  ];
  const access = (name: string, user: object, curl: readonly string[], verified = true): Access => ({
    name,
    kubeconfig: text(`${name}.json`, JSON.stringify(kubeconfig(cluster, config, user, verified))),
    curl,
  });
  return [
    access('token', { token }, [...authority, ...bearer]),
    access('certificate', certificate, [...authority, '--cert', cert, '--key', key]),
    access('exec plugin', { exec }, [...authority, ...bearer]),
    access('insecure', { token }, ['-k', ...bearer], false),
  ];
}

function kubeconfig({ server }: TestCluster, config: Config, user: object, verified: boolean): object {
  const authority = config.clusters[0]?.cluster['certificate-authority-data'];
  const trust = verified ? { 'certificate-authority-data': authority } : { 'insecure-skip-tls-verify': true };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bench',
    clusters: [{ name: 'bench', cluster: { server, ...trust } }],
    users: [{ name: 'bench', user }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
  };
}
