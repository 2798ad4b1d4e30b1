import type { ActsAs } from '../http/exchange.ts';
import { headerValue } from '../http/header-value.ts';
import type { UserEntry } from './kubeconfig-entry.ts';

/**
 * The headers for acting as another user (client-go transport/round_trippers.go). A header with several values is a
 * list. Throws a UsageError for a value that no header can hold.
 */
export function impersonationHeaders(user: UserEntry): Readonly<Record<string, string | string[]>> {
  if (user.as === undefined) return {};
  const extra = Object.entries(user.asUserExtra ?? {});
  const value = (name: string, text: string): string => headerValue(text, `${name} to impersonate`);
  return {
    'impersonate-user': value('user', user.as),
    ...(user.asUID === undefined ? {} : { 'impersonate-uid': value('UID', user.asUID) }),
    ...(user.asGroups?.length ? { 'impersonate-group': user.asGroups.map((group) => value('group', group)) } : {}),
    ...Object.fromEntries(
      extra.map(([key, values]) => [
        `impersonate-extra-${escapeKey(key)}`,
        values.map((each) => value('extra attribute', each)),
      ]),
    ),
  };
}

export const actsAs = ({ as, asUID, asGroups, asUserExtra }: UserEntry): ActsAs | undefined =>
  as === undefined ? undefined : { as, asUID, asGroups, asUserExtra };

/** Bytes that a header name cannot have are percent-encoded, and "%" itself, as the server decodes them. */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key), (byte) => {
    const character = String.fromCharCode(byte);
    return /[!#$&'*+.^_`|~0-9A-Za-z-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
