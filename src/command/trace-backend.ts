import type { BackendSpec, TraceBackend } from '../backend/backend.ts';
import { openBackend } from '../backend/registry.ts';
import type { Runtime } from '../runtime.ts';
import { defaultDatabase, isRunning, readServeState } from './serve-state.ts';

/**
 * What the local traces are wanted for: spans that are still to come, which only a running serve receives, or what has
 * been kept, which can be read without one.
 */
export type LocalWish = 'to-come' | 'kept';

/**
 * Opens the backend that is named, else the local traces: a running `kubectl trace serve`, or what one has kept.
 * Undefined when none is known.
 */
export async function openTraceBackend(
  spec: BackendSpec | undefined,
  wish: LocalWish,
  runtime: Runtime,
): Promise<TraceBackend | undefined> {
  const { clock, fetch, random } = runtime;
  // Whoever asks for the local traces by name gets them, running or not.
  const found = isToBeFound(spec) ? await findLocal(spec === undefined ? wish : 'kept', runtime) : spec;
  if (found === undefined) return undefined;
  if (!found.url.startsWith('file:')) return openBackend(found, { fetch, random, clock });
  const { StoredTraces } = await import('../store/stored-traces.ts');
  return new StoredTraces(found.url);
}

const isToBeFound = (spec: BackendSpec | undefined): boolean =>
  spec === undefined || (spec.kind === 'local' && spec.url === '');

async function findLocal(wish: LocalWish, runtime: Runtime): Promise<BackendSpec | undefined> {
  const state = await readServeState(runtime);
  if (state !== undefined && (await isRunning(state, runtime))) return { kind: 'local', url: state.url };
  if (wish === 'to-come') return undefined;
  const { storeURL } = await import('../store/stored-traces.ts');
  const url = storeURL(state?.database ?? defaultDatabase(runtime));
  return url === undefined ? undefined : { kind: 'local', url };
}
