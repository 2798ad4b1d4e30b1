/**
 * A kuberc, a user and a command line, which both programs get. In all texts FOLDER is where the files are; there `plugin` and
 * `other` are credential plugins, and the folder `bin` has both again. A plugin leaves a mark.
 */
export interface PluginCase {
  readonly title: string;
  /** The text of ~/.kube/kuberc; no such file without it. */
  readonly kuberc?: string | Uint8Array;
  /** Other files, by their names in FOLDER. */
  readonly files?: Readonly<Record<string, string>>;
  /** The fields of the kubeconfig's user; a plugin by its path by default. */
  readonly user?: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** kubectl's result, by Kubernetes' source: the test also fails if kubectl does something else. */
  readonly ran: boolean;
  /** Authorization, or the subject of a certificate; null without either, undefined when nothing reached the server. */
  readonly sent: string | null | undefined;
  /** In our message or warning. */
  readonly says?: RegExp;
  /** A difference that docs/kubectl-differences.md has: refused here, where kubectl takes it as no flag. */
  readonly differs?: 'refused';
}

export const V1BETA1 = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
export const PLUGIN = 'Bearer from-plugin';

export const exec = (command = 'FOLDER/plugin', more: object = {}): { exec: object } => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command, ...more },
});

export const PATH = 'FOLDER/bin:/usr/bin:/bin';
