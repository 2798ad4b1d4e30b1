import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJSON, text } from '../backend/wire/json.ts';
import type { Runtime } from '../runtime.ts';
import { SELF_PATH } from '../serve/self.ts';
import { stateFolder, type Place } from './state-folder.ts';

/** What a serve notes of itself, so that other commands find it. */
export interface ServeState {
  /** Tells one start from another: a port may have gone to somebody else since. */
  readonly instance: string;
  readonly pid: number;
  /** Where it answers look-ups: `http://127.0.0.1:16686`. */
  readonly url: string;
  readonly database: string;
}

export const defaultDatabase = (place: Place): string => join(stateFolder(place), 'traces.db');

const stateFile = (place: Place): string => join(stateFolder(place), 'serve.json');

/** Undefined when no serve has noted itself, or not legibly. */
export async function readServeState(place: Place): Promise<ServeState | undefined> {
  const source = await readFile(stateFile(place), 'utf8').catch(() => '');
  const state = parseJSON(source);
  if (!isObject(state)) return undefined;
  const { pid } = state;
  const [instance, url, database] = [text(state['instance']), text(state['url']), text(state['database'])];
  if (instance === '' || url === '' || database === '' || typeof pid !== 'number') return undefined;
  return { instance, pid, url, database };
}

/** Written beside and then renamed: whoever reads, the file is whole. */
export async function writeServeState(state: ServeState, runtime: Place & Pick<Runtime, 'random'>): Promise<void> {
  await mkdir(stateFolder(runtime), { recursive: true, mode: 0o700 });
  const temporary = `${stateFile(runtime)}.${Buffer.from(runtime.random(4)).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(state)}\n`);
  } finally {
    await file.close();
  }
  await rename(temporary, stateFile(runtime));
}

const ANSWER_MILLIS = 2000;

/** Whether the serve that noted this still answers. */
export async function isRunning({ instance, url }: ServeState, { fetch }: Pick<Runtime, 'fetch'>): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MILLIS);
    const response = await fetch(`${url}${SELF_PATH}`, { signal, redirect: 'manual' });
    const told: unknown = await response.json();
    return isObject(told) && told['instance'] === instance;
  } catch {
    return false;
  }
}
