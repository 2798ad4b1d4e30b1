import type { Runtime } from '../../runtime.ts';
import type { OpenedBackend } from '../backend/choice.ts';
import { openChosen } from '../backend/choose.ts';
import { recallBackend } from '../backend/in-cluster/remembered.ts';
import type { LookupTask } from './task.ts';

/** For how long the cluster is still searched for a backend once it is known that the API server traces nothing. */
const GRACE_MILLIS = 50;

const NONE: OpenedBackend = { status: 'none', error: null };

/**
 * Opens the backend of a look-up. Where none is named, and none was found in the cluster before, the search for one is
 * not waited for once it is known that the API server traces nothing.
 */
export async function openUnlessUntraced(task: LookupTask, runtime: Runtime): Promise<OpenedBackend> {
  const { choice, past, clusterOf, untraced, flags } = task;
  const opening = openChosen(choice, { purpose: past ? 'stored' : 'arriving', clusterOf }, runtime);
  if (untraced === undefined || choice.spec !== undefined || choice.again || flags.waitIsExplicit) return opening;
  const cluster = await clusterOf();
  if (cluster === undefined || (await recallBackend(cluster, runtime)) !== undefined) return opening;
  const over = new AbortController();
  const patience = async (): Promise<OpenedBackend> => {
    if (!(await untraced)) return opening;
    await runtime.clock.sleep(GRACE_MILLIS, over.signal).catch(() => undefined);
    return NONE;
  };
  const opened = await Promise.race([opening, patience()]);
  over.abort();
  if (opened === NONE) {
    opening.then(
      (late) => (late.status === 'open' ? late.close() : undefined),
      () => undefined,
    );
  }
  return opened;
}
