/**
 * A kubeconfig with its command line, which both programs get. In all texts SECURE and PLAIN are the addresses of the
 * server, HOST the latter without its scheme, CA its authority's file, CA_DATA the same in base64, CA_CRLF with the line
 * ends of Windows, and FOLDER where the files are.
 */
export interface KubeconfigCase {
  readonly title: string;
  /** By name; one alone is called `config`. */
  readonly files: string | Readonly<Record<string, string | Uint8Array>>;
  /** The value of KUBECONFIG; `FOLDER/config` by default. */
  readonly list?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Our message, where nothing is sent. */
  readonly message?: RegExp;
  /** Our exit status for what kubectl exits with 1 for; 2 by default. */
  readonly code?: 1;
  /**
   * A difference listed in docs/kubectl-differences.md: ours refuses a kubeconfig that kubectl accepts, or sends a
   * request without credentials where kubectl prompts for a user name, and fails without a terminal; or it reads a
   * certificate that kubectl does not.
   */
  readonly differs?: 'refused' | 'anonymous' | 'accepted';
}

export const HEAD = 'apiVersion: v1\nkind: Config\ncurrent-context: here\n';

export const cluster = (name: string, parts = 'certificate-authority: CA'): string =>
  `- name: ${name}\n  cluster: {server: SECURE/${name}, ${parts}}\n`;
export const user = (name: string, parts: string): string => `- name: ${name}\n  user: {${parts}}\n`;
export const context = (name: string, parts: string): string => `- name: ${name}\n  context: {${parts}}\n`;

export const CLUSTERS = `clusters:\n${cluster('one')}${cluster('two')}`;
export const USERS = `users:\n${user('me', 'token: first')}${user('you', 'token: second')}`;
export const CONTEXTS = `contexts:\n${context('here', 'cluster: one, user: me')}${context('there', 'cluster: two, user: you, namespace: shop')}`;
/** A complete kubeconfig. */
export const GOOD = HEAD + CLUSTERS + USERS + CONTEXTS;

/** A kubeconfig of one user, or of one cluster. */
export const withUser = (parts: string): string => `${HEAD}${CLUSTERS}users:\n${user('me', parts)}${CONTEXTS}`;
export const withCluster = (parts: string): string =>
  `${HEAD}clusters:\n- name: one\n  cluster: {${parts}}\n${USERS}${CONTEXTS}`;
