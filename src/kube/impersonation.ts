import { UsageError } from '../errors.ts';
import type { UserEntry } from './kubeconfig-entry.ts';

/**
 * The headers that ask the server to act as another user (client-go transport/round_trippers.go); a header that is
 * there several times is a list. Throws a UsageError for groups, uid or extra without a user, as kubectl does.
 */
export function impersonationHeaders(user: UserEntry, userName: string): Readonly<Record<string, string | string[]>> {
  const extra = Object.entries(user.asUserExtra ?? {});
  if (user.as === undefined) {
    if ((user.asGroups?.length ?? 0) > 0 || user.asUID !== undefined || extra.length > 0) {
      throw new UsageError(
        'InvalidImpersonation',
        `requesting uid, groups or user-extra for ${userName} without impersonating a user`,
        { hint: 'name the user too: --as USER' },
      );
    }
    return {};
  }
  return {
    'impersonate-user': user.as,
    ...(user.asUID === undefined ? {} : { 'impersonate-uid': user.asUID }),
    ...(user.asGroups?.length ? { 'impersonate-group': [...user.asGroups] } : {}),
    ...Object.fromEntries(extra.map(([key, values]) => [`impersonate-extra-${escapeKey(key)}`, [...values]])),
  };
}

/** Bytes that a header name cannot have are percent-encoded, and "%" itself, as the server decodes them. */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key), (byte) => {
    const character = String.fromCharCode(byte);
    return /[!#$&'*+.^_`|~0-9A-Za-z-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
