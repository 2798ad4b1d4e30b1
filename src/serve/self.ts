/** Where a running serve says what it has done, as JSON; with `?challenge=` also that it is the one that it seems to be. */
export const SELF_PATH = '/kubectl-trace/serve';

/** 32 random bytes as hex digits: of a secret, and of a challenge. */
export const isHex32 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/**
 * Proves that its maker has the secret. The address is the one of the request: a proof that was requested elsewhere and
 * forwarded is worth nothing.
 */
export async function proofOf(secret: string, challenge: string, address: string): Promise<string> {
  const { createHmac } = await import('node:crypto');
  return createHmac('sha256', Buffer.from(secret, 'hex'))
    .update(`kubectl trace serve\n${address}\n${challenge}`)
    .digest('hex');
}

/** In a time that does not depend on where they differ. */
export async function isProof(given: unknown, expected: string): Promise<boolean> {
  if (typeof given !== 'string' || !isHex32(given)) return false;
  const { timingSafeEqual } = await import('node:crypto');
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
