import type { Nanos } from './trace/time.ts';

/** kubectl's connection flags, as given; undefined where they were not, or were empty. */
export interface ConnectionFlags {
  readonly kubeconfig?: string;
  /** Here an empty text stays, and is refused: the policy for credential plugins stands in that file. */
  readonly kuberc?: string;
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly server?: string;
  readonly token?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly asUID?: string;
  readonly asUserExtra?: readonly string[];
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecureSkipTLSVerify?: boolean;
  readonly tlsServerName?: string;
  readonly proxyURL?: string;
  readonly username?: string;
  readonly password?: string;
  readonly disableCompression?: boolean;
  /** 0 or undefined: no timeout. */
  readonly requestTimeout?: Nanos;
  readonly cacheDir?: string;
  /** Treat the server's warnings as errors of the command. */
  readonly warningsAsErrors?: boolean;
  /** As kubectl's -v: requests are logged from 6 on. */
  readonly verbosity?: number;
}
