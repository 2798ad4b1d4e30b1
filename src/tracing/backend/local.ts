import type { BackendSpec, TraceBackend } from '../../backend/backend.ts';
import type { Runtime } from '../../runtime.ts';
import { defaultDatabase, isRunning, readServeState } from './serve-state.ts';

/** The address of a running `kubectl trace serve`; undefined when none runs. */
export async function runningServe(runtime: Runtime): Promise<BackendSpec | undefined> {
  const state = readServeState(runtime);
  return state !== undefined && (await isRunning(state, runtime)) ? { kind: 'local', url: state.url } : undefined;
}

/** Traces stored by a serve, which can be read while none runs; undefined when there are none. */
export async function storedTraces(runtime: Runtime): Promise<TraceBackend | undefined> {
  const { StoredTraces, storeURL } = await import('../../store/stored-traces.ts');
  const state = readServeState(runtime);
  const url = storeURL(state?.database ?? defaultDatabase(runtime));
  return url === undefined ? undefined : new StoredTraces(url, runtime.uid);
}
