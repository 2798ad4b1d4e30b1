import { join } from 'node:path';
import { isObject, parseJSON, text } from '../../codec/json.ts';
import { readOwnFile, removeFile, replaceFile } from '../../files.ts';
import type { Runtime } from '../../runtime.ts';
import { isHex32, isProof, proofOf, SELF_PATH } from '../../serve/self.ts';
import { stateFolder, type FolderSources } from '../../user-folders.ts';

/** State that a serve writes, so that other commands of its user find it. */
export interface ServeState {
  /** A secret of this serve: a server at `url` that does not have it later is another one. */
  readonly secret: string;
  readonly pid: number;
  /** Address for look-ups: `http://127.0.0.1:16686`, or `unix:///run/user/1000/serve.sock`. */
  readonly url: string;
  readonly database: string;
}

type OwnerPaths = FolderSources & Pick<Runtime, 'uid'>;

export const defaultDatabase = (place: FolderSources): string => join(stateFolder(place), 'traces.db');

const stateFile = (place: FolderSources): string => join(stateFolder(place), 'serve.json');

/** Undefined when no serve has noted itself, or not legibly, or where another user may have done so. */
export function readServeState(place: OwnerPaths): ServeState | undefined {
  const state = parseJSON(sourceOf(stateFile(place), place.uid));
  if (!isObject(state)) return undefined;
  const { pid } = state;
  const [secret, url, database] = [text(state['secret']), text(state['url']), text(state['database'])];
  if (!isHex32(secret) || url === '' || database === '' || typeof pid !== 'number') return undefined;
  return { secret, pid, url, database };
}

function sourceOf(path: string, uid: OwnerPaths['uid']): string {
  try {
    return readOwnFile(path, uid).toString();
  } catch {
    return '';
  }
}

export async function writeServeState(state: ServeState, place: OwnerPaths): Promise<void> {
  await replaceFile(stateFile(place), `${JSON.stringify(state)}\n`, { uid: place.uid });
}

/** At the end: unless another has noted itself since. Never throws. */
export function removeServeState({ secret }: ServeState, place: OwnerPaths): void {
  if (readServeState(place)?.secret === secret) removeFile(stateFile(place));
}

const TIMEOUT_MILLIS = 2000;
/** Another program may respond. The state of a serve takes less than 1 KiB. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** Whether the serve that noted this still runs there. Another program at its address does not know the secret. */
export async function isRunning(
  { secret, url }: ServeState,
  { fetch, random }: Pick<Runtime, 'fetch' | 'random'>,
): Promise<boolean> {
  const challenge = Buffer.from(random(32)).toString('hex');
  try {
    const { get } = await import('../../backend/http/client.ts');
    const { reachServe } = await import('../../backend/kinds/reach-serve.ts');
    const { base, address, fetch: reach } = reachServe(url, fetch);
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    const options = { fetch: reach, random, largestBody: MAX_RESPONSE_BYTES };
    const response = await get(`${base}${SELF_PATH}?challenge=${challenge}`, options, signal);
    const document = response.status === 'responded' ? parseJSON(response.text) : undefined;
    return isObject(document) && (await isProof(document['proof'], await proofOf(secret, challenge, address)));
  } catch {
    return false;
  }
}
