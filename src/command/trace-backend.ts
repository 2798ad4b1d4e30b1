import type { BackendSpec, TraceBackend } from '../backend/backend.ts';
import { openBackend } from '../backend/registry.ts';
import type { Runtime } from '../runtime.ts';
import { keptTraces, runningServe } from './local-traces.ts';

/**
 * Opens the backend that is named, else the local traces: a running `kubectl trace serve`, or what one has kept. What is
 * kept is no place for spans that are still to come, unless somebody asks for it by name. Undefined when none is known.
 */
export async function openTraceBackend(
  spec: BackendSpec | undefined,
  wish: 'to-come' | 'kept',
  runtime: Runtime,
): Promise<TraceBackend | undefined> {
  const { clock, fetch, random } = runtime;
  const isNamed = spec !== undefined && !(spec.kind === 'local' && spec.url === '');
  const found = isNamed ? spec : await runningServe(runtime);
  if (found !== undefined) return openBackend(found, { fetch, random, clock });
  return spec === undefined && wish === 'to-come' ? undefined : keptTraces(runtime);
}
