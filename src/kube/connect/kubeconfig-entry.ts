import type { EntryReader } from './entry-reader.ts';

/** `clusters[].cluster` of a kubeconfig. Paths are absolute. */
export interface ClusterEntry {
  readonly server?: string;
  readonly certificateAuthority?: string;
  /** PEM in base64. */
  readonly certificateAuthorityData?: string;
  readonly insecureSkipTLSVerify?: boolean;
  readonly tlsServerName?: string;
  readonly proxyURL?: string;
  readonly disableCompression?: boolean;
  /** For exec plugins: the extension `client.authentication.k8s.io/exec`. */
  readonly execConfiguration?: unknown;
}

/** `users[].user` of a kubeconfig. Paths are absolute. */
export interface UserEntry {
  readonly clientCertificate?: string;
  readonly clientCertificateData?: string;
  readonly clientKey?: string;
  readonly clientKeyData?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly asUID?: string;
  readonly asGroups?: readonly string[];
  readonly asUserExtra?: Readonly<Record<string, readonly string[]>>;
  readonly exec?: ExecEntry;
  readonly authProvider?: AuthProvider;
}

/** `users[].user.exec`: a credential plugin. */
export interface ExecEntry {
  /** A path is absolute, a name is looked up in PATH. */
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name?: string; readonly value?: string }[];
  readonly apiVersion?: string;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
}

/** `users[].user.auth-provider`. Paths in its settings are relative to the working directory, as client-go has them. */
export interface AuthProvider {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** The kubeconfig that it stands in, which new tokens are written to. */
  readonly path: string;
}

export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

export function clusterEntry(read: EntryReader): ClusterEntry {
  read.checkExtensions();
  return defined<ClusterEntry>({
    server: read.text('server'),
    certificateAuthority: read.path('certificate-authority'),
    certificateAuthorityData: read.base64('certificate-authority-data'),
    insecureSkipTLSVerify: read.flag('insecure-skip-tls-verify'),
    tlsServerName: read.text('tls-server-name'),
    proxyURL: read.text('proxy-url'),
    disableCompression: read.flag('disable-compression'),
    execConfiguration: read.extension('client.authentication.k8s.io/exec'),
  });
}

export function userEntry(read: EntryReader): UserEntry {
  read.checkExtensions();
  const exec = read.mapping('exec');
  const provider = read.mapping('auth-provider');
  return defined<UserEntry>({
    clientCertificate: read.path('client-certificate'),
    clientCertificateData: read.base64('client-certificate-data'),
    clientKey: read.path('client-key'),
    clientKeyData: read.base64('client-key-data'),
    token: read.text('token'),
    tokenFile: read.path('tokenFile'),
    username: read.text('username'),
    password: read.text('password'),
    as: read.text('as'),
    asUID: read.text('as-uid'),
    asGroups: read.texts('as-groups'),
    asUserExtra: read.mapping('as-user-extra')?.allLists(),
    exec: exec && execEntry(exec),
    authProvider: provider && authProvider(provider),
  });
}

/** Only versions before v1 have a default for interactiveMode (client-go tools/clientcmd/api/v1/defaults.go). */
function execEntry(read: EntryReader): ExecEntry {
  const apiVersion = read.text('apiVersion');
  const isOld = /^client\.authentication\.k8s\.io\/v1(?:alpha1|beta1)$/.test(apiVersion ?? '');
  return defined<ExecEntry>({
    command: read.command('command'),
    args: read.texts('args'),
    env: read
      .mappings('env')
      ?.map((each) =>
        defined<{ name?: string; value?: string }>({ name: each.text('name'), value: each.text('value') }),
      ),
    apiVersion,
    installHint: read.text('installHint'),
    provideClusterInfo: read.flag('provideClusterInfo'),
    interactiveMode: read.text('interactiveMode') ?? (isOld ? 'IfAvailable' : undefined),
  });
}

function authProvider(read: EntryReader): AuthProvider {
  const { folder, file, platform } = read.origin;
  return {
    name: read.text('name') ?? '',
    config: read.mapping('config')?.allTexts() ?? {},
    path: platform.path.join(folder, platform.path.basename(file)),
  };
}

export function contextEntry(read: EntryReader): ContextEntry {
  read.checkExtensions();
  return defined<ContextEntry>({
    cluster: read.text('cluster'),
    user: read.text('user'),
    namespace: read.text('namespace'),
  });
}

/** Without the keys whose value is undefined. */
export function defined<Entry extends object>(entry: { [Key in keyof Entry]: Entry[Key] | undefined }): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Entry;
}
