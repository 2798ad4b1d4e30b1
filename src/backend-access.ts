/** What can be given for a backend. */
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
  /** What of this was on the command line, and so is meant for the address that stands there. */
  readonly explicit: readonly AccessKey[];
  /** Flags whose value on the command line is a secret itself. */
  readonly literalSecrets: readonly string[];
}

/** Where a value is: `@file` or `$VARIABLE`, also behind a scheme (`Bearer $TOKEN`). Everything else is the value itself. */
export const SECRET_REFERENCE = /^(?:([A-Za-z][\w-]*) )?(?:@(.+)|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}))$/s;

/** How a backend in the cluster is reached: passed on by the API server, by a port-forward to its pod, or as it is. */
export type Via = 'proxy' | 'port-forward' | 'direct';
