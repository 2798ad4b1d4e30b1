import { join } from 'node:path';
import { isObject, parseJSON, text } from '../backend/wire/json.ts';
import { readFile, replaceFile } from '../files.ts';
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

export async function writeServeState(state: ServeState, place: Place): Promise<void> {
  await replaceFile(stateFile(place), `${JSON.stringify(state)}\n`);
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
