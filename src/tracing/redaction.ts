import { createHmac } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../report/redact/pseudonyms.ts';
import type { Runtime } from '../runtime.ts';
import { stateFolder } from './state-folder.ts';

const KEY_BYTES = 32;
const DIGITS = 6;

/**
 * Digests with a key that stays on this machine: a name has the same pseudonym in every report of this user, and
 * without the key it is not possible to find a name by trying.
 */
export async function openDigest(runtime: Pick<Runtime, 'env' | 'home' | 'random'>): Promise<Digest> {
  const key = await keyOf(runtime);
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, DIGITS);
}

async function keyOf(runtime: Pick<Runtime, 'env' | 'home' | 'random'>): Promise<Uint8Array> {
  const folder = stateFolder(runtime);
  const file = join(folder, 'redaction-key');
  const kept = await readFile(file).catch(() => undefined);
  if (kept?.length === KEY_BYTES) return kept;
  const key = runtime.random(KEY_BYTES);
  // Where it cannot be stored, the pseudonyms are valid for this command only.
  await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => writeFile(file, key, { mode: 0o600, flag: kept === undefined ? 'wx' : 'w' }))
    .catch(() => undefined);
  return key;
}
