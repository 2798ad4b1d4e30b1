import { ExitCode, TraceCommandError } from '../errors.ts';
import type { ClusterEntry, UserEntry } from './kubeconfig-entry.ts';

/**
 * The plugin's section with KUBERNETES_EXEC_INFO among its variables, as the protocol wants it
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 */
export function execSection(user: UserEntry, cluster: ClusterEntry): Readonly<Record<string, unknown>> | undefined {
  const { exec } = user;
  if (exec === undefined) return undefined;
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec['apiVersion'] ?? 'client.authentication.k8s.io/v1',
    spec: {
      interactive: false,
      ...(exec['provideClusterInfo'] === true && {
        cluster: {
          server: cluster.server,
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.insecureSkipTLSVerify,
          'certificate-authority-data': cluster.certificateAuthorityData,
          config: cluster.execConfiguration,
        },
      }),
    },
  };
  const env = Array.isArray(exec['env']) ? exec['env'] : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
}

/** A plugin that gave no credentials. What it wrote is not shown: it may hold some. */
export function pluginError(error: NodeJS.ErrnoException, exec: Readonly<Record<string, unknown>>): TraceCommandError {
  const command = textOf(exec['command']) ?? '';
  const absent = error.code === 'ENOENT';
  const why = absent ? `executable ${command} not found` : `executable ${command} failed with an error`;
  const hint = absent
    ? (textOf(exec['installHint']) ?? `install ${command}, or put it into PATH`)
    : `run the plugin by itself to see its message: ${command}`;
  const message = `Unable to connect to the server: getting credentials: exec: ${why}`;
  return new TraceCommandError(ExitCode.requestFailed, 'CredentialPluginFailed', message, { hint });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
