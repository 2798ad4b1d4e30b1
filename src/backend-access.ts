/** Options for access to a backend. */
export type AccessKey = Exclude<keyof BackendAccessFlags, 'explicit' | 'literalSecrets'>;

/** How a trace backend is reached, and as whom, as given; undefined where it was not. */
export interface BackendAccessFlags {
  /** `Name: value`, `Name: @file` or `Name: $VARIABLE`. */
  readonly headers?: readonly string[];
  readonly tokenFile?: string;
  readonly username?: string;
  /** The password itself, `@file` or `$VARIABLE`. */
  readonly password?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly certificateAuthority?: string;
  readonly insecureSkipTLSVerify?: boolean;
  readonly tenant?: string;
  /** Options that were on the command line, and so are meant for the address that stands there. */
  readonly explicit: readonly AccessKey[];
  /** Flags whose value on the command line is a secret itself. */
  readonly literalSecrets: readonly string[];
}

/** Where a value is: `@file` or `$VARIABLE`, also behind a scheme (`Bearer $TOKEN`). Everything else is the value itself. */
export const SECRET_REFERENCE = /^(?:([A-Za-z][\w-]*) )?(?:@(.+)|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}))$/s;

/** How a backend in the cluster is reached: passed on by the API server, by a port-forward to its pod, or as it is. */
export type Via = 'proxy' | 'port-forward' | 'direct';

/** Headers that name a tenant, which is no secret: the API server may see them, and a Service that was found. */
export const TENANT_HEADERS: readonly string[] = ['x-scope-orgid', 'x-tenant', 'accountid', 'projectid'];

const CREDENTIALS: ReadonlySet<AccessKey> = new Set([
  'tokenFile',
  'username',
  'password',
  'clientCertificate',
  'clientKey',
]);

const namesTenant = (header: string): boolean =>
  TENANT_HEADERS.includes(header.split(':', 1)[0]?.trim().toLowerCase() ?? '');

/** The options that are credentials. */
export const credentialsIn = (given: BackendAccessFlags): readonly AccessKey[] =>
  (Object.keys(given) as (keyof BackendAccessFlags)[]).filter(
    (key): key is AccessKey =>
      key !== 'explicit' &&
      key !== 'literalSecrets' &&
      (CREDENTIALS.has(key) || (key === 'headers' && given.headers?.every(namesTenant) === false)),
  );

/** The same without credentials; undefined when nothing is left. */
export function withoutCredentials(given: BackendAccessFlags): BackendAccessFlags | undefined {
  const { explicit, literalSecrets, headers, ...others } = given;
  const left = Object.entries(others).filter(([key]) => !CREDENTIALS.has(key as AccessKey));
  const tenants = headers?.filter(namesTenant) ?? [];
  if (left.length === 0 && tenants.length === 0) return undefined;
  return { ...Object.fromEntries(left), ...(tenants.length > 0 && { headers: tenants }), explicit, literalSecrets };
}
