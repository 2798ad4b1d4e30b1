import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, newSigningKey, type Authority } from './certificate.ts';
import { auditPolicy, tracingConfiguration, type ClusterOptions, type Ports } from './commands.ts';
import { kubeconfig, tokenFile, userOf, type Users } from './users.ts';

/** Writes what kube-apiserver and its clients read, all of it 0600. The authority is that of `ca.crt`. */
export async function writeClusterFiles(
  folder: string,
  server: string,
  users: Users,
  ports: Ports,
  options: ClusterOptions,
): Promise<Authority> {
  const authority = createAuthority('kubernetes');
  const serving = authority.issueServer(['localhost', '127.0.0.1', 'kubernetes', 'kubernetes.default.svc']);
  const { name, groups } = userOf(users, 'cert');
  const kubeletClient = authority.issueClient('kube-apiserver-kubelet-client', ['system:masters']);
  const files = {
    'ca.crt': authority.certificate,
    'server.crt': serving.certificate,
    'server.key': serving.key,
    'kubelet-client.crt': kubeletClient.certificate,
    'kubelet-client.key': kubeletClient.key,
    'service-account.key': newSigningKey(),
    'tokens.csv': tokenFile(users),
    'tracing.yaml': tracingConfiguration(ports, options),
    'audit-policy.yaml': auditPolicy,
    kubeconfig: kubeconfig(server, authority.certificate, users, authority.issueClient(name, groups)),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text, { mode: 0o600 });
  return authority;
}
