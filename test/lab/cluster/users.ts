import { randomBytes } from 'node:crypto';
import type { Credentials } from './certificate.ts';

/** The contexts of the cluster's kubeconfig. */
export type ContextName = 'admin' | 'masters' | 'monitoring' | 'nobody' | 'wrong-token' | 'cert';

interface User {
  readonly context: ContextName;
  readonly name: string;
  readonly groups: readonly string[];
  /** Undefined for the user with a client certificate. */
  readonly token?: string;
  /** False for a token that the API server has never heard of. */
  readonly known: boolean;
}

export type Users = readonly User[];

/**
 * The group that `kubeadm init` has put into admin.conf since 1.29: a group bound to cluster-admin, not system:masters.
 */
const adminGroup = 'kubeadm:cluster-admins';

export function createUsers(): Users {
  const token = (): string => randomBytes(16).toString('hex');
  return [
    { context: 'admin', name: 'kubernetes-admin', groups: [adminGroup], token: token(), known: true },
    { context: 'masters', name: 'super-admin', groups: ['system:masters'], token: token(), known: true },
    { context: 'monitoring', name: 'monitoring', groups: ['system:monitoring'], token: token(), known: true },
    { context: 'nobody', name: 'nobody', groups: [], token: token(), known: true },
    { context: 'wrong-token', name: 'stranger', groups: [], token: token(), known: false },
    { context: 'cert', name: 'kubernetes-admin', groups: [adminGroup], known: true },
  ];
}

/** The file of `--token-auth-file`: token, user, uid, "group,group". */
export function tokenFile(users: Users): string {
  return users
    .filter(({ token, known }) => token !== undefined && known)
    .map(({ token, name, groups }) => `${token},${name},${name},"${groups.join(',')}"\n`)
    .join('');
}

export function userOf(users: Users, context: ContextName): User {
  return users.find((user) => user.context === context)!;
}

/** A binding to cluster-admin for the group of `admin` and for the user `monitoring`, whose group may read metrics only. */
export function clusterAdminBindings(): { metadata: { name: string } }[] {
  const binding = (kind: 'Group' | 'User', name: string): { metadata: { name: string } } & Record<string, unknown> => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: kind === 'Group' ? name : `${name}-cluster-admin` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind, name }],
  });
  return [binding('Group', adminGroup), binding('User', 'monitoring')];
}

/** A kubeconfig with one context for each user, `admin` being the current one. */
export function kubeconfig(server: string, authority: string, users: Users, certificate: Credentials): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const entry = ({ context, token }: User): string[] => [
    `- name: ${context}`,
    '  user:',
    ...(token === undefined
      ? [
          `    client-certificate-data: ${base64(certificate.certificate)}`,
          `    client-key-data: ${base64(certificate.key)}`,
        ]
      : [`    token: "${token}"`]),
  ];
  const lines = [
    'apiVersion: v1',
    'kind: Config',
    'current-context: admin',
    'clusters:',
    '- name: test',
    '  cluster:',
    `    server: ${server}`,
    `    certificate-authority-data: ${base64(authority)}`,
    'contexts:',
    ...users.flatMap(({ context }) => [
      `- name: ${context}`,
      '  context:',
      '    cluster: test',
      '    namespace: default',
      `    user: ${context}`,
    ]),
    'users:',
    ...users.flatMap(entry),
  ];
  return `${lines.join('\n')}\n`;
}

/** A kubeconfig for one server of the cluster, in JSON, which is YAML too. */
export function serverKubeconfig(server: string, authority: string, { certificate, key }: Credentials): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'own',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [{ name: 'own', user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) } }],
    contexts: [{ name: 'own', context: { cluster: 'test', user: 'own' } }],
  });
}
