import type { Kubeconfig } from './kubeconfig.ts';
import type { UserEntry } from './kubeconfig-entry.ts';

/** Surroundings in which a cluster is opened. */
export interface OpeningTerms {
  /**
   * The use of standard input: a credential plugin's prompts (`free`), the manifest that the command sends (`manifest`), or a
   * command that is run once the cluster is open (`child`). `free` by default.
   */
  readonly input?: 'free' | 'manifest' | 'child' | undefined;
  /** The kubeconfig, where it has been read before. */
  readonly kubeconfig?: Kubeconfig | undefined;
  /** Takes lines for standard error, unescaped. */
  readonly warn?: (line: string) => void;
  /**
   * The server and its user are known, and opening takes only milliseconds more: no plugin runs, and no issuer is requested.
   * Opening goes on when it has resolved.
   */
  readonly onAtHand?: (() => Promise<void>) | undefined;
}

export const isAtHand = ({ exec, authProvider }: Pick<UserEntry, 'exec' | 'authProvider'>): boolean =>
  exec === undefined && authProvider === undefined;

/**
 * The reader that a plugin leaves standard input to; undefined if the plugin may read it. The first is kubectl's
 * wording.
 */
export function inputUser(input: OpeningTerms['input'], isFirst: boolean): string | undefined {
  if (input === 'manifest') return 'stdin resource manifest reader';
  return input === 'child' && !isFirst ? 'the command that is run' : undefined;
}
