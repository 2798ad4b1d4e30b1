import { basename, isAbsolute, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { isObject } from './json.ts';

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
  readonly exec?: Readonly<Record<string, unknown>>;
  readonly authProvider?: AuthProvider;
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

/** Where a value was read, for error messages, and what relative paths are relative to. */
export interface Origin {
  readonly file: string;
  readonly folder: string;
}

export function clusterEntry(raw: unknown, origin: Origin): ClusterEntry {
  const read = new EntryReader(raw, 'cluster', origin);
  return defined<ClusterEntry>({
    server: read.text('server'),
    certificateAuthority: read.path('certificate-authority'),
    certificateAuthorityData: read.text('certificate-authority-data'),
    insecureSkipTLSVerify: read.flag('insecure-skip-tls-verify'),
    tlsServerName: read.text('tls-server-name'),
    proxyURL: read.text('proxy-url'),
    disableCompression: read.flag('disable-compression'),
    execConfiguration: read.extension('client.authentication.k8s.io/exec'),
  });
}

export function userEntry(raw: unknown, origin: Origin): UserEntry {
  const read = new EntryReader(raw, 'user', origin);
  return defined<UserEntry>({
    clientCertificate: read.path('client-certificate'),
    clientCertificateData: read.text('client-certificate-data'),
    clientKey: read.path('client-key'),
    clientKeyData: read.text('client-key-data'),
    token: read.text('token'),
    tokenFile: read.path('tokenFile'),
    username: read.text('username'),
    password: read.text('password'),
    as: read.text('as'),
    asUID: read.text('as-uid'),
    asGroups: read.texts('as-groups'),
    asUserExtra: read.textLists('as-user-extra'),
    exec: read.exec('exec'),
    authProvider: read.authProvider('auth-provider'),
  });
}

export function contextEntry(raw: unknown, origin: Origin): ContextEntry {
  const read = new EntryReader(raw, 'context', origin);
  return defined<ContextEntry>({
    cluster: read.text('cluster'),
    user: read.text('user'),
    namespace: read.text('namespace'),
  });
}

/** Reads the fields of one entry. Empty text is as none, as Go has it; a value of another type is the user's mistake. */
class EntryReader {
  readonly #entry: Record<string, unknown>;
  readonly #what: string;
  readonly #origin: Origin;

  constructor(raw: unknown, what: string, origin: Origin) {
    this.#what = what;
    this.#origin = origin;
    this.#entry = isObject(raw) ? raw : {};
    if (raw != null && !isObject(raw)) throw malformed(origin.file, `${what} is not a mapping`);
  }

  any(name: string): unknown {
    return this.#entry[name] ?? undefined;
  }

  text(name: string): string | undefined {
    const value = this.any(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw this.#wrong(name, 'a string');
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.any(name);
    if (value !== undefined && typeof value !== 'boolean') throw this.#wrong(name, 'true or false');
    return value;
  }

  path(name: string): string | undefined {
    const value = this.text(name);
    return value === undefined || isAbsolute(value) ? value : join(this.#origin.folder, value);
  }

  texts(name: string): string[] | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
      throw this.#wrong(name, 'a list of strings');
    }
    return value as string[];
  }

  textLists(name: string): Record<string, string[]> | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrong(name, 'a mapping to lists of strings');
    const lists = new EntryReader(value, `${this.#what}.${name}`, this.#origin);
    return Object.fromEntries(Object.keys(value).map((key) => [key, lists.texts(key) ?? []]));
  }

  /** A command with a slash but without a root is relative to the kubeconfig (client-go tools/clientcmd/loader.go). */
  exec(name: string): Record<string, unknown> | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrong(name, 'a mapping');
    const { command } = value;
    if (typeof command !== 'string' || !/[/\\]/.test(command) || isAbsolute(command)) return value;
    return { ...value, command: join(this.#origin.folder, command) };
  }

  authProvider(name: string): AuthProvider | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.#wrong(name, 'a mapping');
    const provider = new EntryReader(value, `${this.#what}.${name}`, this.#origin);
    const settings = new EntryReader(value['config'], `${this.#what}.${name}.config`, this.#origin);
    const { folder, file } = this.#origin;
    return { name: provider.text('name') ?? '', config: settings.allTexts(), path: join(folder, basename(file)) };
  }

  allTexts(): Record<string, string> {
    return Object.fromEntries(Object.keys(this.#entry).map((key) => [key, this.text(key) ?? '']));
  }

  extension(name: string): unknown {
    const extensions = this.any('extensions');
    if (!Array.isArray(extensions)) return undefined;
    return extensions.find((each) => isObject(each) && each['name'] === name)?.extension;
  }

  #wrong(name: string, wanted: string): UsageError {
    return malformed(this.#origin.file, `${this.#what}.${name} is not ${wanted}`);
  }
}

/** `why` must not quote the file: the next word in it may be a token. */
export function malformed(file: string, why: string): UsageError {
  return new UsageError('MalformedKubeconfig', `error loading config file "${file}": ${why}`);
}

/** Without the keys whose value is undefined. */
export function defined<Entry extends object>(entry: { [Key in keyof Entry]: Entry[Key] | undefined }): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as Entry;
}
