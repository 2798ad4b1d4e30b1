import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { readOwnFile, replaceFile } from '../files.ts';
import type { Digest } from '../report/redact/pseudonyms.ts';
import type { Runtime } from '../runtime.ts';
import { stateFolder } from '../user-folders.ts';

const KEY_BYTES = 32;
const DIGITS = 6;

/**
 * Digests with a key that stays on this machine: a name has the same pseudonym in every report of this user, and
 * without the key it is not possible to find a name by trying.
 */
export async function openDigest(runtime: DigestRuntime): Promise<Digest> {
  const key = await keyOf(runtime);
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, DIGITS);
}

type DigestRuntime = Pick<Runtime, 'env' | 'home' | 'platform' | 'random' | 'uid'>;

async function keyOf(runtime: DigestRuntime): Promise<Uint8Array> {
  const file = join(stateFolder(runtime), 'redaction-key');
  const stored = storedKey(file, runtime.uid);
  if (stored?.length === KEY_BYTES) return stored;
  const key = runtime.random(KEY_BYTES);
  // Where it cannot be stored, the pseudonyms are valid for this command only.
  await replaceFile(file, key, { uid: runtime.uid }).catch(() => undefined);
  return key;
}

/** The stored key, unless another user can know it or has chosen it. */
function storedKey(file: string, uid: Runtime['uid']): Uint8Array | undefined {
  try {
    return readOwnFile(file, uid);
  } catch {
    return undefined;
  }
}
