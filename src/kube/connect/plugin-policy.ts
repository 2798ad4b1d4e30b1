import type { Platform } from '../../platform.ts';
import { cleanPath, lookPath, type LookUpSources } from './look-path.ts';

/** Which credential plugins the user's kuberc lets run. */
export interface PluginPolicy {
  /** "", AllowAll, DenyAll or Allowlist; "" is AllowAll. */
  readonly type: string;
  /** The commands of the list; undefined without a list. */
  readonly allowlist: readonly string[] | undefined;
}

/** kubectl's policy without a kuberc. */
export const ALLOW_ALL: PluginPolicy = { type: '', allowlist: undefined };

/** For connections that have no user of the kubeconfig: an issuer, the target of a redirect. */
export const DENY_ALL: PluginPolicy = { type: 'DenyAll', allowlist: undefined };

const quoted = (text: string): string => JSON.stringify(text);

/**
 * The fault of a policy, in kubectl's words; undefined for a valid one (client-go plugin/pkg/client/auth/exec/exec.go).
 */
export function policyFault({ type, allowlist }: PluginPolicy, platform: Platform): string | undefined {
  switch (type) {
    case '':
    case 'AllowAll':
    case 'DenyAll':
      if (allowlist === undefined) return undefined;
      return `misconfigured credential plugin allowlist: plugin policy is ${quoted(type)} but allowlist is non-nil`;
    case 'Allowlist':
      return allowlistFault(allowlist, platform);
    default:
      return `unknown plugin policy: ${quoted(type)}`;
  }
}

function allowlistFault(allowlist: readonly string[] | undefined, platform: Platform): string | undefined {
  const policy = 'credential plugin policy set to "Allowlist"';
  if (allowlist === undefined) return `${policy}, but allowlist is unspecified`;
  if (allowlist.length === 0) return `${policy}, but allowlist is empty; use "DenyAll" policy instead`;
  for (const [index, command] of allowlist.entries()) {
    if (command === '') return `misconfigured credential plugin allowlist: empty allowlist entry #${index + 1}`;
    const cleaned = cleanPath(command, platform);
    if (cleaned !== command) return `non-normalized file path: ${quoted(command)} vs ${quoted(cleaned)}`;
  }
  return undefined;
}

/**
 * Why the policy does not let a command run, in kubectl's words; undefined when it does. `command` is clean, and a name
 * in PATH or a path. An entry of the list means a command with the same text, or the file that both stand for
 * (exec.go, checkAllowlistLocked).
 */
export function notAllowed(command: string, policy: PluginPolicy, sources: LookUpSources): string | undefined {
  const fault = policyFault(policy, sources.platform);
  if (fault !== undefined) return fault;
  if (policy.type === 'DenyAll') return `plugin ${quoted(command)} not allowed: policy set to "DenyAll"`;
  if (policy.type !== 'Allowlist') return undefined;
  const entries = policy.allowlist ?? [];
  if (entries.includes(command)) return undefined;
  const found = lookPath(command, sources);
  if (!('path' in found)) {
    const why = `exec: ${quoted(command)}: ${found.why}`;
    return `plugin path ${quoted(command)} cannot be resolved for credential plugin allowlist check: ${why}`;
  }
  const { path } = found;
  const { basename } = sources.platform.path;
  const isListed =
    entries.includes(path) ||
    entries.some((entry) => {
      if (basename(entry) !== basename(path)) return false;
      const file = lookPath(entry, sources);
      return 'path' in file && file.path === path;
    });
  return isListed ? undefined : `plugin path ${quoted(path)} is not permitted by the credential plugin allowlist`;
}
