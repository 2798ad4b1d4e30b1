import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import { systemErrorText } from '../../format/system-error.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './kubeconfig-entry.ts';
import type { Selection } from './selection.ts';

/**
 * Refuses a cluster and a user that contradict themselves or name files that cannot be read, with all that is wrong in
 * kubectl's words (client-go tools/clientcmd/validation.go, transport/transport.go). Rejects with a UsageError.
 */
export async function checkSelection(
  selection: Pick<Selection, 'clusterName' | 'cluster' | 'userName' | 'user'>,
): Promise<void> {
  const { clusterName, cluster, userName, user } = selection;
  const faults = [...(await userFaults(user, userName)), ...(await clusterFaults(cluster, clusterName))];
  const [first] = faults;
  if (first !== undefined) {
    const all = ['Error in configuration: ', ...faults.map((fault) => `* ${fault}`)].join('\n');
    throw new UsageError('InvalidKubeconfig', faults.length === 1 ? first : all, hintOf(faults));
  }
  if (!cluster.server.startsWith('https:')) return;
  const { exec } = user;
  if (exec !== undefined && !EXEC_VERSIONS.has(exec.apiVersion ?? '')) {
    const message = `exec plugin: invalid apiVersion ${JSON.stringify(exec.apiVersion ?? '')}`;
    throw new UsageError('InvalidKubeconfig', message, { hint: `it is ${[...EXEC_VERSIONS].join(' or ')}` });
  }
  const hasAuthority = cluster.certificateAuthority !== undefined || cluster.certificateAuthorityData !== undefined;
  if (hasAuthority && cluster.insecureSkipTLSVerify === true) {
    const message = 'specifying a root certificates file with the insecure flag is not allowed';
    throw new UsageError('InvalidKubeconfig', message, {
      hint: 'remove insecure-skip-tls-verify, or certificate-authority and certificate-authority-data',
    });
  }
}

/** client-go plugin/pkg/client/auth/exec/exec.go. */
const EXEC_VERSIONS: ReadonlySet<string> = new Set([
  'client.authentication.k8s.io/v1beta1',
  'client.authentication.k8s.io/v1',
]);

function hintOf(faults: readonly string[]): { readonly hint?: string } {
  if (faults.some((fault) => fault.includes('without impersonating'))) return { hint: 'name the user too: --as USER' };
  return {};
}

async function userFaults(user: UserEntry, name: string): Promise<string[]> {
  const faults: (string | undefined)[] = [];
  if (user.clientCertificate !== undefined || user.clientCertificateData !== undefined) {
    if (user.clientCertificate !== undefined && user.clientCertificateData !== undefined) {
      faults.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`);
    }
    if (user.clientKey !== undefined && user.clientKeyData !== undefined) {
      faults.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
    }
    if (user.clientKey === undefined && user.clientKeyData === undefined) {
      faults.push(
        `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
      );
    }
    faults.push(await fileFault('client-cert', user.clientCertificate, name));
    faults.push(await fileFault('client-key', user.clientKey, name));
  }
  if (user.exec !== undefined) {
    if (user.authProvider !== undefined) {
      faults.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
    }
    faults.push(...execFaults(user.exec, name));
  }
  if (user.token !== undefined && (user.username !== undefined || user.password !== undefined)) {
    faults.push(`more than one authentication method found for ${name}; found [token basicAuth], only one is allowed`);
  }
  const others = [user.asUID, user.asGroups?.[0], Object.keys(user.asUserExtra ?? {})[0]];
  if (user.as === undefined && others.some((each) => each !== undefined)) {
    faults.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  }
  return faults.filter((fault) => fault !== undefined);
}

function* execFaults({ command, apiVersion, env, interactiveMode: mode }: ExecEntry, name: string): Generator<string> {
  const missing = (what: string): string => `${what} must be specified for ${name} to use exec authentication plugin`;
  if (command === undefined) yield missing('command');
  if (apiVersion === undefined) yield missing('apiVersion');
  for (const variable of env ?? []) if (variable.name === undefined) yield missing('env variable name');
  if (mode === undefined) yield missing('interactiveMode');
  else if (!['Never', 'IfAvailable', 'Always'].includes(mode)) {
    yield `invalid interactiveMode for ${name}: ${JSON.stringify(mode)}`;
  }
}

async function clusterFaults(cluster: ClusterEntry, name: string): Promise<string[]> {
  const { certificateAuthority, certificateAuthorityData } = cluster;
  const faults: (string | undefined)[] = [];
  if (certificateAuthority !== undefined && certificateAuthorityData !== undefined) {
    faults.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    );
  }
  faults.push(await fileFault('certificate-authority', certificateAuthority, name));
  return faults.filter((fault) => fault !== undefined);
}

async function fileFault(what: string, path: string | undefined, owner: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    await readFile(path);
    return undefined;
  } catch (error) {
    const why = cannotOpen(path, error as NodeJS.ErrnoException);
    return `unable to read ${what} ${path} for ${owner} due to ${why}`;
  }
}

/** Go's words for a file that does not open. */
export const cannotOpen = (path: string, { code }: NodeJS.ErrnoException): string =>
  `open ${path}: ${systemErrorText({ code, message: code ?? 'cannot be read' })}`;
