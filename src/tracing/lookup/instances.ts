import type { Cluster } from '../../kube/http/exchange.ts';
import { instancesOf, instancesRequest, type Instance } from '../../kube/api/instances.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../untraced.ts';

/** Once the look-up is over, the search for the API server instance must not delay the report. */
const TIMEOUT_MILLIS = 1000;

/**
 * Queries the list of API servers; `done` is when the look-up is over. Null when the user may not read it. Never
 * rejects.
 */
export async function queryInstances(
  cluster: Cluster,
  runtime: Runtime,
  done: AbortSignal,
): Promise<readonly Instance[] | null> {
  const tooLong = new AbortController();
  const answered = new AbortController();
  const beImpatient = (): void => {
    void runtime.clock.sleep(TIMEOUT_MILLIS, answered.signal).then(
      () => tooLong.abort(),
      () => undefined,
    );
  };
  if (done.aborted) beImpatient();
  else done.addEventListener('abort', beImpatient, { once: true, signal: answered.signal });
  const signal = AbortSignal.any([runtime.interrupted, tooLong.signal]);
  const instances = await sendUntraced(cluster, runtime, signal)(instancesRequest());
  answered.abort();
  return instancesOf(instances) ?? null;
}
